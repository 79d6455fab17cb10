#include "scripted_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/run.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<void> play_nothing(Stage&) {
  return {};
}
Judgement say_pass(const Transcript&, const CheckContext&) {
  return pass("all right", "問題なし");
}

Check check_of(std::string_view clause, std::string_view shared = {}) {
  return {clause, {}, play_nothing, say_pass, 5, shared};
}
int length_s(std::string_view case_name) {
  return case_name == "keypad" ? 9 : case_name == "3-12" ? 4 : 2;
}

const std::vector<Check>& checks() {
  static const std::vector<Check> all = {check_of("3-10.h", "keypad"), check_of("3-11.a"),
                                         check_of("3-10.i", "keypad"), check_of("3-11.d"), check_of("3-12")};
  return all;
}

std::vector<std::string_view> clauses_of(const std::vector<Check>& share) {
  std::vector<std::string_view> clauses;
  for (const Check& check : share) clauses.push_back(check.clause);
  return clauses;
}

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue().value();
  return loaded;
}

RunOutcome run_two(ScriptedDut& one, ScriptedDut& other, RunOptions options = {}) {
  options.take_as_proven = true;
  return run_side_by_side(checks(), share_out(checks(), {}, 2, length_s), catalogue(), {&one, &other},
                          options);
}

TEST(ShareOut, clauses_of_one_script_stay_together_and_each_device_has_about_as_much_to_do) {
  const auto shares = share_out(checks(), {}, 2, length_s);

  ASSERT_EQ(shares.size(), 2U);
  EXPECT_THAT(clauses_of(shares[0]), ElementsAre("3-10.h", "3-10.i"));
  EXPECT_THAT(clauses_of(shares[1]), ElementsAre("3-11.a", "3-11.d", "3-12"));
}

TEST(ShareOut, what_is_not_selected_is_nobodys_and_no_device_is_without_a_case) {
  const auto shares = share_out(checks(), {"3-11"}, 4, length_s);

  ASSERT_EQ(shares.size(), 2U);
  EXPECT_THAT(clauses_of(shares[0]), ElementsAre("3-11.a"));
  EXPECT_THAT(clauses_of(shares[1]), ElementsAre("3-11.d"));
  EXPECT_EQ(share_out(checks(), {"1-8.a"}, 2, length_s).size(), 1U)
      << "a run of nothing still needs one device";
}

TEST(SideBySide, two_devices_give_the_results_of_one_in_the_same_order) {
  ScriptedDut alone, one, other;
  RunOptions options;
  options.take_as_proven = true;
  const RunOutcome single = run_checks(checks(), catalogue(), alone, options);
  std::vector<std::size_t> indices;
  options.progress = [&](const Progress& step) {
    if (step.result != nullptr) indices.push_back(step.index);
    EXPECT_EQ(step.count, 5U);
  };

  const RunOutcome both = run_two(one, other, options);

  ASSERT_EQ(both.results.size(), single.results.size());
  for (std::size_t i = 0; i < single.results.size(); ++i) {
    EXPECT_EQ(both.results[i].clause, single.results[i].clause);
    EXPECT_EQ(both.results[i].verdict, single.results[i].verdict);
  }
  EXPECT_THAT(indices, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(one.ended, 1);
  EXPECT_EQ(other.ended, 3);
}

TEST(SideBySide, given_one_broken_world_then_only_its_own_clauses_are_without_a_verdict) {
  ScriptedDut one, other;
  other.broken_world = true;

  const RunOutcome both = run_two(one, other);

  ASSERT_EQ(both.results.size(), 5U);
  EXPECT_EQ(both.results[0].verdict, Verdict::kPass);
  for (const std::size_t of_the_other : {1U, 3U, 4U})
    EXPECT_EQ(both.results[of_the_other].verdict, Verdict::kHarnessError) << of_the_other;
  EXPECT_TRUE(both.trouble.empty());
}

TEST(SideBySide, given_a_device_that_is_lost_then_the_run_says_why_and_the_other_device_goes_on) {
  ScriptedDut one, other;
  other.device().answers["reset"] = [](const boost::json::object&) {
    return Result<boost::json::value>(Error{Code::kUnavailable, "the line is dead"});
  };

  const RunOutcome both = run_two(one, other);

  EXPECT_THAT(both.trouble, HasSubstr("the line is dead"));
  EXPECT_EQ(both.results[0].verdict, Verdict::kPass);
  EXPECT_EQ(both.results[4].verdict, Verdict::kNotRun);
}

}  // namespace
}  // namespace shogo::conformance
