#include "guidance_source.h"

#include "heard.h"
#include "hostile_transcripts.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Choices {
  bool control = true, silent = true, silent_reached = true, stopped = true, host = true, line_silent = true;
  bool moved = false;  ///< virtual time was used
  std::int64_t bytes = 400;
};

/// Ten seconds for each part, words (or a key's tone) one second after its beginning.
Transcript story(const Choices& c = {}) {
  TranscriptBuilder t;
  if (c.moved) t.add(source::kHarness, "advance", {{"ns", 1}});
  double at_ms = 10'000;
  const auto part = [&](std::string_view name, bool reached, bool words, std::int64_t bytes) {
    const auto ns = [](double ms) { return static_cast<std::int64_t>(ms * 1e6); };
    t.step(name);
    if (name == kSilentPc && c.line_silent)
      t.add(source::kStimulus, "line", {{"line", "reader_link"}, {"fault", "silent"}});
    if (bytes > 0)
      t.add(source::kNet, "bytes",
            {{"line", "reader_link"}, {"connection", 1}, {"from", "host"}, {"size", bytes}});
    heard(t, at_ms + 1'000, words ? words_of(1'000) : tone_of(60));
    t.add(source::kHarness, kGuidance,
          {{"part", name}, {"reached", reached}, {"t_from_ns", ns(at_ms)}, {"t_to_ns", ns(at_ms + 9'000)}});
    at_ms += 10'000;
  };
  part(kWithPc, true, c.control, c.bytes);
  part(kSilentPc, c.silent_reached, c.silent, 54);
  t.step("line_back");
  if (c.host) part(kStoppedPc, true, c.stopped, 0);
  t.end();
  return t.build();
}

Judgement judged(const Choices& c) {
  return judge_guidance_source(story(c), context_of("1-13.g"));
}

TEST(GuidanceSource, given_words_without_the_pc_then_pass) {
  EXPECT_EQ(judged({}).verdict, Verdict::kPass) << judged({}).because_en;
  EXPECT_EQ(judged({.host = false}).verdict, Verdict::kPass);
  EXPECT_EQ(judged({.silent = false, .silent_reached = false}).verdict, Verdict::kPass);
}

TEST(GuidanceSource, given_a_page_that_speaks_only_while_the_pc_talks_then_fail) {
  EXPECT_EQ(judged({.silent = false}).verdict, Verdict::kFail);
  EXPECT_EQ(judged({.silent = false, .stopped = false}).verdict, Verdict::kFail);
}

TEST(GuidanceSource, given_a_device_that_never_speaks_there_then_undecided_as_silence_has_other_clauses) {
  EXPECT_EQ(judged({.control = false, .silent = false}).reason, Reason::kControlFailed);
  EXPECT_EQ(judged({.silent = false, .silent_reached = false, .stopped = false}).reason,
            Reason::kControlFailed);
}

TEST(GuidanceSource, given_a_line_that_was_not_silent_then_undecided) {
  EXPECT_EQ(judged({.line_silent = false}).reason, Reason::kControlFailed);
}

TEST(GuidanceSource, the_bytes_of_the_pc_are_judged_at_the_rate_of_speech) {
  const double limit = context_of("1-13.g").number("pc_bytes_per_second_max");
  const double second = judged({}).measurements.at(1).value;
  const auto just = static_cast<std::int64_t>(limit * second);
  EXPECT_EQ(judged({.bytes = just}).verdict, Verdict::kPass);
  EXPECT_EQ(judged({.bytes = just + 2}).reason, Reason::kControlFailed);
}

TEST(GuidanceSource, given_virtual_time_without_the_case_that_shows_it_true_then_undecided) {
  EXPECT_EQ(judged({.moved = true}).reason, Reason::kClockUnverified);
}

TEST(GuidanceSource, lost_sound_and_hostile_transcripts_never_pass) {
  TranscriptBuilder t;
  t.add(source::kHarness, "sound_lost", {{"pieces", 1}}).end();
  EXPECT_EQ(judge_guidance_source(t.build(), context_of("1-13.g")).reason, Reason::kControlFailed);
  expect_no_pass_when_cut_off(judge_guidance_source, story(), context_of("1-13.g"));
  expect_to_survive_garbage(judge_guidance_source, story(), context_of("1-13.g"), 100);
}

}  // namespace
}  // namespace shogo::conformance
