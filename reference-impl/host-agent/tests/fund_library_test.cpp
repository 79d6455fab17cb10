#include "fund_library.h"

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

TEST(FundLibrary, a_missing_file_and_a_library_of_something_else_are_refused_in_one_line) {
  const shogo_fund_config config{};
  const auto missing = FundLibrary::load("/nonexistent/libfund.so", config);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), Code::kNotFound);
  const auto other = FundLibrary::load("libm.so.6", config);
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.error().message().find("shogo_fund_open"), std::string::npos) << other.error().message();
}

TEST(ReasonOf, every_status_of_the_abi_has_a_word) {
  for (int status = SHOGO_FUND_OK; status <= SHOGO_FUND_SERVER_ERROR; ++status)
    EXPECT_FALSE(reason_of(static_cast<shogo_fund_status>(status)).empty());
}

}  // namespace
}  // namespace shogo::agent
