#include "key_sounds.h"

#include "heard.h"
#include "hostile_transcripts.h"
#include <functional>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

/// What one key does in a story.
struct Answer {
  double after_ms = 1;
  Sound sound = tone_of(60);
  bool silent = false;
};
using Answers = std::function<Answer(int press, char digit)>;

CheckContext with_keypad(const std::string& clause, const char* keypad = "built_in") {
  CheckContext context = context_of(clause);
  context.device.keypad = keypad;
  return context;
}

/// 100 presses of the digits in turn, the first 20 in real time, 300 ms apart; then `again` fresh ones, whose
/// answers go on counting from 1000.
Transcript story(std::string_view part, const Answers& answer, int presses = 100, bool felt = true,
                 bool lost = false, int again = 0) {
  TranscriptBuilder t;
  if (felt) t.add(source::kHarness, "keys_felt", {{"part", part}});
  if (lost) t.add(source::kHarness, "sound_lost", {{"pieces", 1}});
  std::vector<std::pair<double, Sound>> sounds;
  for (int i = 0; i < presses + again; ++i) {
    const double at = 1'000.0 + 300.0 * i;
    const bool fresh = i >= presses;
    const int number = fresh ? i - presses : i;
    const char digit = static_cast<char>('0' + number % 10);
    t.add(source::kHarness, "key_press",
          {{"part", std::string(part) + (fresh ? std::string(kAgain) : "")},
           {"key", std::string(1, digit)},
           {"real_time", i < 20},
           {"t_press_ns", static_cast<std::int64_t>(at * 1e6)}});
    const Answer given = answer(fresh ? 1'000 + number : number, digit);
    if (!given.silent) sounds.emplace_back(at + given.after_ms, given.sound);
  }
  for (const auto& [at, sound] : sounds) heard(t, at, sound);
  t.end();
  return t.build();
}

const Answers kRight = [](int, char) { return Answer{}; };

Judgement screen(const Transcript& transcript) {
  return judge_screen_key_tones(transcript, context_of("1-13.d"));
}
Judgement keypad(const Transcript& transcript) {
  return judge_keypad_tones(transcript, with_keypad("1-13.i"));
}
Judgement secrecy(const Transcript& transcript) {
  return judge_key_sound_secrecy(transcript, context_of("1-13.l"));
}
Answers sounding(const Sound& sound) {
  return [sound](int, char) { return Answer{1, sound, false}; };
}

// --- 1-13.d

TEST(ScreenKeyTones, given_a_tone_for_each_press_then_pass) {
  const Judgement judgement = screen(story(kScreenPart, kRight));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(ScreenKeyTones, given_one_silent_press_then_fail) {
  const auto answers = [](int press, char) { return Answer{1, tone_of(60), press == 41}; };
  EXPECT_EQ(screen(story(kScreenPart, answers)).verdict, Verdict::kFail);
}

TEST(ScreenKeyTones, the_latency_is_judged_at_100_ms) {
  const auto late = [](double ms) {
    return [ms](int press, char) { return Answer{press == 7 ? ms : 1, tone_of(60), false}; };
  };
  EXPECT_EQ(screen(story(kScreenPart, late(100))).verdict, Verdict::kPass);
  EXPECT_EQ(screen(story(kScreenPart, late(101))).verdict, Verdict::kFail);
}

TEST(ScreenKeyTones, the_length_is_judged_at_300_ms) {
  TranscriptBuilder t;
  const auto with = [](double ms) { return story(kScreenPart, sounding(tone_of(ms))); };
  EXPECT_EQ(screen(with(250)).verdict, Verdict::kPass);
  // The presses of the story are 300 ms apart: a longer tone runs into the next press.
  EXPECT_EQ(screen(with(305)).verdict, Verdict::kFail);
}

TEST(ScreenKeyTones, given_words_in_answer_to_a_key_then_fail) {
  const auto answers = [](int press, char) {
    return press == 99 ? Answer{1, words_of(900), false} : Answer{};
  };
  EXPECT_EQ(screen(story(kScreenPart, answers)).verdict, Verdict::kFail);
}

TEST(ScreenKeyTones, given_99_presses_or_keys_that_nobody_saw_felt_or_lost_sound_then_undecided) {
  EXPECT_EQ(screen(story(kScreenPart, kRight, 99)).reason, Reason::kControlFailed);
  EXPECT_EQ(screen(story(kScreenPart, kRight, 100, false)).reason, Reason::kControlFailed);
  EXPECT_EQ(screen(story(kScreenPart, kRight, 100, true, true)).reason, Reason::kControlFailed);
  EXPECT_EQ(screen(Transcript()).reason, Reason::kControlFailed);
}

TEST(ScreenKeyTones, given_a_mute_device_whose_keys_work_then_fail) {
  const auto mute = [](int, char) { return Answer{1, {}, true}; };
  EXPECT_EQ(screen(story(kScreenPart, mute)).verdict, Verdict::kFail);
}

// --- 1-13.i

TEST(KeypadTones, given_a_tone_for_each_press_then_pass_and_one_missing_fails) {
  EXPECT_EQ(keypad(story(kKeypadPart, kRight)).verdict, Verdict::kPass);
  const auto answers = [](int press, char) { return Answer{1, tone_of(60), press == 0}; };
  EXPECT_EQ(keypad(story(kKeypadPart, answers)).verdict, Verdict::kFail);
  EXPECT_EQ(keypad(story(kScreenPart, kRight)).reason, Reason::kControlFailed)
      << "the screen's keys do not count";
}

TEST(KeypadTones, given_no_keypad_then_not_applicable) {
  EXPECT_EQ(judge_keypad_tones(Transcript(), with_keypad("1-13.i", "none")).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(judge_keypad_tones(Transcript(), with_keypad("1-13.i", "")).reason, Reason::kNoChannel);
}

// --- 1-13.l

TEST(KeySecrecy, given_the_same_tone_at_the_same_moment_then_pass) {
  const Judgement judgement = secrecy(story(kScreenPart, kRight));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

constexpr int kAllAgain = 10 * kPressesAgain;

TEST(KeySecrecy, given_a_pitch_of_its_own_for_each_digit_both_times_then_fail) {
  const auto answers = [](int, char digit) { return Answer{1, tone_of(60, 1'000 + digit), false}; };
  EXPECT_EQ(secrecy(story(kScreenPart, answers, 100, true, false, kAllAgain)).verdict, Verdict::kFail);
  EXPECT_EQ(secrecy(story(kKeypadPart, answers, 100, true, false, kAllAgain)).verdict, Verdict::kFail);
}

TEST(KeySecrecy, given_a_delay_of_its_own_for_each_digit_both_times_then_fail) {
  const auto answers = [](int, char digit) { return Answer{1.0 * (digit - '0'), tone_of(60), false}; };
  const Judgement judgement = secrecy(story(kScreenPart, answers, 100, true, false, kAllAgain));
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("when"), std::string::npos) << judgement.because_en;
}

TEST(KeySecrecy, given_a_suspicion_that_fresh_presses_do_not_bear_out_then_pass_and_it_is_told) {
  const auto answers = [](int press, char digit) {
    return Answer{press < 1'000 ? 1.0 * (digit - '0') : 1.0, tone_of(60), false};
  };
  const Judgement judgement = secrecy(story(kScreenPart, answers, 100, true, false, kAllAgain));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("cleared"), std::string::npos) << judgement.because_en;
}

TEST(KeySecrecy, given_a_suspicion_by_the_moment_and_another_by_the_sound_then_neither_bears_out_the_other) {
  const auto answers = [](int press, char digit) {
    return press < 1'000 ? Answer{1.0 * (digit - '0'), tone_of(60), false}
                         : Answer{1, tone_of(60, 1'000 + digit), false};
  };
  EXPECT_EQ(secrecy(story(kScreenPart, answers, 100, true, false, kAllAgain)).verdict, Verdict::kPass);
}

TEST(KeySecrecy, given_a_suspicion_and_no_fresh_presses_or_too_few_then_undecided) {
  const auto answers = [](int, char digit) { return Answer{1.0 * (digit - '0'), tone_of(60), false}; };
  EXPECT_EQ(secrecy(story(kScreenPart, answers)).reason, Reason::kControlFailed);
  EXPECT_EQ(secrecy(story(kScreenPart, answers, 100, true, false, kAllAgain - 1)).reason,
            Reason::kControlFailed);
}

TEST(KeySecrecy, the_script_listens_again_where_the_catalogue_suspects) {
  const CheckContext context = context_of("1-13.l");
  EXPECT_EQ(context.number("suspicion_p_max"), kSuspicionP);
  EXPECT_EQ(context.number("refusal_p_max"), kRefusalP);
  EXPECT_EQ(context.number("presses_again_per_digit"), kPressesAgain);
}

// --- 1-13.f: what follows a key

/// The story of the slow part, with a search that finds its controls and no digit.
Judgement said_after(const Answers& answers, int again) {
  const Transcript slow = story(kSlowScreenPart, answers, 100, true, false, again);
  TranscriptBuilder t;
  t.add(source::kHarness, "keys_felt", {{"part", kScreenPart}});
  for (int digit = 0; digit < 10; ++digit)
    for (const std::string_view in : {std::string_view("control"), kSlowScreenPart})
      t.add(source::kHarness, kDigitSearch,
            {{"in", in}, {"text", std::to_string(digit)}, {"distance", 0.2}, {"heard", in == "control"}});
  Transcript all = t.build();
  for (Event event : slow.events()) {
    event.t_ns += 1'000'000'000;
    if (!event.blob.empty()) event.blob = all.keep("sound", "wav", *slow.blob(event.blob));
    all.add(std::move(event));
  }
  return judge_spoken_digits(all, context_of("1-13.f"));
}

TEST(SpokenDigits, given_sounds_of_another_length_for_each_digit_both_times_then_fail) {
  const auto answers = [](int, char digit) { return Answer{1, tone_of(60 + 10 * (digit - '0')), false}; };
  EXPECT_EQ(said_after(answers, 10 * kSlowPressesAgain).verdict, Verdict::kFail);
  EXPECT_EQ(said_after(answers, 0).reason, Reason::kControlFailed) << "chance alone is suspicious, too";
}

TEST(SpokenDigits, given_a_difference_that_fresh_presses_do_not_bear_out_then_pass) {
  const auto answers = [](int press, char digit) {
    return Answer{1, tone_of(press < 1'000 ? 60 + 10 * (digit - '0') : 60), false};
  };
  EXPECT_EQ(said_after(answers, 10 * kSlowPressesAgain).verdict, Verdict::kPass);
  EXPECT_EQ(said_after(kRight, 0).verdict, Verdict::kPass);
}

// --- 1-13.l again

TEST(KeySecrecy, given_unrest_of_the_machine_in_real_time_then_the_still_presses_decide) {
  const auto answers = [](int press, char digit) {
    return Answer{press < 20 ? 2.0 * (digit - '0') : 1.0, tone_of(60), false};
  };
  EXPECT_EQ(secrecy(story(kScreenPart, answers)).verdict, Verdict::kPass);
}

TEST(KeySecrecy, given_the_tones_of_a_telephone_then_fail_and_they_are_named) {
  Sound dialled = tone_of(60, 770);
  const Sound high = tone_of(60, 1'336);
  for (std::size_t i = 0; i < dialled.samples.size(); ++i)
    dialled.samples[i] = static_cast<std::int16_t>(dialled.samples[i] + high.samples[i]);
  const Judgement judgement = secrecy(story(kScreenPart, sounding(dialled)));
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("telephone"), std::string::npos) << judgement.because_en;
}

TEST(KeySecrecy, given_too_few_presses_of_a_digit_then_undecided) {
  EXPECT_EQ(secrecy(story(kScreenPart, kRight, 10 * kQuickPressesPerDigit - 1)).reason,
            Reason::kControlFailed);
  EXPECT_EQ(secrecy(story(kScreenPart, kRight, 10 * kQuickPressesPerDigit)).verdict, Verdict::kPass);
  CheckContext standard = context_of("1-13.l");
  standard.profile = "standard";
  EXPECT_EQ(judge_key_sound_secrecy(story(kScreenPart, kRight, 199), standard).reason,
            Reason::kControlFailed);
  EXPECT_EQ(judge_key_sound_secrecy(story(kScreenPart, kRight, 200), standard).verdict, Verdict::kPass);
}

TEST(KeySounds, hostile_transcripts_never_pass) {
  const Transcript good = story(kScreenPart, kRight);
  expect_no_pass_when_cut_off(judge_screen_key_tones, good, context_of("1-13.d"), 10);
  expect_no_pass_when_cut_off(judge_key_sound_secrecy, good, context_of("1-13.l"), 40);
  expect_to_survive_garbage(judge_screen_key_tones, story(kScreenPart, kRight, 6), context_of("1-13.d"), 40);
  expect_to_survive_garbage(judge_keypad_tones, story(kKeypadPart, kRight, 6), with_keypad("1-13.i"), 40);
  expect_to_survive_garbage(judge_key_sound_secrecy, story(kScreenPart, kRight, 6), context_of("1-13.l"), 40);
}

}  // namespace
}  // namespace shogo::conformance
