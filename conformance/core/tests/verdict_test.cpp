#include <gtest/gtest.h>

#include <shogo/conformance/verdict.h>

namespace shogo::conformance {
namespace {

TEST(Verdict, every_word_is_read_back_as_the_verdict_it_was_printed_from) {
  for (int i = 0; i <= static_cast<int>(Verdict::kHarnessError); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(verdict_from(to_string(verdict)), verdict) << to_string(verdict);
  }
  for (int i = 0; i <= static_cast<int>(Reason::kNotShown); ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(reason_from(to_string(reason)), reason) << to_string(reason);
  }
}

TEST(Verdict, unknown_words_are_nothing) {
  EXPECT_FALSE(verdict_from("pass").has_value());
  EXPECT_FALSE(verdict_from("").has_value());
  EXPECT_FALSE(verdict_from("?").has_value());
  EXPECT_FALSE(reason_from("NOT_PROVEN").has_value());
}

TEST(Judgement, a_judgement_that_nobody_filled_in_is_undecided) {
  EXPECT_EQ(Judgement{}.verdict, Verdict::kInconclusive);
  EXPECT_EQ(pass("a", "b").verdict, Verdict::kPass);
  EXPECT_EQ(fail("a", "b").verdict, Verdict::kFail);
  EXPECT_EQ(inconclusive(Reason::kNoChannel, "a", "b").reason, Reason::kNoChannel);
  EXPECT_EQ(fail("why", "理由").because_ja, "理由");
}

}  // namespace
}  // namespace shogo::conformance
