#include <gtest/gtest.h>

#include <shogo/conformance/statistics_basic.h>

namespace shogo::conformance {
namespace {

// Table values of the chi-square distribution (5 % and 1 % points).
TEST(ChiSquare, tail_agrees_with_published_table_values) {
  EXPECT_NEAR(chi_square_tail(3.841, 1), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(16.919, 9), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(123.225, 99), 0.05, 1e-4);
  EXPECT_NEAR(chi_square_tail(21.666, 9), 0.01, 1e-4);
}

TEST(ChiSquare, equal_counts_are_as_uniform_as_can_be_and_skewed_ones_are_not) {
  EXPECT_DOUBLE_EQ(chi_square_uniform_p({10, 10, 10, 10}), 1.0);
  EXPECT_LT(chi_square_uniform_p({100, 10, 10, 10}), 1e-9);
}

}  // namespace
}  // namespace shogo::conformance
