#include <cmath>

#include <gtest/gtest.h>

#include <shogo/people/exact.h>
#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

TEST(Exact, functions_agree_with_the_c_library) {
  for (double x = -30; x <= 30; x += 0.0371) {
    EXPECT_NEAR(exact::exp(x) / std::exp(x), 1, 1e-12) << x;
    EXPECT_NEAR(exact::sin(x), std::sin(x), 1e-9) << x;
    EXPECT_NEAR(exact::cos(x), std::cos(x), 1e-9) << x;
    EXPECT_NEAR(exact::atan(x), std::atan(x), 1e-9) << x;
  }
  for (double x = 1e-6; x < 1e6; x *= 1.37) EXPECT_NEAR(exact::log(x), std::log(x), 1e-11) << x;
}

TEST(Exact, atan2_knows_all_four_quarters) {
  for (const double y : {-2.0, -0.5, 0.0, 0.5, 2.0})
    for (const double x : {-1.5, 0.0, 1.5})
      if (x != 0 || y != 0) {
        EXPECT_NEAR(exact::atan2(y, x), std::atan2(y, x), 1e-9) << y << " " << x;
      }
}

TEST(Noise, is_smooth_and_stays_within_one) {
  float before = value_noise({0, 0, 0}, 5);
  for (int i = 1; i < 2000; ++i) {
    const float now = value_noise({static_cast<float>(i) * 0.01F, 0.3F, -7.2F}, 5);
    EXPECT_LE(std::abs(now), 1.F);
    if (i > 1) {
      EXPECT_LT(std::abs(now - before), 0.04F);
    }
    before = now;
  }
}

}  // namespace
}  // namespace shogo::people
