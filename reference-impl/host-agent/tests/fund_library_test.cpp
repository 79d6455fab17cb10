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

const std::string kWhole = SHOGO_LIB_DIR "/libfake-fund-whole.so";
const std::string kShort = SHOGO_LIB_DIR "/libfake-fund-short.so";

shogo_fund_config config_for(const char* url) {
  return {SHOGO_FUND_ABI_VERSION, url, "", "", "", 1'000, ""};
}

TEST(FundLibrary, one_missing_operation_of_six_is_named) {
  const auto fund = FundLibrary::load(kShort, config_for(""));
  ASSERT_FALSE(fund.ok());
  EXPECT_EQ(fund.error().message(), kShort +
                                        " is not a fund program: it has no shogo_fund_phone_eligibility "
                                        "(contract/fund_program.h)");
}

TEST(FundLibrary, a_program_that_does_not_start_says_why_in_its_own_words) {
  const auto fund = FundLibrary::load(kWhole, config_for("refuse"));
  ASSERT_FALSE(fund.ok());
  EXPECT_EQ(fund.error().message(), "the fund program does not start: told to refuse");
}

TEST(FundLibrary, what_the_card_channel_says_reaches_the_program_as_the_abi_says_it) {
  const auto fund = FundLibrary::load(kWhole, config_for("")).value();
  EXPECT_EQ(fund->version(), "fake-fund 1.0");
  EXPECT_EQ(fund->connectivity(), SHOGO_FUND_OK);
  const auto with = [&](Result<Bytes> answer) {
    FundPerson person;
    return fund->pin_eligibility([&](ByteView) { return answer; }, "31323334"_hex, person);
  };
  EXPECT_EQ(with("9000"_hex), SHOGO_FUND_OK);
  EXPECT_EQ(with(Error{Code::kUnavailable, "gone"}), SHOGO_FUND_CARD_REMOVED);
  EXPECT_EQ(with(Error{Code::kCorrupt, "mute"}), SHOGO_FUND_CARD_ERROR);
  EXPECT_EQ(with(Bytes(17, 0x90)), SHOGO_FUND_CARD_ERROR) << "longer than the program's room";
}

TEST(ReasonOf, every_status_of_the_abi_has_a_word) {
  for (int status = SHOGO_FUND_OK; status <= SHOGO_FUND_CANCELLED; ++status)
    EXPECT_FALSE(reason_of(static_cast<shogo_fund_status>(status)).empty());
}

}  // namespace
}  // namespace shogo::agent
