// 1-8.c, 1-8.d and 3-14.g: cards of other kinds. What was not tried keeps both from passing; what was seen
// can fail them.
#include "card_trace.h"
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

void whole_flow(TranscriptBuilder& t) {
  t.state("method").state("pin").verify(4, 0x9000).sign().server("/v1/eligibility", "eligible", true);
  t.result("ok", "none").state("idle");
}

void refusal(TranscriptBuilder& t, const char* reason) {
  t.apdu(0xA4, 10, 0x6A82).state("error").result("ng", reason).state("idle");
}

enum class End { kWorks, kRefused, kSilent };

TranscriptBuilder combined(End middle, End after, const char* reason = "card_unsupported") {
  TranscriptBuilder t;
  whole_flow(t.step("ordinary_before").tries(3));
  t.step("combined_card").tries(3);
  if (middle == End::kWorks) whole_flow(t);
  if (middle == End::kRefused) refusal(t, reason);
  t.step("ordinary_after").tries(3);
  if (after == End::kWorks) whole_flow(t);
  return t.end();
}

Judgement of_combined(const TranscriptBuilder& t) {
  return judge_combined_card(t.build(), context_of("1-8.d"));
}

TEST(CombinedCard, a_card_that_works_or_is_refused_clearly_is_one_part_of_three) {
  for (const End middle : {End::kWorks, End::kRefused}) {
    const Judgement judgement = of_combined(combined(middle, End::kWorks));
    EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
    EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  }
}

TEST(CombinedCard, a_refusal_for_another_reason_and_silence_fail) {
  EXPECT_EQ(of_combined(combined(End::kRefused, End::kWorks, "card_unreadable")).verdict, Verdict::kFail);
  EXPECT_EQ(of_combined(combined(End::kSilent, End::kWorks)).verdict, Verdict::kFail);
}

TEST(CombinedCard, a_device_that_serves_nobody_afterwards_fails) {
  EXPECT_EQ(of_combined(combined(End::kWorks, End::kSilent)).verdict, Verdict::kFail);
  EXPECT_EQ(of_combined(combined(End::kRefused, End::kSilent)).verdict, Verdict::kFail);
}

TEST(CombinedCard, success_that_card_and_server_did_not_see_fails) {
  TranscriptBuilder t;
  whole_flow(t.step("ordinary_before").tries(3));
  t.step("combined_card").tries(3).state("method").result("ok", "none");
  whole_flow(t.step("ordinary_after").tries(3));
  EXPECT_EQ(of_combined(t.end()).verdict, Verdict::kFail);
}

TEST(CombinedCard, without_an_ordinary_card_that_works_nothing_is_said) {
  TranscriptBuilder t;
  refusal(t.step("ordinary_before").tries(3), "server_unreachable");
  refusal(t.step("combined_card").tries(3), "server_unreachable");
  const Judgement judgement = of_combined(t.end());
  EXPECT_EQ(judgement.reason, Reason::kControlFailed);
  EXPECT_EQ(of_combined(TranscriptBuilder()).reason, Reason::kControlFailed);
}

TEST(CombinedCard, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_combined_card, combined(End::kWorks, End::kWorks).build(),
                            context_of("1-8.d"));
  expect_no_pass_when_cut_off(judge_combined_card, combined(End::kWorks, End::kWorks).build(),
                              context_of("1-8.d"));
}

TEST(NextCard, works_or_is_refused_clearly_and_nothing_in_between) {
  const auto next = [](End middle, const char* reason) {
    TranscriptBuilder t;
    whole_flow(t.step("ordinary_before").tries(3));
    t.step("next_card").tries(3);
    if (middle == End::kWorks) whole_flow(t);
    if (middle == End::kRefused) refusal(t, reason);
    whole_flow(t.step("ordinary_after").tries(3));
    return judge_next_card(t.end().build(), context_of("1-8.c"));
  };
  EXPECT_EQ(next(End::kWorks, "").reason, Reason::kPartial);
  EXPECT_EQ(next(End::kRefused, "card_unsupported").reason, Reason::kPartial);
  EXPECT_EQ(next(End::kRefused, "card_unreadable").verdict, Verdict::kFail);
  EXPECT_EQ(next(End::kSilent, "").verdict, Verdict::kFail);
  EXPECT_EQ(judge_next_card(Transcript(), context_of("1-8.c")).reason, Reason::kControlFailed);
}

/// The next card before its update, the package, and the card after it.
struct Updated {
  End before = End::kRefused, after = End::kWorks, ordinary = End::kWorks;
  bool fetched = true, asked_to_look = true;
  int status = 200;
};
TranscriptBuilder updated(const Updated& how) {
  TranscriptBuilder t;
  const auto play = [&](End end) {
    if (end == End::kWorks) whole_flow(t);
    if (end == End::kRefused) refusal(t, "card_unsupported");
  };
  whole_flow(t.step("ordinary_before").tries(3));
  play((t.step("next_card").tries(3), how.before));
  t.add(source::kStimulus, "update_poll", {{"from", how.asked_to_look ? "settings" : "device"}});
  t.step("update").add(source::kStimulus, "offer", {{"name", "card_profiles"}, {"sha256", "abc"}});
  if (how.fetched)
    t.add(source::kServer, "update_request", {{"path", "/v1/updates/abc"}, {"status", how.status}});
  play((t.step("card_after_update").tries(3), how.after));
  play((t.step("ordinary_after").tries(3), how.ordinary));
  return t.end();
}
Judgement of_updated(const Updated& how) {
  return judge_next_card(updated(how).build(), context_of("1-8.c"));
}

TEST(NextCard, works_after_its_update_is_two_parts_of_three) {
  for (const End before : {End::kRefused, End::kWorks}) {
    const Judgement judgement = of_updated({before});
    EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
    EXPECT_NE(judgement.because_en.find("2 of 3"), std::string::npos) << judgement.because_en;
  }
}

TEST(NextCard, refused_or_silent_after_its_update_fails_however_clearly) {
  EXPECT_EQ(of_updated({End::kRefused, End::kRefused}).verdict, Verdict::kFail);
  EXPECT_EQ(of_updated({End::kWorks, End::kRefused}).verdict, Verdict::kFail);
  EXPECT_EQ(of_updated({End::kRefused, End::kSilent}).verdict, Verdict::kFail);
  EXPECT_EQ(of_updated({End::kRefused, End::kWorks, End::kRefused}).verdict, Verdict::kFail)
      << "the update took the ordinary card away";
}

TEST(NextCard, a_device_that_was_asked_to_look_and_did_not_fails_and_one_with_its_own_rhythm_is_undecided) {
  Updated how{End::kRefused, End::kRefused, End::kWorks, false, true};
  EXPECT_EQ(of_updated(how).verdict, Verdict::kFail);
  how.asked_to_look = false;
  EXPECT_EQ(of_updated(how).reason, Reason::kControlFailed);
  how.fetched = true;
  how.status = 404;
  EXPECT_EQ(of_updated(how).reason, Reason::kControlFailed) << "the package was not given away";
}

TEST(NextCard, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_next_card, updated({}).build(), context_of("1-8.c"));
  expect_no_pass_when_cut_off(judge_next_card, updated({}).build(), context_of("1-8.c"));
}

TranscriptBuilder face(bool ordinary_pin, bool pin_page, int sent, bool card = true) {
  TranscriptBuilder t;
  t.step("ordinary_card").tries(3).state("method");
  if (ordinary_pin) t.state("pin");
  t.state("idle").step("face_card").tries(0);
  if (card) t.apdu(0xA4, 10, 0x9000).apdu(0x20, 0, 0x63C0);
  t.state("method").state(pin_page ? "pin" : "error");
  for (int i = 0; i < sent; ++i) t.verify(4, 0x6984);
  return t.state("idle").end();
}

Judgement of_face(const TranscriptBuilder& t) {
  return judge_face_card(t.build(), context_of("3-14.g"));
}

TEST(FaceCard, no_question_for_a_pin_is_one_part_of_two) {
  const Judgement judgement = of_face(face(true, false, 0));
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
}

TEST(FaceCard, a_pin_page_fails_and_so_does_a_pin_at_the_card_without_one) {
  EXPECT_EQ(of_face(face(true, true, 0)).verdict, Verdict::kFail);
  EXPECT_EQ(of_face(face(true, true, 1)).verdict, Verdict::kFail);
  EXPECT_EQ(of_face(face(true, false, 1)).verdict, Verdict::kFail);
}

TEST(FaceCard, without_the_control_nothing_is_said) {
  EXPECT_EQ(of_face(face(false, false, 0)).reason, Reason::kControlFailed);
  EXPECT_EQ(of_face(face(true, false, 0, false)).reason, Reason::kControlFailed);
  EXPECT_EQ(of_face(TranscriptBuilder()).reason, Reason::kControlFailed);
}

TEST(FaceCard, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_face_card, face(true, false, 0).build(), context_of("3-14.g"));
  expect_no_pass_when_cut_off(judge_face_card, face(true, false, 0).build(), context_of("3-14.g"));
}

TEST(Submissions, wrong_values_of_a_secret_are_counted_by_what_the_card_says) {
  TranscriptBuilder t;
  const auto verify = [&](const char* content, int size, int sw) {
    t.add(source::kCard, "apdu", {{"ins", 0x20}, {"body_size", size}, {"sw", sw}, {"content", content}});
  };
  t.step("x");
  verify("number_b", 0, 0x63CA);  // a query
  verify("number_b", 14, 0x63C9);
  verify("number_b", 14, 0x63C0);  // the last one
  verify("number_b", 14, 0x6984);  // blocked: takes none
  verify("number_b", 14, 0x9000);
  verify("auth_pin", 4, 0x63C2);
  const auto commands = steps_of(t.build()).front().commands();
  EXPECT_EQ(submissions_of(commands, "number_b").all, 4);
  EXPECT_EQ(submissions_of(commands, "number_b").wrong, 2);
  EXPECT_EQ(submissions_of(commands, "auth_pin").wrong, 1);
  EXPECT_EQ(submissions_of(commands, "").all, 0);
}

}  // namespace
}  // namespace shogo::conformance
