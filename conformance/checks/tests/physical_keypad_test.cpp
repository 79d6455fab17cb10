#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

CheckContext with(const std::string& clause, const char* keypad) {
  CheckContext context = context_of(clause);
  context.device.keypad = keypad;
  return context;
}

// --- 1-14.b

TranscriptBuilder rows(const std::string& first, const std::string& second, const std::string& third) {
  TranscriptBuilder t;
  int n = 0;
  for (const std::string& digits : {first, second, third}) {
    const char* names[] = {"first", "second", "third"};
    t.step(names[n++]).verify(4, 0x63C2).add(source::kCard, "shown", {{"digits", digits}});
  }
  t.end();
  return t;
}

Judgement rows_verdict(const Transcript& transcript) {
  return judge_keypad_rows(transcript, with("1-14.b", "built_in"));
}

TEST(KeypadRows, given_123_456_789_then_pass) {
  EXPECT_EQ(rows_verdict(rows("1234", "5678", "9519").build()).verdict, Verdict::kPass);
}

TEST(KeypadRows, given_789_at_the_top_then_fail_and_the_places_are_named) {
  const Judgement judgement = rows_verdict(rows("7894", "5612", "3573").build());
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("r1c1 gives 7"), std::string::npos) << judgement.because_en;
}

TEST(KeypadRows, given_one_pair_of_keys_exchanged_then_fail) {
  EXPECT_EQ(rows_verdict(rows("1243", "5678", "9519").build()).verdict, Verdict::kFail);
}

TEST(KeypadRows, given_nothing_reached_the_card_then_control_failed) {
  TranscriptBuilder t = rows("1234", "5678", "9519");
  EXPECT_EQ(rows_verdict(rows("1234", "5678", "").build()).reason, Reason::kControlFailed);
  EXPECT_EQ(rows_verdict(rows("1234", "5678", "95").build()).reason, Reason::kControlFailed);
  TranscriptBuilder silent;
  silent.step("first").end();
  EXPECT_EQ(rows_verdict(silent.build()).reason, Reason::kControlFailed);
}

TEST(KeypadRows, given_an_old_entry_that_no_command_brought_then_it_does_not_count) {
  TranscriptBuilder t;
  for (const auto& [name, digits] : {std::pair{"first", "1234"}, {"second", "5678"}, {"third", "9519"}})
    t.step(name).add(source::kCard, "shown", {{"digits", digits}});
  t.end();
  EXPECT_EQ(rows_verdict(t.build()).reason, Reason::kControlFailed);
}

TEST(KeypadRows, a_device_without_a_keypad_is_not_concerned_and_one_that_does_not_say_is_undecided) {
  const Transcript nothing;
  EXPECT_EQ(judge_keypad_rows(nothing, with("1-14.b", "none")).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(judge_keypad_rows(nothing, with("1-14.b", "")).reason, Reason::kNoChannel);
  EXPECT_EQ(judge_key_legends(nothing, with("1-14.c", "none")).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(judge_keypad_hotplug(nothing, with("1-14.e", "none")).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(judge_keypad_hotplug(nothing, with("1-14.e", "built_in")).verdict, Verdict::kNotApplicable);
  EXPECT_EQ(judge_keypad_hotplug(nothing, with("1-14.e", "external")).verdict, Verdict::kInconclusive);
}

TEST(KeypadRows, hostile_transcripts_never_pass) {
  const Transcript good = rows("1234", "5678", "9519").build();
  expect_no_pass_when_cut_off(judge_keypad_rows, good, with("1-14.b", "built_in"));
  expect_to_survive_garbage(judge_keypad_rows, good, with("1-14.b", "built_in"));
}

// --- 1-14.c

class Keys {
 public:
  Keys& step(const char* name) {
    t.step(name);
    return *this;
  }
  /// A key with what came of it; an empty `after`: nothing.
  Keys& key(const char* state, const char* button, const char* after, const char* seen = "1",
            const char* lang_after = "ja") {
    t.add(source::kStimulus, "key_try",
          {{"state", state},
           {"screen_id", state},
           {"lang", "ja"},
           {"button", button},
           {"told", "1"},
           {"seen", seen}});
    if (*after != '\0')
      t.add(source::kDevice, "state",
            {{"name", after}, {"screen_id", after}, {"lang", lang_after}, {"substate", ""}});
    return *this;
  }
  Keys& handed_over(const char* flag) {
    t.add(source::kHost, "hand_over", {{"OperationInfoConsFlg", flag}, {"DiagnosisInfoConsFlg", flag}});
    return *this;
  }
  Keys& registered(const char* state) {
    t.state("register_ask").add(source::kServer, "register", {{"state", state}});
    return *this;
  }
  const Transcript& end() { return t.end().build(); }
  TranscriptBuilder t;
};

Keys good_keys() {
  Keys keys;
  keys.step("agrees")
      .key("method", "暗証番号を入力", "pin")
      .key("consent_operations", "English", "consent_operations", "1", "en")
      .key("consent_operations", "職員を呼ぶ", "call_staff")
      .key("call_staff", "戻る", "consent_operations")
      .key("consent_operations", "同意する", "consent_diagnosis")
      .handed_over("1");
  keys.step("refuses").key("consent_operations", "同意しない", "consent_diagnosis").handed_over("0");
  keys.step("goes_back_and_ends")
      .key("consent_diagnosis", "戻る", "consent_operations")
      .key("consent_operations", "終了する", "take_card");
  keys.step("registers").key("register_ask", "登録する", "result_ok").registered("eligible");
  return keys;
}

Judgement legend_verdict(const Transcript& transcript) {
  return judge_key_legends(transcript, with("1-14.c", "built_in"));
}

TEST(KeyLegends, given_every_key_does_what_the_screen_says_then_pass) {
  Keys keys = good_keys();
  const Judgement judgement = legend_verdict(keys.end());
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(KeyLegends, given_agreement_by_key_that_arrives_as_refusal_then_fail) {
  Keys keys = good_keys();
  keys.step("agrees").handed_over("0");
  EXPECT_EQ(legend_verdict(keys.end()).verdict, Verdict::kFail);
  Keys other = good_keys();
  other.t.step("refuses");
  EXPECT_EQ(legend_verdict(other.end()).verdict, Verdict::kPass) << "an empty step adds nothing";
}

TEST(KeyLegends, given_refusal_by_key_that_arrives_as_agreement_then_fail) {
  Keys keys;
  keys.step("agrees").key("consent_operations", "同意する", "consent_diagnosis").handed_over("1");
  keys.step("refuses").key("consent_operations", "同意しない", "consent_diagnosis").handed_over("1");
  EXPECT_EQ(legend_verdict(keys.end()).verdict, Verdict::kFail);
}

TEST(KeyLegends, given_a_key_that_does_nothing_or_something_else_then_fail) {
  for (const auto& [button, after] : {std::pair{"同意しない", ""},
                                      {"職員を呼ぶ", "consent_diagnosis"},
                                      {"終了する", "consent_diagnosis"},
                                      {"English", "consent_operations"},
                                      {"English", "take_card"},
                                      {"戻る", "consent_operations"}}) {
    Keys keys = good_keys();
    keys.step("again").key("consent_operations", button, after);
    EXPECT_EQ(legend_verdict(keys.end()).verdict, Verdict::kFail) << button << " " << after;
  }
}

TEST(KeyLegends, given_a_picture_that_names_another_key_than_the_tree_then_fail) {
  Keys keys = good_keys();
  keys.step("again").key("consent_operations", "同意する", "consent_diagnosis", "2");
  EXPECT_EQ(legend_verdict(keys.end()).verdict, Verdict::kFail);
}

TEST(KeyLegends, given_a_key_of_a_list_that_ticks_nothing_or_is_named_otherwise_then_fail) {
  const auto with_list_key = [](const char* seen, bool changed) {
    Keys keys = good_keys();
    keys.t.add(source::kHarness, "list_key",
               {{"state", "consent_referral"},
                {"lang", "ja"},
                {"button", "n"},
                {"told", "4"},
                {"seen", seen},
                {"changed", changed}});
    return legend_verdict(keys.end()).verdict;
  };
  EXPECT_EQ(with_list_key("4", true), Verdict::kPass);
  EXPECT_EQ(with_list_key("", true), Verdict::kPass) << "not read in the picture";
  EXPECT_EQ(with_list_key("4", false), Verdict::kFail);
  EXPECT_EQ(with_list_key("5", true), Verdict::kFail);
}

TEST(KeyLegends, given_a_choice_without_a_key_then_fail) {
  Keys keys = good_keys();
  keys.t.add(source::kHarness, "no_legend",
             {{"state", "consent_checkup"}, {"lang", "ja"}, {"button", "同意する"}});
  EXPECT_EQ(legend_verdict(keys.end()).verdict, Verdict::kFail);
}

TEST(KeyLegends, given_answers_that_did_not_arrive_or_legends_that_cannot_be_read_then_control_failed) {
  Keys silent;
  silent.step("agrees").key("consent_operations", "同意する", "consent_diagnosis");
  EXPECT_EQ(legend_verdict(silent.end()).reason, Reason::kControlFailed);
  Keys unread;
  unread.step("agrees").key("consent_operations", "同意する", "consent_diagnosis", "").handed_over("1");
  unread.step("refuses").key("consent_operations", "同意しない", "consent_diagnosis", "").handed_over("0");
  unread.step("registers").registered("eligible");
  EXPECT_EQ(legend_verdict(unread.end()).reason, Reason::kControlFailed);
}

TEST(KeyLegends, given_who_agreed_is_not_registered_then_fail) {
  Keys keys = good_keys();
  keys.step("registers");
  keys.registered("not_registered");
  Keys alone;
  alone.step("agrees").key("consent_operations", "同意する", "consent_diagnosis").handed_over("1");
  alone.step("refuses").key("consent_operations", "同意しない", "consent_diagnosis").handed_over("0");
  alone.step("registers").key("register_ask", "登録する", "result_ok").registered("not_registered");
  EXPECT_EQ(legend_verdict(alone.end()).verdict, Verdict::kFail);
}

TEST(KeyLegends, hostile_transcripts_never_pass) {
  Keys keys = good_keys();
  const Transcript good = keys.end();
  expect_no_pass_when_cut_off(judge_key_legends, good, with("1-14.c", "built_in"));
  expect_to_survive_garbage(judge_key_legends, good, with("1-14.c", "built_in"));
}

// --- 1-14.e

class Plugs {
 public:
  /// `ready_ms` after the plug; negative: never.
  Plugs& idle(double ready_ms) {
    begin("idle");
    return plug(ready_ms);
  }
  Plugs& entry(const char* shown, double ready_ms = 100, int verifies = 1) {
    begin("entry");
    type(shown, verifies);
    return plug(ready_ms);
  }
  Plugs& noise(const char* shown, int verifies = 1) {
    begin("noise");
    type(shown, verifies);
    return *this;
  }
  Judgement verdict(bool end = true) {
    if (end) t.end();
    return judge_keypad_hotplug(t.build(), with("1-14.e", "external"));
  }
  TranscriptBuilder t;

 private:
  void begin(const char* kind) {
    now_ms_ += 10'000;
    t.at_ms(now_ms_).step(kind + std::to_string(n_++), {{"kind", kind}, {"expected", "5487"}});
  }
  void type(const char* shown, int verifies) {
    for (int i = 0; i < verifies; ++i) t.verify(4, 0x9000);
    t.add(source::kCard, "shown", {{"digits", shown}});
  }
  Plugs& plug(double ready_ms) {
    t.at_ms(now_ms_ + 5'000).add(source::kStimulus, "keypad", {{"plugged", false}});
    t.at_ms(now_ms_ + 5'500).add(source::kStimulus, "keypad", {{"plugged", true}});
    if (ready_ms < 0)
      t.at_ms(now_ms_ + 9'500).add(source::kHarness, "never_ready");
    else
      t.at_ms(now_ms_ + 5'500 + ready_ms).add(source::kHarness, "ready");
    return *this;
  }
  int n_ = 0;
  double now_ms_ = 0;
};

TEST(KeypadHotplug, given_ready_in_time_and_entries_as_typed_then_pass) {
  const Judgement judgement = Plugs().idle(100).entry("5487").noise("5487").verdict();
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(KeypadHotplug, given_ready_after_exactly_two_seconds_then_pass_and_a_millisecond_later_fail) {
  EXPECT_EQ(Plugs().idle(2'000).entry("5487").noise("5487").verdict().verdict, Verdict::kPass);
  EXPECT_EQ(Plugs().idle(2'001).entry("5487").noise("5487").verdict().verdict, Verdict::kFail);
}

TEST(KeypadHotplug, given_it_never_comes_back_then_fail) {
  EXPECT_EQ(Plugs().idle(-1).verdict().verdict, Verdict::kFail);
}

TEST(KeypadHotplug, given_digits_from_before_the_plug_in_the_pin_then_fail) {
  EXPECT_EQ(Plugs().idle(100).entry("6554").noise("5487").verdict().verdict, Verdict::kFail);
}

TEST(KeypadHotplug, given_a_half_pin_that_is_sent_when_the_keypad_goes_then_fail) {
  EXPECT_EQ(Plugs().idle(100).entry("5487", 100, 2).noise("5487").verdict().verdict, Verdict::kFail);
}

TEST(KeypadHotplug, given_a_digit_twice_or_none_under_noise_then_fail) {
  EXPECT_EQ(Plugs().idle(100).entry("5487").noise("5544").verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Plugs().idle(100).entry("5487").noise("548").verdict().verdict, Verdict::kFail);
}

TEST(KeypadHotplug, given_only_some_of_the_kinds_then_control_failed) {
  EXPECT_EQ(Plugs().idle(100).idle(100).verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Plugs().idle(100).entry("5487").verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Plugs().idle(100).idle(100).noise("5487").verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Plugs().verdict().reason, Reason::kControlFailed);
}

TEST(KeypadHotplug, hostile_transcripts_never_pass) {
  Plugs plugs;
  plugs.idle(100).entry("5487").noise("5487").t.end();
  expect_no_pass_when_cut_off(judge_keypad_hotplug, plugs.t.build(), with("1-14.e", "external"));
  expect_to_survive_garbage(judge_keypad_hotplug, plugs.t.build(), with("1-14.e", "external"));
}

}  // namespace
}  // namespace shogo::conformance
