#include "staff_key.h"

#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

CheckContext keypad_context() {
  CheckContext context = context_of("1-13.k");
  context.device.keypad = "built_in";
  return context;
}

struct Choices {
  bool touch_seen = true, key_seen = true, whole = true;
  std::int64_t key_ms = 100;
  const char* by = "key";
};
Transcript story(const Choices& c = {}) {
  TranscriptBuilder t;
  t.step("calls");
  const auto call = [&](const char* page, const char* by, bool seen, std::int64_t ms) {
    t.add(source::kHost, "staff_call",
          {{"page", page}, {"by", by}, {"key", "8"}, {"seen", seen}, {"t_took_ms", ms}});
  };
  call("consent_bundle", "touch", c.touch_seen, 90);
  call("consent_prescription", "key", true, 80);
  call("consent_subsidy", c.by, c.key_seen, c.key_ms);
  if (c.whole) call("consent_referral", "key", true, 80);
  t.end();
  return t.build();
}
Judgement judged(const Choices& c) {
  return judge_staff_key(story(c), keypad_context());
}

TEST(StaffKey, given_a_call_on_each_page_then_pass) {
  EXPECT_EQ(judged({}).verdict, Verdict::kPass) << judged({}).because_en;
}

TEST(StaffKey, the_delay_is_judged_at_two_seconds) {
  EXPECT_EQ(judged({.key_ms = 2'000}).verdict, Verdict::kPass);
  EXPECT_EQ(judged({.key_ms = 2'001}).verdict, Verdict::kFail);
}

TEST(StaffKey, given_a_key_that_calls_nobody_or_no_key_then_fail) {
  EXPECT_EQ(judged({.key_seen = false, .key_ms = 3'500}).verdict, Verdict::kFail);
  EXPECT_EQ(judged({.key_seen = false, .by = "none"}).verdict, Verdict::kFail);
}

TEST(StaffKey, given_no_control_or_a_page_that_was_not_reached_then_undecided) {
  EXPECT_EQ(judged({.touch_seen = false, .key_seen = false}).reason, Reason::kControlFailed);
  EXPECT_EQ(judged({.whole = false}).reason, Reason::kControlFailed);
}

TEST(StaffKey, given_no_keypad_then_not_applicable) {
  CheckContext context = context_of("1-13.k");
  context.device.keypad = "none";
  EXPECT_EQ(judge_staff_key(story(), context).verdict, Verdict::kNotApplicable);
}

TEST(StaffKey, hostile_transcripts_never_pass) {
  expect_no_pass_when_cut_off(judge_staff_key, story(), keypad_context());
  expect_to_survive_garbage(judge_staff_key, story(), keypad_context(), 100);
}

}  // namespace
}  // namespace shogo::conformance
