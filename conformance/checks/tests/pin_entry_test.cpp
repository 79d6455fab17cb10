// 3-11.a and 3-11.d: what the card saw decides, whatever the device shows.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

const std::vector<std::string> kIncomplete{"short_0", "short_1",  "short_2",
                                           "short_3", "erased_3", "timeout_3"};

/// The script of 3-11.a; the entry `leak` (if any) reaches the card with `body` digits.
TranscriptBuilder entries(const std::string& leak = "", int body = 0, int sw = 0x63C2) {
  TranscriptBuilder t;
  for (const std::string& name : kIncomplete) {
    t.step(name, {{"digits", name.back() - '0'}}).tries(3).state("pin");
    if (name == leak) t.verify(body, sw);
    t.tries(name == leak && sw == 0x63C2 ? 2 : 3);
  }
  return t;
}

TranscriptBuilder& complete(TranscriptBuilder&& t, int body = 4, int sw = 0x9000) {
  static TranscriptBuilder kept;
  kept = std::move(t);
  kept.step("complete", {{"digits", 5}}).tries(3).state("verifying").verify(body, sw);
  return kept.result("ok", "none").tries(3).state("idle").end();
}

Judgement length(const TranscriptBuilder& t) {
  return judge_pin_length(t.build(), context_of("3-11.a"));
}

TEST(PinLength, nothing_sent_for_incomplete_entries_and_four_digits_for_the_complete_one_pass) {
  const Judgement judgement = length(complete(entries()));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
  ASSERT_EQ(judgement.measurements.size(), 1U);
  EXPECT_EQ(judgement.measurements[0].value, 0);
  EXPECT_EQ(judgement.measurements[0].n, 6);
}

TEST(PinLength, any_incomplete_entry_that_reaches_the_card_fails) {
  for (const std::string& name : kIncomplete) {
    for (const int body : {1, 2, 3, 4, 16}) {
      const Judgement judgement = length(complete(entries(name, body)));
      EXPECT_EQ(judgement.verdict, Verdict::kFail) << name << " as " << body;
      EXPECT_NE(judgement.because_en.find(name), std::string::npos) << judgement.because_en;
    }
  }
}

TEST(PinLength, a_verify_without_a_body_asks_only_for_the_counter_and_passes) {
  EXPECT_EQ(length(complete(entries("short_2", 0, 0x63C3))).verdict, Verdict::kPass);
}

TEST(PinLength, a_try_lost_without_a_visible_verify_fails) {
  TranscriptBuilder t;
  for (const std::string& name : kIncomplete) t.step(name).tries(3).tries(name == "short_3" ? 2 : 3);
  EXPECT_EQ(length(complete(std::move(t))).verdict, Verdict::kFail);
}

TEST(PinLength, a_fifth_digit_that_reaches_the_card_fails) {
  EXPECT_EQ(length(complete(entries(), 5, 0x63C2)).verdict, Verdict::kFail);
  EXPECT_EQ(length(complete(entries(), 3)).verdict, Verdict::kFail);
}

TEST(PinLength, five_digits_sent_after_the_right_four_fail_too) {
  TranscriptBuilder t = entries();
  t.step("complete").tries(3).verify(4, 0x9000).verify(5, 0x63C2).result("ok", "none").tries(2).end();
  EXPECT_EQ(length(t).verdict, Verdict::kFail);
}

TEST(PinLength, a_fifth_digit_that_pushes_out_the_first_fails_because_the_card_refuses_the_right_pin) {
  EXPECT_EQ(length(complete(entries(), 4, 0x63C2)).verdict, Verdict::kFail);
}

TEST(PinLength, a_silent_device_is_inconclusive) {
  TranscriptBuilder t = entries();
  t.step("complete").tries(3).tries(3).end();
  EXPECT_EQ(length(t).verdict, Verdict::kInconclusive);
  EXPECT_EQ(length(TranscriptBuilder()).verdict, Verdict::kInconclusive);
}

TEST(PinLength, one_incomplete_entry_less_is_inconclusive) {
  for (const std::string& missing : kIncomplete) {
    TranscriptBuilder t;
    for (const std::string& name : kIncomplete) {
      if (name != missing) t.step(name).tries(3).tries(3);
    }
    const Judgement judgement = length(complete(std::move(t)));
    EXPECT_EQ(judgement.verdict, Verdict::kInconclusive) << missing;
  }
}

TEST(PinLength, entries_without_readings_of_the_card_s_counter_are_inconclusive) {
  TranscriptBuilder t;
  for (const std::string& name : kIncomplete) t.step(name).state("pin");
  EXPECT_EQ(length(complete(std::move(t))).verdict, Verdict::kInconclusive);
}

TEST(PinLength, a_verify_that_belongs_to_no_entry_is_not_overlooked) {
  TranscriptBuilder t;
  t.verify(2, 0x63C2);
  for (const std::string& name : kIncomplete) t.step(name).tries(3).tries(3);
  EXPECT_EQ(length(complete(std::move(t))).verdict, Verdict::kInconclusive);
}

TEST(PinLength, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("3-11.a");
  expect_no_pass_when_cut_off(judge_pin_length, complete(entries()).build(), context);
  TranscriptBuilder four_short;
  for (std::size_t i = 0; i < 4; ++i) four_short.step(kIncomplete[i]).tries(3).tries(3);
  for (const Transcript& spoilt :
       {complete(entries("short_2", 2)).build(), complete(entries("timeout_3", 4)).build(),
        complete(entries(), 5, 0x63C2).build(), complete(std::move(four_short)).build()}) {
    expect_no_pass_when_cut_off(judge_pin_length, spoilt, context);
    expect_no_pass_when_repeated_or_reordered(judge_pin_length, spoilt, context);
  }
}

TEST(PinLength, garbage_does_not_crash_the_judge) {
  expect_to_survive_garbage(judge_pin_length, complete(entries()).build(), context_of("3-11.a"));
}

Judgement single(const TranscriptBuilder& t) {
  return judge_single_verify(t.build(), context_of("3-11.d"));
}

TranscriptBuilder wrong_entry(int verifies) {
  TranscriptBuilder t;
  t.step("wrong_pin").tries(3);
  for (int i = 0; i < verifies; ++i) t.verify(4, 0x63C2 - i);
  t.state("pin", "wrong_pin").tries(3 - verifies).state("idle").end();
  return t;
}

TEST(SingleVerify, one_wrong_entry_as_one_verify_passes) {
  const Judgement judgement = single(wrong_entry(1));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(SingleVerify, one_wrong_entry_as_two_or_three_verify_fails) {
  EXPECT_EQ(single(wrong_entry(2)).verdict, Verdict::kFail);
  EXPECT_EQ(single(wrong_entry(3)).verdict, Verdict::kFail);
}

TEST(SingleVerify, without_any_verify_it_is_inconclusive) {
  EXPECT_EQ(single(wrong_entry(0)).verdict, Verdict::kInconclusive);
  EXPECT_EQ(single(TranscriptBuilder()).verdict, Verdict::kInconclusive);
}

TEST(SingleVerify, asking_for_the_counter_without_a_body_costs_nothing) {
  TranscriptBuilder t;
  t.step("wrong_pin").verify(0, 0x63C3).verify(4, 0x63C2).verify(0, 0x63C2).tries(2).end();
  EXPECT_EQ(single(t).verdict, Verdict::kPass);
}

TEST(SingleVerify, a_second_verify_outside_the_step_still_counts) {
  TranscriptBuilder before;
  before.verify(4, 0x63C2).step("wrong_pin").verify(4, 0x63C1).tries(1).end();
  EXPECT_EQ(single(before).verdict, Verdict::kFail);
  TranscriptBuilder after = wrong_entry(1);
  after.step("later").verify(4, 0x63C1);
  EXPECT_EQ(single(after).verdict, Verdict::kFail);
}

TEST(SingleVerify, a_pin_that_the_card_accepts_was_no_wrong_entry) {
  TranscriptBuilder t;
  t.step("wrong_pin").verify(4, 0x9000).tries(3).end();
  EXPECT_EQ(single(t).verdict, Verdict::kInconclusive);
}

TEST(SingleVerify, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("3-11.d");
  for (const int verifies : {0, 1, 2, 3})
    expect_no_pass_when_cut_off(judge_single_verify, wrong_entry(verifies).build(), context);
  for (const int verifies : {0, 2, 3})
    expect_no_pass_when_repeated_or_reordered(judge_single_verify, wrong_entry(verifies).build(), context);
}

TEST(SingleVerify, garbage_does_not_crash_the_judge) {
  expect_to_survive_garbage(judge_single_verify, wrong_entry(1).build(), context_of("3-11.d"));
}

}  // namespace
}  // namespace shogo::conformance
