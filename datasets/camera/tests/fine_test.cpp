#include "../src/fine.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include <shogo/camera/shot.h>

namespace shogo::camera {
namespace {

people::Frame fine_frame(int width, int height, float (*light)(int x, int y)) {
  people::Frame frame;
  frame.width = width;
  frame.height = height;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) frame.light.push_back({light(x, y), light(x, y), light(x, y)});
  frame.material.resize(frame.light.size());
  frame.depth_mm.resize(frame.light.size());
  return frame;
}

TEST(Fine, an_even_surface_keeps_its_light_to_the_edges) {
  for (const int times : {2, 3})
    for (const people::Vec3 light :
         reduced(fine_frame(12 * times, 8 * times, [](int, int) { return 0.25F; }), times).light)
      EXPECT_NEAR(light.y, 0.25F, 1e-6F);
}

TEST(Fine, an_edge_lies_where_it_was_and_rises_steadily_within_a_few_pixels) {
  const people::Frame small = reduced(fine_frame(40, 8, [](int x, int) { return x < 20 ? 0.F : 1.F; }), 2);
  ASSERT_EQ(small.width, 20);
  const people::Vec3* row = &small.light[40];
  for (int x = 1; x < 20; ++x) EXPECT_GE(row[x].x, row[x - 1].x) << x;
  EXPECT_NEAR(row[9].x + row[10].x, 1, 1e-6F) << "left and right of the edge are alike";
  EXPECT_GT(row[9].x, 0.05F) << "a stair-step";
  EXPECT_EQ(row[7].x, 0) << "too soft";
}

TEST(Fine, a_photograph_drawn_finer_shows_the_same_things_at_the_same_places) {
  const people::HeadModel head = people::HeadModel::built_in();
  const people::Person person = people::sample_person(5, people::find_recipe("clinic").value(), head);
  const people::Figure figure = people::build_figure(head, person, {}, {});
  Shot shot = id_photo(96, 120);
  const Capture coarse = take(figure, shot);
  shot.fine = 2;
  const Capture fine = take(figure, shot);
  ASSERT_EQ(fine.image.width, 96);
  ASSERT_EQ(fine.image.height, 120);
  for (std::size_t i = 0; i < coarse.truth.landmarks.size(); ++i)
    for (std::size_t k = 0; k < 2; ++k)
      EXPECT_NEAR(fine.truth.landmarks[i][k], coarse.truth.landmarks[i][k], 0.02F);
  double apart = 0;
  for (std::size_t i = 0; i < fine.image.pixels.size(); ++i)
    apart += std::abs(fine.image.pixels[i] - coarse.image.pixels[i]);
  EXPECT_LT(apart / static_cast<double>(fine.image.pixels.size()), 4);
  EXPECT_EQ(take(figure, shot, 3).image.pixels, fine.image.pixels) << "three threads draw something else";
}

}  // namespace
}  // namespace shogo::camera
