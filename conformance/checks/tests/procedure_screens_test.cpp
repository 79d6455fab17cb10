// Judges of 3-10.b, 3-10.c, 3-11.b and 3-13.
#include "checks.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

json::object part(const char* role, const char* text, bool current = false) {
  return {{"role", role}, {"text", text}, {"current", current}};
}

void page(TranscriptBuilder& t, const char* name, const char* state, json::array parts) {
  t.add(source::kDevice, "page", {{"name", name}, {"state", state}, {"parts", std::move(parts)}});
}

// --- 3-10.b

Judgement steps(std::initializer_list<const char*> places, bool end = true) {
  TranscriptBuilder t;
  for (const char* place : places)
    page(t, place, "method", {part("step", place, true), part("step", "other")});
  if (end) t.end();
  return judge_steps_shown(t.build(), context_of("3-10.b"));
}

TEST(StepsShown, given_every_page_names_its_place_and_the_places_move_then_pass) {
  EXPECT_EQ(steps({"card", "identity", "identity", "done"}).verdict, Verdict::kPass);
}

TEST(StepsShown, given_an_indicator_that_never_moves_then_fail) {
  EXPECT_EQ(steps({"card", "card", "card", "card"}).verdict, Verdict::kFail);
}

TEST(StepsShown, given_one_page_without_a_place_then_fail) {
  TranscriptBuilder t;
  for (const char* place : {"a", "b", "c"}) page(t, place, "x", {part("step", place, true)});
  page(t, "lost", "x", {part("heading", "Where am I")});
  t.end();
  EXPECT_EQ(judge_steps_shown(t.build(), context_of("3-10.b")).verdict, Verdict::kFail);
}

TEST(StepsShown, given_few_pages_or_no_end_then_undecided) {
  EXPECT_EQ(steps({"a", "b", "c"}).reason, Reason::kControlFailed);
  EXPECT_EQ(steps({}).reason, Reason::kControlFailed);
  EXPECT_EQ(steps({"card", "identity", "consent", "done"}, false).verdict, Verdict::kInconclusive);
}

// --- 3-11.b

Judgement screens(bool selection, bool instruction, bool caution, bool face = false) {
  TranscriptBuilder t;
  page(t, "selection", "method",
       selection ? json::array{part("button", "PIN"), part("button", "Face")}
                 : json::array{part("button", "PIN")});
  page(t, "instruction", "pin", instruction ? json::array{part("heading", "Enter")} : json::array{});
  page(t, "after_a_wrong_pin", "pin", caution ? json::array{part("caution", "Wrong")} : json::array{});
  page(t, "after_two_wrong_pins", face ? "capture_face" : "pin", {});
  t.end();
  return judge_pin_screens(t.build(), context_of("3-11.b"));
}

TEST(PinScreens, given_all_three_kinds_but_no_face_then_partial) {
  EXPECT_EQ(screens(true, true, true).reason, Reason::kPartial);
}
TEST(PinScreens, given_all_three_kinds_and_a_face_then_pass) {
  EXPECT_EQ(screens(true, true, true, true).verdict, Verdict::kPass);
}
TEST(PinScreens, given_one_kind_missing_then_fail) {
  EXPECT_EQ(screens(false, true, true).verdict, Verdict::kFail);
  EXPECT_EQ(screens(true, false, true).verdict, Verdict::kFail);
  EXPECT_EQ(screens(true, true, false).verdict, Verdict::kFail);
}
TEST(PinScreens, given_silence_then_control_failed) {
  EXPECT_EQ(judge_pin_screens(TranscriptBuilder().build(), context_of("3-11.b")).reason,
            Reason::kControlFailed);
}

// --- 3-10.c

TranscriptBuilder& rest(TranscriptBuilder& t, const char* on, bool announced, const char* then) {
  t.step(on).state(on).add(source::kStimulus, "rest", {{"state", on}});
  if (announced) t.frame("announced", {1});
  if (then != nullptr) t.state(then);
  return t.add(source::kStimulus, "rest_over");
}

Judgement idle(TranscriptBuilder& t) {
  return judge_idle_pages(t.end().build(), context_of("3-10.c"));
}

TEST(IdlePages, given_an_announced_safe_end_or_no_change_then_pass) {
  TranscriptBuilder t;
  rest(t, "method", true, "take_card");
  rest(t, "out_of_service", false, nullptr);
  EXPECT_EQ(idle(t).verdict, Verdict::kPass);
}
TEST(IdlePages, given_a_page_that_goes_on_by_itself_then_fail) {
  TranscriptBuilder t;
  rest(t, "method", true, "pin");
  EXPECT_EQ(idle(t).verdict, Verdict::kFail);
}
TEST(IdlePages, given_an_end_nobody_announced_then_fail) {
  TranscriptBuilder t;
  rest(t, "method", false, "take_card");
  EXPECT_EQ(idle(t).verdict, Verdict::kFail);
}
TEST(IdlePages, given_silence_that_became_consent_then_fail) {
  TranscriptBuilder t;
  rest(t, "consent_operations", true, "take_card")
      .add(source::kHost, "hand_over", {{"OperationInfoConsFlg", "1"}});
  EXPECT_EQ(idle(t).verdict, Verdict::kFail);
}
TEST(IdlePages, given_no_rest_then_control_failed) {
  TranscriptBuilder t;
  EXPECT_EQ(idle(t).reason, Reason::kControlFailed);
}

// --- 3-13

Judgement limits(std::initializer_list<std::pair<int, int>> set_and_kept) {
  TranscriptBuilder t;
  for (const auto& [set, kept] : set_and_kept) {
    t.step("limit", {{"limit_ms", set}});
    t.add(source::kDevice, "state", {{"name", "method"}, {"t_dev", 1'000'000'000}});
    if (kept > 0)
      t.add(source::kDevice, "result",
            {{"reason", "timeout"}, {"t_dev", 1'000'000'000 + kept * 1'000'000LL}});
  }
  t.end();
  return judge_time_limits(t.build(), context_of("3-13"));
}

TEST(TimeLimits, given_ten_percent_off_then_kept_and_a_hair_more_then_fail) {
  EXPECT_EQ(limits({{1'000, 1'100}, {2'000, 1'800}}).reason, Reason::kPartial);
  EXPECT_EQ(limits({{1'000, 1'101}, {2'000, 2'000}}).verdict, Verdict::kFail);
  EXPECT_EQ(limits({{1'000, 1'000}, {2'000, 1'799}}).verdict, Verdict::kFail);
}
TEST(TimeLimits, given_a_page_that_does_not_end_then_fail) {
  EXPECT_EQ(limits({{1'000, 0}, {2'000, 2'000}}).verdict, Verdict::kFail);
}
TEST(TimeLimits, given_one_limit_only_then_control_failed) {
  EXPECT_EQ(limits({{1'000, 1'000}}).reason, Reason::kControlFailed);
  EXPECT_EQ(limits({}).reason, Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
