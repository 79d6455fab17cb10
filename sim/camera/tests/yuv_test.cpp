#include <cmath>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/sim/yuv.h>

namespace shogo::sim {
namespace {

Image plain(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  Image image{2, 2, 3, {}};
  for (int i = 0; i < 4; ++i) image.pixels.insert(image.pixels.end(), {red, green, blue});
  return image;
}

TEST(Yuv, the_bars_of_bt_601_have_their_known_values) {
  // White, black, red, green, blue at full strength.
  EXPECT_EQ(to_yuyv(plain(255, 255, 255)), (Bytes{235, 128, 235, 128, 235, 128, 235, 128}));
  EXPECT_EQ(to_yuyv(plain(0, 0, 0)), (Bytes{16, 128, 16, 128, 16, 128, 16, 128}));
  EXPECT_EQ(to_yuv420(plain(255, 0, 0)), (Bytes{81, 81, 81, 81, 90, 240}));
  EXPECT_EQ(to_yuv420(plain(0, 255, 0)), (Bytes{145, 145, 145, 145, 54, 34}));
  EXPECT_EQ(to_yuv420(plain(0, 0, 255)), (Bytes{41, 41, 41, 41, 240, 110}));
}

TEST(Yuv, every_colour_is_within_one_step_of_the_exact_formula) {
  Rng rng(1, "colours");
  for (int i = 0; i < 20'000; ++i) {
    Bytes c(3);
    rng.fill(c);
    const double r = c[0], g = c[1], b = c[2], y = 0.299 * r + 0.587 * g + 0.114 * b;
    const Bytes got = to_yuv420(plain(c[0], c[1], c[2]));
    EXPECT_NEAR(got[0], 16 + y * 219 / 255, 0.51);
    EXPECT_NEAR(got[4], 128 + (b - y) / 1.772 * 224 / 255, 0.51);
    EXPECT_NEAR(got[5], 128 + (r - y) / 1.402 * 224 / 255, 0.51);
  }
}

TEST(Yuv, chroma_is_the_mean_of_its_pixels) {
  Image image{2, 2, 3, {255, 0, 0, 0, 0, 255, 0, 0, 255, 255, 0, 0}};
  const Bytes all = to_yuv420(image);
  EXPECT_NEAR(all[4], (90 + 240) / 2.0, 1);
  EXPECT_NEAR(all[5], (240 + 110) / 2.0, 1);
}

}  // namespace
}  // namespace shogo::sim
