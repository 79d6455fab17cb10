#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/evaluation/attempt_log.h>

namespace shogo::evaluation {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHeader = "transaction_id,claimed,probe,result\n";

std::string complaint(const std::string& rows) {
  const auto log = parse_attempts(std::string(kHeader) + rows, "log");
  return log.ok() ? "" : log.error().describe();
}

TEST(AttemptLog, rows_become_attempts_with_what_happened) {
  const auto log =
      parse_attempts(
          std::string(kHeader) + "t1,a,a,no_match\nt1,a,a,match\nt2,a,b,no_sample\nt3,c,c,no_reference\n",
          "log")
          .value();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_TRUE(log[1].matched && log[1].acquired && log[1].enrolled);
  EXPECT_FALSE(log[2].acquired);
  EXPECT_FALSE(log[3].enrolled);
  const auto rates = statistics::transaction_rates(log).value();
  EXPECT_EQ(rates.most_attempts, 2);
  EXPECT_EQ(rates.frr->errors, 1);  // t3: nothing to compare with is a refusal
  EXPECT_EQ(rates.fnmr->errors, 1);
  EXPECT_EQ(rates.far->errors, 0);
}

TEST(AttemptLog, json_lines_are_read_as_well) {
  EXPECT_EQ(
      parse_attempts(R"({"transaction_id":7,"claimed":"a","probe":"b","result":"match"})", "log")->size(),
      1U);
}

TEST(AttemptLog, what_does_not_fit_is_refused_with_its_line) {
  EXPECT_THAT(complaint("t1,a,a,maybe\n"), HasSubstr("log:2: result must be match"));
  EXPECT_THAT(complaint("t1,a,,match\n"), HasSubstr("probe is missing"));
  EXPECT_THAT(complaint("t1,a,a\n"), HasSubstr("expected 4 fields"));
  EXPECT_THAT(complaint(""), HasSubstr("no attempt"));
}

}  // namespace
}  // namespace shogo::evaluation
