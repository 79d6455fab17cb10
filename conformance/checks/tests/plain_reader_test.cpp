#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

// --- 2-1.c

class Loops {
 public:
  Loops& found(const char* answer = "card") {
    t.add(source::kHarness, "card_found", {{"answer", answer}});
    return *this;
  }
  Loops& answer(const char* question, const char* said) {
    t.add(source::kHarness, "pcsc_answer", {{"loop", 0}, {"question", question}, {"answer", said}});
    return *this;
  }
  Loops& played(int loops, int removals = 3) {
    t.apdu(0xA4, 10, 0x9000).add(source::kHarness, "loops", {{"played", loops}, {"removals", removals}});
    return *this;
  }
  Judgement verdict() {
    t.end();
    return judge_plain_reader(t.build(), context_of("2-1.c"));
  }
  TranscriptBuilder t;
};

TEST(PlainReader, given_every_question_answered_as_pcsc_says_then_pass) {
  EXPECT_EQ(Loops().found().played(20).verdict().verdict, Verdict::kPass);
}

TEST(PlainReader, given_one_wrong_answer_in_a_thousand_loops_then_fail) {
  const Judgement judgement = Loops().found().answer("rival_exclusive", "ok").played(1'000).verdict();
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("Sharing violation"), std::string::npos) << judgement.because_en;
}

TEST(PlainReader, given_no_card_is_found_without_its_software_then_fail) {
  EXPECT_EQ(Loops().found("timeout").played(0, 0).verdict().verdict, Verdict::kFail);
}

TEST(PlainReader, given_nothing_was_played_then_control_failed) {
  EXPECT_EQ(Loops().verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Loops().found().played(0, 0).verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Loops().found().played(5, 0).verdict().reason, Reason::kControlFailed);
}

TEST(PlainReader, hostile_transcripts_never_pass) {
  Loops loops;
  loops.found().played(20).t.end();
  expect_no_pass_when_cut_off(judge_plain_reader, loops.t.build(), context_of("2-1.c"));
  expect_to_survive_garbage(judge_plain_reader, loops.t.build(), context_of("2-1.c"));
}

// --- 2-1.b

class Session {
 public:
  Session() { t.step("session"); }
  Session& select() {
    t.apdu(0xA4, 10, 0x9000).apdu(0xA4, 2, 0x9000);
    return *this;
  }
  Session& foreign() {
    t.apdu(0xA4, 7, 0x6A82);
    return *this;
  }
  Session& verify() {
    t.verify(4, 0x9000);
    return *this;
  }
  Session& sign() {
    t.apdu(0xA4, 2, 0x9000).sign();
    return *this;
  }
  Judgement verdict(const char* outcome = "ok") {
    if (*outcome != '\0') t.result(outcome, "none");
    t.end();
    return judge_shared_reader(t.build(), context_of("2-1.b"));
  }
  TranscriptBuilder t;
};

TEST(SharedReader, given_the_other_programs_commands_before_and_after_the_session_then_pass) {
  EXPECT_EQ(Session().foreign().select().verify().sign().foreign().verdict().verdict, Verdict::kPass);
}

TEST(SharedReader, given_one_of_them_anywhere_between_select_and_signature_then_fail) {
  EXPECT_EQ(Session().foreign().select().foreign().verify().sign().verdict().verdict, Verdict::kFail);
  EXPECT_EQ(Session().foreign().select().verify().foreign().sign().verdict().verdict, Verdict::kFail);
}

TEST(SharedReader, given_another_sequence_in_between_that_was_not_finished_then_only_the_last_counts) {
  EXPECT_EQ(Session().select().foreign().select().verify().sign().verdict().verdict, Verdict::kPass);
}

TEST(SharedReader, given_the_session_does_not_succeed_or_never_gets_to_the_card_then_fail) {
  EXPECT_EQ(Session().foreign().select().verify().sign().verdict("ng").verdict, Verdict::kFail);
  EXPECT_EQ(Session().foreign().foreign().verdict("ng").verdict, Verdict::kFail);
}

TEST(SharedReader, given_the_other_program_reached_no_card_then_control_failed) {
  EXPECT_EQ(Session().select().verify().sign().verdict().reason, Reason::kControlFailed);
  EXPECT_EQ(Session().foreign().verdict("ok").reason, Reason::kControlFailed);
}

TEST(SharedReader, hostile_transcripts_never_pass) {
  Session session;
  session.foreign().select().verify().sign().foreign().t.result("ok", "none").end();
  expect_no_pass_when_cut_off(judge_shared_reader, session.t.build(), context_of("2-1.b"));
  expect_to_survive_garbage(judge_shared_reader, session.t.build(), context_of("2-1.b"));
}

}  // namespace
}  // namespace shogo::conformance
