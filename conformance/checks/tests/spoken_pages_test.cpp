#include "spoken_pages.h"

#include "heard.h"
#include "hostile_transcripts.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Said {
  std::string text, role = "heading";
  bool heard = true, shown = true, recorded = true;
  double at_ms = 100;  ///< after the page
};
/// Pages a minute apart, each with what was found on it, and words (or a beep) in the recording.
class Story {
 public:
  Story& step(std::string_view name, std::string_view method, std::string_view expected) {
    t_.step(name, {{"method", method}, {"expected", expected}});
    step_ = name;
    if (method == "pin" || method == "phone")
      t_.add(source::kDevice, "result", {{"outcome", expected}, {"reason", "none"}});
    return *this;
  }
  Story& fault(double ago_ms) {
    t_.add(source::kHarness, "fault",
           {{"step", step_}, {"t_fault_ns", static_cast<std::int64_t>((next_ms_ - ago_ms) * 1e6)}});
    return *this;
  }
  Story& page(std::string_view state, std::string_view substate, const std::vector<Said>& texts,
              bool words = true, double words_at_ms = 100, bool waits = false) {
    const auto ns = [](double ms) { return static_cast<std::int64_t>(ms * 1e6); };
    t_.add(source::kHarness, kPage,
           {{"page", ++page_},
            {"step", step_},
            {"state", state},
            {"substate", substate},
            {"screen", state},
            {"lang", "ja"},
            {"waits", waits},
            {"t_shown_ns", ns(next_ms_)},
            {"t_left_ns", ns(next_ms_ + 50'000)}});
    for (const Said& said : texts)
      t_.add(source::kHarness, kRecognised,
             {{"page", page_},
              {"text", said.text},
              {"role", said.role},
              {"shown", said.shown},
              {"recorded", said.recorded},
              {"heard", said.heard},
              {"distance", said.heard ? 0.01 : 0.4},
              {"t_begin_ns", ns(next_ms_ + said.at_ms)},
              {"t_end_ns", ns(next_ms_ + said.at_ms + 900)}});
    heard(t_, next_ms_ + words_at_ms, words ? words_of(1'200) : tone_of(200));
    next_ms_ += 60'000;
    return *this;
  }
  TranscriptBuilder& transcript() { return t_; }
  Transcript end() {
    t_.end();
    return t_.build();
  }

 private:
  TranscriptBuilder t_;
  std::string step_;
  int page_ = 0;
  double next_ms_ = 10'000;
};

const Said kGood{"確認できました"}, kIdentified{"本人確認ができました。", "result", true, false};
const Said kWrong{"暗証番号が違います。", "caution"},
    kTake{"カードを取り出し、待合室でお待ちください。", "text"};
const Said kEnter{"暗証番号を入力してください。"},
    kStaff{"資格確認端末との接続を待っています。職員にお知らせください。", "text"};
const Said kMethod{"本人確認の方法を選んでください。"}, kNotYet{"iPhoneでの確認がまだです"};

struct Choices {
  std::vector<Said> success{kIdentified, kGood, kTake}, failure{kWrong, kEnter}, broken{kStaff};
  bool words = true;
};

/// A right device, but for what a test changes.
Story story(const Choices& c = {}) {
  Story s;
  s.step("success", "pin", "ok").page("method", "", {kMethod}).page("pin", "", {kEnter});
  s.page("result_ok", "", c.success, c.words);
  s.step("wrong_pin", "pin", "ng").page("pin", "wrong_pin", c.failure, c.words);
  s.step("phone_success", "phone", "ok").page("consent_bundle", "", {kIdentified, kMethod});
  s.step("phone_failure", "phone", "ng").page("phone_tap", "not_approved", {kNotYet, kEnter});
  s.step("fault_idle", "fault", "ng").fault(500).page("out_of_service", "", c.broken, c.words);
  s.step("fault_served", "fault", "ng").fault(500).page("out_of_service", "", c.broken, c.words);
  return s;
}

Judgement results(const Transcript& t) {
  return judge_spoken_results(t, context_of("1-13.a"));
}
Judgement faults(const Transcript& t) {
  return judge_spoken_faults(t, context_of("1-13.b"));
}
Judgement instructions(const Transcript& t) {
  return judge_spoken_instructions(t, context_of("1-13.c"));
}
Judgement screens(const Transcript& t) {
  return judge_spoken_screens(t, context_of("1-13.h"));
}

Said late(Said said, double ms) {
  said.at_ms = ms;
  return said;
}
Said unheard(Said said) {
  said.heard = false;
  return said;
}

// --- 1-13.a

TEST(SpokenResults, given_right_words_for_pin_and_phone_then_only_the_face_is_missing) {
  const Judgement judgement = results(story().end());
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("2 of 3"), std::string::npos) << judgement.because_en;
}

TEST(SpokenResults, given_silence_or_a_beep_or_the_wrong_words_then_fail) {
  EXPECT_EQ(results(story({.failure = {unheard(kWrong), kEnter}}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(results(story({.words = false}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(results(story({.success = {kWrong}}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(results(story({.failure = {kGood, kEnter}}).end()).verdict, Verdict::kFail);
}

TEST(SpokenResults, the_delay_is_judged_at_two_seconds) {
  EXPECT_NE(results(story({.failure = {late(kWrong, 2'000), kEnter}}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(results(story({.failure = {late(kWrong, 2'001), kEnter}}).end()).verdict, Verdict::kFail);
}

TEST(SpokenResults, a_part_of_a_longer_phrase_does_not_count) {
  Said part{"確認できました", "result", true, false, true, 100};
  Said whole{"資格情報を確認できませんでした"};
  whole.at_ms = 100;
  Story s = story();
  Story one;
  one.step("success", "pin", "ok").page("result_ok", "", {kGood, kTake});
  one.step("revoked", "pin", "ng").page("result_ng", "", {part, whole, kTake});
  EXPECT_NE(results(one.end()).verdict, Verdict::kFail);
}

TEST(SpokenResults, given_no_answer_of_the_device_then_undecided) {
  Story s;
  s.step("success", "pin", "ok").page("method", "", {kMethod});
  EXPECT_EQ(results(s.end()).reason, Reason::kControlFailed);
  EXPECT_EQ(results(Transcript()).reason, Reason::kControlFailed);
}

TEST(SpokenPages, given_no_recordings_or_a_text_without_one_then_the_tool_is_missing) {
  TranscriptBuilder t;
  t.add(source::kStimulus, kNoRecordings).end();
  Said unknown = kGood;
  unknown.recorded = false;
  for (const auto judge :
       {judge_spoken_results, judge_spoken_faults, judge_spoken_instructions, judge_spoken_screens}) {
    EXPECT_EQ(judge(t.build(), context_of(judge == judge_spoken_results        ? "1-13.a"
                                          : judge == judge_spoken_faults       ? "1-13.b"
                                          : judge == judge_spoken_instructions ? "1-13.c"
                                                                               : "1-13.h"))
                  .reason,
              Reason::kToolUnavailable);
  }
  EXPECT_EQ(results(story({.success = {unknown}}).end()).reason, Reason::kToolUnavailable);
}

// --- 1-13.b

TEST(SpokenFaults, given_words_for_the_staff_in_time_then_pass) {
  const Judgement judgement = faults(story().end());
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(SpokenFaults, given_a_beep_or_words_for_the_patient_only_then_fail) {
  EXPECT_EQ(faults(story({.words = false}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(faults(story({.broken = {kTake}}).end()).verdict, Verdict::kFail);
}

TEST(SpokenFaults, the_delay_is_judged_at_five_seconds) {
  const auto with = [](double after_ms) {
    Story s;
    s.step("fault_idle", "fault", "ng").fault(500).page("out_of_service", "", {kStaff});
    s.step("fault_served", "fault", "ng").fault(4'000).page("out_of_service", "", {kStaff}, true, after_ms);
    return faults(s.end()).verdict;
  };
  EXPECT_EQ(with(900), Verdict::kPass);
  EXPECT_EQ(with(1'100), Verdict::kFail);
}

TEST(SpokenFaults, given_one_of_the_two_moments_only_then_undecided) {
  Story s;
  s.step("fault_idle", "fault", "ng").fault(500).page("out_of_service", "", {kStaff});
  EXPECT_EQ(faults(s.end()).reason, Reason::kControlFailed);
}

// --- 1-13.c

TEST(SpokenInstructions, given_an_instruction_with_every_notice_then_pass_and_one_missing_fails) {
  EXPECT_EQ(instructions(story().end()).verdict, Verdict::kPass) << instructions(story().end()).because_en;
  EXPECT_EQ(instructions(story({.broken = {{"カードの読み取り部が使えません"}}}).end()).verdict,
            Verdict::kFail);
  EXPECT_EQ(instructions(story({.failure = {kWrong, unheard(kEnter)}}).end()).verdict, Verdict::kFail);
  EXPECT_EQ(instructions(story({.words = false}).end()).verdict, Verdict::kFail);
}

TEST(SpokenInstructions, given_no_success_was_shown_then_undecided) {
  Story s;
  s.step("wrong_pin", "pin", "ng").page("pin", "wrong_pin", {kWrong, kEnter});
  EXPECT_EQ(instructions(s.end()).reason, Reason::kControlFailed);
}

// --- 1-13.h

TEST(SpokenScreens, given_every_text_said_then_pass) {
  const Judgement judgement = screens(story().end());
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(SpokenScreens, the_share_is_judged_at_95_percent) {
  const auto with = [](int unsaid) {
    Story s;
    std::vector<Said> texts(100, kEnter);
    for (int i = 0; i < unsaid; ++i) texts[static_cast<std::size_t>(i)].heard = false;
    s.step("success", "pin", "ok").page("method", "", texts).page("pin", "", texts);
    return screens(s.end()).verdict;
  };
  EXPECT_EQ(with(5), Verdict::kPass);
  EXPECT_EQ(with(6), Verdict::kFail);
}

TEST(SpokenScreens, given_one_mute_page_then_fail_and_it_is_named) {
  Story s = story();
  s.page("take_card", "", {unheard(kTake)});
  const Judgement judgement = screens(s.end());
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("take_card"), std::string::npos) << judgement.because_en;
}

TEST(SpokenScreens, given_a_page_that_waits_then_it_must_speak_but_not_all_of_it) {
  Story s = story();
  s.page("verifying", "", {kEnter, unheard(kTake), unheard(kMethod)}, true, 100, true);
  EXPECT_EQ(screens(s.end()).verdict, Verdict::kPass) << screens(s.end()).because_en;
  Story mute = story();
  mute.page("verifying", "", {unheard(kEnter)}, false, 100, true);
  EXPECT_EQ(screens(mute.end()).verdict, Verdict::kFail);
}

TEST(SpokenPages, given_virtual_time_without_the_case_that_shows_it_true_then_undecided) {
  Story s = story();
  s.transcript().add(source::kHarness, "advance", {{"ns", 1}});
  EXPECT_EQ(screens(s.end()).reason, Reason::kClockUnverified);
}

TEST(SpokenPages, lost_sound_and_hostile_transcripts_never_pass) {
  Story s = story();
  s.transcript().add(source::kHarness, "sound_lost", {{"pieces", 1}});
  const Transcript lost = s.end();
  EXPECT_EQ(screens(lost).reason, Reason::kControlFailed);
  expect_no_pass_when_cut_off(judge_spoken_screens, story().end(), context_of("1-13.h"), 3);
  expect_no_pass_when_cut_off(judge_spoken_faults, story().end(), context_of("1-13.b"), 3);
  expect_to_survive_garbage(judge_spoken_results, story().end(), context_of("1-13.a"), 20);
  expect_to_survive_garbage(judge_spoken_screens, story().end(), context_of("1-13.h"), 20);
}

}  // namespace
}  // namespace shogo::conformance
