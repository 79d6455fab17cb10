#include <cmath>

#include <gtest/gtest.h>

#include <shogo/camera/encode.h>
#include <shogo/camera/maps.h>
#include <shogo/camera/shot.h>

namespace shogo::camera {
namespace {

struct Taken {
  Capture capture;
  Maps maps;
  std::vector<std::array<float, 2>> pinhole;  ///< landmarks before the lens
};
Taken take_with(const Shot& shot) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Person person = people::sample_person(7, people::find_recipe("clinic").value(), head);
  const people::Figure figure = people::build_figure(head, person, {}, {});
  Taken taken;
  taken.capture = take(figure, shot, 1, [&](people::Frame& frame, const people::Scene& /*unused*/) {
    taken.maps = maps_of(frame, shot.sensor.distortion);
    taken.pinhole = frame.landmarks;
  });
  return taken;
}
people::Material at(const Maps& maps, float x, float y) {
  return static_cast<people::Material>(
      maps.label[static_cast<std::size_t>(y) * static_cast<std::size_t>(maps.width) +
                 static_cast<std::size_t>(x)]);
}

TEST(Maps, the_pupils_are_eyes_the_nose_is_skin_and_the_corner_is_background) {
  const Taken taken = take_with({});
  const auto& points = taken.capture.truth.landmarks;
  EXPECT_EQ(at(taken.maps, points[0][0], points[0][1]), people::Material::kEye);
  EXPECT_EQ(at(taken.maps, points[1][0], points[1][1]), people::Material::kEye);
  EXPECT_EQ(at(taken.maps, points[2][0], points[2][1]), people::Material::kSkin);
  EXPECT_EQ(at(taken.maps, 1, 1), people::Material::kBackground);
  EXPECT_EQ(taken.maps.depth[0], 0);
}

TEST(Maps, depth_is_in_tenths_of_a_millimetre_and_the_nose_is_nearest_of_the_face) {
  Shot shot;
  shot.distance_mm = 600;
  const Taken taken = take_with(shot);
  const auto depth_at = [&](const std::array<float, 2>& p) {
    return taken.maps.depth[static_cast<std::size_t>(p[1]) * static_cast<std::size_t>(taken.maps.width) +
                            static_cast<std::size_t>(p[0])];
  };
  const auto& points = taken.capture.truth.landmarks;
  EXPECT_NEAR(depth_at(points[0]), 6000, 250);
  EXPECT_LT(depth_at(points[2]), depth_at(points[0]));
}

TEST(Maps, of_a_chip_photo_are_cut_as_the_chip_photo_is) {
  const Taken taken = take_with(id_photo());
  const Maps chip = chip_maps(taken.maps);
  EXPECT_EQ(chip.width, 240);
  EXPECT_EQ(chip.height, 320);
  const Truth truth = chip_truth(taken.capture.truth, taken.maps.width, taken.maps.height);
  EXPECT_EQ(at(chip, truth.landmarks[0][0], truth.landmarks[0][1]), people::Material::kEye);
  EXPECT_EQ(at(chip, truth.landmarks[2][0], truth.landmarks[2][1]), people::Material::kSkin);
}

TEST(Maps, become_files_that_hold_every_value) {
  const Maps maps{3, 1, {0, 5, 11}, {0, 4242, 65535}};
  EXPECT_EQ(decode(encode_labels(maps).value()).value().pixels, maps.label);
  const Bytes depth = encode_depth(maps).value();
  EXPECT_EQ(depth[24], 16);  // PNG: bits a sample
  EXPECT_FALSE(encode_depth({2, 2, {}, {1}}).ok());
}

TEST(Maps, every_material_has_a_name) {
  EXPECT_EQ(map_labels().size(), static_cast<std::size_t>(people::Material::kLens) + 1);
}

TEST(Truth, goes_through_the_lens_as_the_picture_does) {
  Shot shot;
  shot.distance_mm = 250;
  shot.stand_mm = {-40, 30, 0};
  shot.sensor.distortion = -0.1F;
  const Taken taken = take_with(shot);
  ASSERT_EQ(taken.pinhole.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const auto& seen = taken.capture.truth.landmarks[i];
    // Looked up again the way the sensor looks (sensor.cpp): the same place of the ideal picture.
    const float dx = seen[0] - 320, dy = seen[1] - 240, k = 1 + 0.1F * (dx * dx + dy * dy) / (320 * 320);
    EXPECT_NEAR(320 + dx * k, taken.pinhole[i][0], 0.01);
    EXPECT_NEAR(240 + dy * k, taken.pinhole[i][1], 0.01);
  }
  EXPECT_GT(std::abs(taken.capture.truth.landmarks[0][0] - taken.pinhole[0][0]), 0.1F);
}

}  // namespace
}  // namespace shogo::camera
