#include "raster.h"

#include <gtest/gtest.h>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

TEST(Raster, triangles_that_share_edges_cover_every_sample_exactly_once) {
  // A fan around an odd point: every sample of the square belongs to exactly one of its triangles.
  const ScreenPoint middle{16 * 20 + 3, 16 * 20 + 5, 1};
  const std::vector<ScreenPoint> rim = {
      {0, 0, 1}, {330, -7, 1}, {16 * 40, 0, 1}, {16 * 40, 16 * 40, 1}, {123, 16 * 40, 1}, {0, 16 * 40, 1}};
  std::vector<int> count(40 * 40);
  for (std::size_t i = 0; i < rim.size(); ++i) {
    Raster raster(40, 0, 40);
    raster.triangle(middle, rim[i], rim[(i + 1) % rim.size()], 1, false);
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x)
        count[static_cast<std::size_t>(y * 40 + x)] += raster.id(x, y) != 0 ? 1 : 0;
  }
  for (std::size_t i = 40; i < count.size(); ++i) EXPECT_EQ(count[i], 1) << i % 40 << "," << i / 40;
}

TEST(Raster, the_nearer_triangle_wins_whatever_the_order) {
  const ScreenPoint far[3] = {{0, 0, 1}, {640, 0, 1}, {0, 640, 1}},
                    near[3] = {{0, 0, 2}, {640, 0, 2}, {0, 640, 2}};
  Raster one(40, 0, 40), other(40, 0, 40);
  one.triangle(far[0], far[1], far[2], 1, false);
  one.triangle(near[0], near[1], near[2], 2, false);
  other.triangle(near[0], near[1], near[2], 2, false);
  other.triangle(far[0], far[1], far[2], 1, false);
  EXPECT_EQ(one.id(5, 5), 2U);
  EXPECT_EQ(other.id(5, 5), 2U);
}

TEST(Raster, a_band_holds_the_same_samples_as_the_whole_picture) {
  Raster whole(64, 0, 64), upper(64, 0, 23), lower(64, 23, 64);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto at = [&](std::uint32_t k) {
      return ScreenPoint{static_cast<std::int32_t>(hash32(i, k, 1) % 1400) - 180,
                         static_cast<std::int32_t>(hash32(i, k, 2) % 1400) - 180,
                         0.1F + unit_of(hash32(i, k, 3))};
    };
    for (Raster* raster : {&whole, &upper, &lower}) raster->triangle(at(1), at(2), at(3), i + 1, false);
  }
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const Raster& band = y < 23 ? upper : lower;
      EXPECT_EQ(whole.id(x, y), band.id(x, y));
      EXPECT_EQ(whole.near(x, y), band.near(x, y));
    }
}

TEST(Raster, what_lies_behind_the_camera_is_not_drawn) {
  Raster raster(16, 0, 16);
  raster.triangle({0, 0, 0}, {256, 0, 1}, {0, 256, 1}, 1, false);
  EXPECT_EQ(raster.id(2, 2), 0U);
}

}  // namespace
}  // namespace shogo::people
