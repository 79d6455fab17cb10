#include <cmath>

#include <gtest/gtest.h>

#include <shogo/camera/encode.h>
#include <shogo/camera/sensor.h>

namespace shogo::camera {
namespace {

people::Frame grey_frame(int width, int height, float light) {
  people::Frame frame;
  frame.width = width;
  frame.height = height;
  frame.light.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                     {light, light, light});
  return frame;
}

double deviation(const Image& image) {
  double sum = 0, square = 0;
  for (const std::uint8_t p : image.pixels) {
    sum += p;
    square += static_cast<double>(p) * p;
  }
  const double n = static_cast<double>(image.pixels.size());
  return std::sqrt(square / n - sum / n * sum / n);
}

TEST(Sensor, the_curve_of_srgb_is_kept) {
  EXPECT_EQ(srgb_byte(0), 0);
  EXPECT_EQ(srgb_byte(1), 255);
  EXPECT_EQ(srgb_byte(0.2122F), 127);
}

TEST(Sensor, the_same_seed_gives_the_same_noise_and_another_seed_another) {
  const people::Frame frame = grey_frame(64, 48, 0.3F);
  EXPECT_EQ(expose(frame, {}, 5).pixels, expose(frame, {}, 5).pixels);
  EXPECT_NE(expose(frame, {}, 5).pixels, expose(frame, {}, 6).pixels);
}

TEST(Sensor, more_gain_is_more_noise) {
  const people::Frame frame = grey_frame(64, 48, 0.3F);
  Sensor dim;
  dim.gain = 8;
  EXPECT_GT(deviation(expose(frame, dim, 1)), 4 * deviation(expose(frame, {}, 1)));
}

TEST(Sensor, defocus_keeps_brightness_and_takes_contrast) {
  people::Frame frame = grey_frame(64, 64, 0.1F);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; x += 2) frame.light[static_cast<std::size_t>(y * 64 + x)] = {0.5F, 0.5F, 0.5F};
  Sensor sharp, soft;
  sharp.gain = soft.gain = 0;
  sharp.defocus_px = 0;
  soft.defocus_px = 4;
  EXPECT_LT(deviation(expose(frame, soft, 1)), 0.3 * deviation(expose(frame, sharp, 1)));
}

Image ramp(int width, int height) {
  Image image{width, height, 3, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (const int c : {x * 255 / width, y * 255 / height, 128})
        image.pixels.push_back(static_cast<std::uint8_t>(c));
  return image;
}

TEST(Encode, png_keeps_every_pixel) {
  const Image image = ramp(33, 17);
  const auto file = encode_png(image);
  ASSERT_TRUE(file.ok());
  const auto back = decode(*file);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->pixels, image.pixels);
}

TEST(Encode, a_chip_photo_is_grey_240_by_320_and_not_larger_than_asked) {
  for (const std::size_t bytes : {2500U, 4096U, 12000U}) {
    const auto file = chip_photo(ramp(480, 600), bytes);
    ASSERT_TRUE(file.ok()) << file.error().describe();
    EXPECT_LE(file->size(), bytes);
    const auto image = decode(*file);
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(image->width, 240);
    EXPECT_EQ(image->height, 320);
    EXPECT_EQ(image->channels, 1);
  }
}

TEST(Encode, the_truth_of_a_chip_photo_lies_where_the_chip_photo_shows_the_thing) {
  // Wider than 3:4 loses its sides, taller than 3:4 its top and bottom.
  for (const auto& [width, height] : {std::array{480, 600}, std::array{480, 700}}) {
    constexpr int kLeft = 140, kTop = 200, kSize = 40;
    Image portrait{width, height, 3, Bytes(static_cast<std::size_t>(width * height * 3))};
    for (int y = kTop; y < kTop + kSize; ++y)
      for (int x = 3 * kLeft; x < 3 * (kLeft + kSize); ++x)
        portrait.pixels[static_cast<std::size_t>((3 * y * width) + x)] = 255;
    const auto file = chip_photo(portrait, 12000);
    ASSERT_TRUE(file.ok()) << file.error().describe();
    const Image chip = decode(*file).value();
    double weight = 0, x_mean = 0, y_mean = 0;
    for (int y = 0; y < chip.height; ++y)
      for (int x = 0; x < chip.width; ++x) {
        const int grey = *chip.at(x, y);
        if (grey < 100) continue;
        weight += grey, x_mean += grey * (x + 0.5), y_mean += grey * (y + 0.5);
      }
    ASSERT_GT(weight, 0);
    Truth truth;
    truth.landmarks = {{kLeft + kSize / 2, kTop + kSize / 2}, {kLeft + kSize / 2 + 60, kTop + kSize / 2}};
    truth.eye_distance_px = 60;
    truth.face_box = {kLeft, kTop, kSize, kSize};
    const Truth told = chip_truth(truth, width, height);
    EXPECT_NEAR(told.landmarks[0][0], x_mean / weight, 0.5);
    EXPECT_NEAR(told.landmarks[0][1], y_mean / weight, 0.5);
    EXPECT_NEAR(told.eye_distance_px, 60.F * 320 / static_cast<float>(std::min(height, width * 4 / 3)),
                0.01F);
    const auto [x, y, w, h] = told.face_box;
    EXPECT_NEAR(x + 0.5 * w, x_mean / weight, 1);
    EXPECT_NEAR(y + 0.5 * h, y_mean / weight, 1);
  }
}

TEST(Encode, a_face_box_that_reaches_over_the_chip_photo_ends_at_its_edge) {
  Truth truth;
  truth.face_box = {0, 0, 480, 600};
  EXPECT_EQ(chip_truth(truth, 480, 600).face_box, (std::array{0, 0, 240, 320}));
  truth.face_box = {};  // no face seen
  EXPECT_EQ(chip_truth(truth, 480, 600).face_box, (std::array{0, 0, 0, 0}));
}

TEST(Encode, a_chip_photo_that_cannot_be_is_refused) {
  EXPECT_FALSE(chip_photo(ramp(480, 600), 100).ok());
  EXPECT_FALSE(chip_photo(ramp(100, 100), 4000).ok());
}

TEST(Encode, bytes_that_are_no_picture_are_refused) {
  EXPECT_FALSE(decode(as_bytes("not a picture")).ok());
  EXPECT_FALSE(decode({}).ok());
}

TEST(Encode, shrinking_keeps_the_mean) {
  const Image small = shrink(ramp(100, 50), 7, 5);
  long sum = 0;
  for (std::size_t i = 0; i < small.pixels.size(); i += 3) sum += small.pixels[i];
  EXPECT_NEAR(static_cast<double>(sum) / 35, 126, 2);
}

TEST(Shot, the_truth_lies_where_the_face_is) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Person person = people::sample_person(4, people::find_recipe("clinic").value(), head);
  Shot shot;
  shot.width = 160;
  shot.height = 120;
  const Capture capture = take(people::build_figure(head, person, {}, {}), shot);
  ASSERT_EQ(capture.truth.landmarks.size(), 5U);
  EXPECT_LT(capture.truth.landmarks[0][0], capture.truth.landmarks[1][0]);  // the right eye is on the left
  EXPECT_LT(capture.truth.landmarks[0][1], capture.truth.landmarks[2][1]);
  EXPECT_NEAR(capture.truth.eye_distance_px, 62.F * 138.6F / 487, 2.5F);
  const auto [x, y, width, height] = capture.truth.face_box;
  for (const auto& point : capture.truth.landmarks) {
    EXPECT_GT(point[0], static_cast<float>(x));
    EXPECT_LT(point[0], static_cast<float>(x + width));
    EXPECT_GT(point[1], static_cast<float>(y));
    EXPECT_LT(point[1], static_cast<float>(y + height));
  }
}

}  // namespace
}  // namespace shogo::camera
