#include <gtest/gtest.h>

#include <shogo/base/result.h>

namespace shogo {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{Code::kInvalid, "expected an even number"};
  return n / 2;
}

Result<int> quarter(int n) {
  SHOGO_TRY(const int h, half(n));
  return half(h);
}

TEST(Result, try_passes_values_on_and_leaves_with_the_first_error) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(7).error().code(), Code::kInvalid);
  EXPECT_FALSE(quarter(6).ok());
}

TEST(Result, error_describes_its_causes_on_one_line) {
  const Error error{Code::kUnavailable, "cannot open reader", Error{Code::kTimeout, "no answer in 5 s"}};
  EXPECT_EQ(error.describe(), "cannot open reader: no answer in 5 s");
}

}  // namespace
}  // namespace shogo
