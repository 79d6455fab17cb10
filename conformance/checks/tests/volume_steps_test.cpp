#include "volume_steps.h"

#include "heard.h"
#include "hostile_transcripts.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

/// A tone of this level, half-scale sine at 0.
Sound tone_at(double db) {
  return tone_of(60, 1'000, 16'000 * std::pow(10, db / 20));
}

class Story {
 public:
  Story& press(const char* kind, boost::json::object data, std::optional<double> db) {
    data["t_press_ns"] = static_cast<std::int64_t>(at_ms_ * 1e6);
    t_.add(source::kHarness, kind, std::move(data));
    if (db) heard(t_, at_ms_ + 2, tone_at(*db));
    at_ms_ += 1'000;
    return *this;
  }
  Story& louder(std::optional<double> db) { return press("volume_press", {{"what", "louder"}}, db); }
  Story& hardware(std::optional<double> db) { return press("volume_press", {{"what", "hardware"}}, db); }
  Story& level(const char* when, std::optional<double> db) {
    return press("volume_level", {{"when", when}}, db);
  }
  Story& restarted() {
    t_.add(source::kHarness, "restarted", {{"t_took_ms", 900}});
    return *this;
  }
  Transcript end() {
    t_.end();
    return t_.build();
  }

 private:
  TranscriptBuilder t_;
  double at_ms_ = 5'000;
};

/// Five steps `step_db` apart, then the top of the scale, then two keys of the housing.
Transcript scale(double step_db, double hardware_db = 0, int hole_at = -1, bool mute = false) {
  Story s;
  for (int i = 0; i < 5; ++i) {
    const double db = -16 + step_db * i;
    s.louder(mute && i == 2 ? std::nullopt : std::optional(db));
    if (i == hole_at) s.louder(db);
  }
  for (int i = 0; i < 5; ++i) s.louder(-16 + step_db * 4);
  s.hardware(-16 + step_db * 4 + hardware_db).hardware(-16 + step_db * 4 + hardware_db);
  return s.end();
}
Judgement steps(const Transcript& t) {
  return judge_volume_steps(t, context_of("1-13.e"));
}

TEST(VolumeSteps, the_range_is_judged_at_12_db) {
  EXPECT_EQ(steps(scale(3.02)).verdict, Verdict::kPass) << steps(scale(3.02)).because_en;
  EXPECT_EQ(steps(scale(2.98)).verdict, Verdict::kFail);
}

TEST(VolumeSteps, given_a_step_that_does_nothing_or_a_key_that_changes_the_volume_then_fail) {
  EXPECT_EQ(steps(scale(4, 0, 2)).verdict, Verdict::kFail);
  EXPECT_EQ(steps(scale(4, -4)).verdict, Verdict::kFail);
  EXPECT_EQ(steps(scale(0)).verdict, Verdict::kFail);
}

TEST(VolumeSteps, given_touches_that_nobody_heard_then_undecided) {
  EXPECT_EQ(steps(scale(4, 0, -1, true)).reason, Reason::kControlFailed);
  EXPECT_EQ(steps(Story().end()).reason, Reason::kControlFailed);
}

// --- 1-13.m

Transcript restart(double set_db, std::optional<double> after_db, bool restarted = true) {
  Story s;
  s.level("came", 0).level("set", set_db);
  if (restarted) s.restarted();
  return s.level("restarted", after_db).end();
}
Judgement kept(const Transcript& t) {
  return judge_volume_kept(t, context_of("1-13.m"));
}

TEST(VolumeKept, the_change_is_judged_at_1_db_either_way) {
  EXPECT_EQ(kept(restart(-8, -8)).verdict, Verdict::kPass) << kept(restart(-8, -8)).because_en;
  EXPECT_EQ(kept(restart(-8, -7.05)).verdict, Verdict::kPass);
  EXPECT_EQ(kept(restart(-8, -6.95)).verdict, Verdict::kFail);
  EXPECT_EQ(kept(restart(-8, -8.95)).verdict, Verdict::kPass);
  EXPECT_EQ(kept(restart(-8, -9.05)).verdict, Verdict::kFail);
}

TEST(VolumeKept, given_no_other_step_no_restart_or_no_tone_then_undecided) {
  EXPECT_EQ(kept(restart(-0.3, -0.3)).reason, Reason::kControlFailed);
  EXPECT_EQ(kept(restart(-8, -8, false)).reason, Reason::kControlFailed);
  EXPECT_EQ(kept(restart(-8, std::nullopt)).reason, Reason::kControlFailed);
  EXPECT_EQ(kept(Story().end()).reason, Reason::kNoChannel);
}

TEST(VolumeSteps, hostile_transcripts_never_pass) {
  expect_no_pass_when_cut_off(judge_volume_steps, scale(4), context_of("1-13.e"));
  expect_no_pass_when_cut_off(judge_volume_kept, restart(-8, -8), context_of("1-13.m"));
  expect_to_survive_garbage(judge_volume_steps, scale(4), context_of("1-13.e"), 50);
  expect_to_survive_garbage(judge_volume_kept, restart(-8, -8), context_of("1-13.m"), 50);
}

}  // namespace
}  // namespace shogo::conformance
