#include "pinless.h"

#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

class Pinless : public testing::Test {
 public:
  TranscriptBuilder t;

  Pinless& reg(const char* state) {
    t.add(source::kServer, "register", {{"state", state}});
    return *this;
  }
  /// A card that is only looked at.
  Pinless& nobody(const char* state = "eligible") {
    t.step("nobody_checked");
    reg(state);
    t.apdu(0xA4, 10, 0x9000).state("method");
    return reg(state);
  }
  Pinless& armed(const char* step) {
    t.step(step);
    return *this;
  }
  Pinless& arm() {
    t.add(source::kStimulus, "visual_check", {{"armed", true}});
    return *this;
  }
  Pinless& eligible() {
    t.sign().server("/v1/eligibility", "eligible", true).result("ok", "none");
    return *this;
  }
  /// Visit of somebody who registers.
  Pinless& registers(const char* after = "eligible", int requests = 1) {
    armed("registers").reg("not_registered").arm();
    t.sign().server("/v1/eligibility", "not_registered", true).state("register_ask");
    for (int i = 0; i < requests; ++i) t.sign().server("/v1/registration", "eligible", true);
    t.result("ok", "none");
    return reg(after);
  }
  Pinless& comes_again() {
    armed("comes_again").reg("eligible").arm().eligible();
    return reg("eligible");
  }
  Judgement c() { return judge_pinless_eligibility(t.build(), context_of("3-14.c")); }
  Judgement d() { return judge_pinless_registration(t.build(), context_of("3-14.d")); }
  void whole_c() {
    nobody().armed("visual_check").arm().eligible();
    t.end();
  }
  void whole_d() {
    nobody("not_registered").registers().comes_again();
    t.end();
  }
};

TEST_F(Pinless, given_all_is_right_then_only_the_face_is_missing) {
  whole_c();
  EXPECT_EQ(c().verdict, Verdict::kInconclusive);
  EXPECT_EQ(c().reason, Reason::kPartial);
}

TEST_F(Pinless, given_a_signature_although_nobody_checked_then_fail) {
  nobody();
  t.sign();
  armed("visual_check").arm().eligible();
  t.end();
  EXPECT_EQ(c().verdict, Verdict::kFail);
}

TEST_F(Pinless, given_the_server_was_asked_or_success_shown_although_nobody_checked_then_fail) {
  nobody();
  t.server("/v1/eligibility", "not_registered", true);
  EXPECT_EQ(c().verdict, Verdict::kFail);
  t = {};
  nobody();
  t.result("ok", "none");
  EXPECT_EQ(c().verdict, Verdict::kFail);
  EXPECT_EQ(d().verdict, Verdict::kFail);
}

TEST_F(Pinless, given_one_pin_on_the_way_then_fail_and_a_question_for_the_counter_is_none) {
  nobody();
  t.verify(0, 0x63C3);
  armed("visual_check").arm();
  t.verify(0, 0x63C3);
  eligible();
  t.end();
  EXPECT_EQ(c().reason, Reason::kPartial) << "an empty VERIFY carries no PIN";
  t = {};
  nobody().armed("visual_check").arm();
  t.verify(4, 0x9000);
  eligible();
  t.end();
  EXPECT_EQ(c().verdict, Verdict::kFail);
}

TEST_F(Pinless, given_armed_and_no_end_of_it_then_fail) {
  nobody().armed("visual_check").arm();
  t.result("ng", "server_error").end();
  EXPECT_EQ(c().verdict, Verdict::kFail);
  t = {};
  nobody().armed("visual_check").arm();
  t.end();
  EXPECT_EQ(c().verdict, Verdict::kFail) << "silence is no success";
}

TEST_F(Pinless, given_success_is_shown_and_card_or_server_saw_nothing_then_fail) {
  nobody().armed("visual_check").arm();
  t.result("ok", "none").end();
  EXPECT_EQ(c().verdict, Verdict::kFail);
  t = {};
  nobody().armed("visual_check").arm();
  t.sign().server("/v1/eligibility", "eligible", false).result("ok", "none").end();
  EXPECT_EQ(c().verdict, Verdict::kFail) << "a signature that the server refused";
}

TEST_F(Pinless, given_the_card_was_not_reached_or_the_check_not_armed_then_control_failed) {
  EXPECT_EQ(c().reason, Reason::kControlFailed);
  EXPECT_EQ(d().reason, Reason::kControlFailed);
  t.step("nobody_checked");
  armed("visual_check").arm().eligible();
  t.end();
  EXPECT_EQ(c().reason, Reason::kControlFailed);
  t = {};
  nobody().armed("visual_check").eligible();
  t.end();
  EXPECT_EQ(c().reason, Reason::kControlFailed);
}

TEST_F(Pinless, given_the_register_holds_the_person_and_the_next_visit_asks_nothing_then_pass) {
  whole_d();
  EXPECT_EQ(d().verdict, Verdict::kPass);
}

TEST_F(Pinless, given_the_register_holds_nobody_or_two_requests_came_then_fail) {
  nobody("not_registered").registers("not_registered").comes_again();
  t.end();
  EXPECT_EQ(d().verdict, Verdict::kFail);
  for (const int requests : {0, 2}) {
    t = {};
    nobody("not_registered").registers("eligible", requests).comes_again();
    t.end();
    EXPECT_EQ(d().verdict, Verdict::kFail) << requests;
  }
}

TEST_F(Pinless, given_the_operation_is_missing_then_fail) {
  nobody("not_registered").armed("registers").reg("not_registered").arm();
  t.sign().server("/v1/eligibility", "not_registered", true).state("register_ask");
  t.result("ng", "server_error");
  reg("not_registered").comes_again();
  t.end();
  EXPECT_EQ(d().verdict, Verdict::kFail);
}

TEST_F(Pinless, given_the_next_visit_is_asked_again_then_fail) {
  nobody("not_registered").registers();
  armed("comes_again").reg("eligible").arm();
  t.sign().server("/v1/registration", "eligible", true).result("ok", "none");
  reg("eligible");
  t.end();
  EXPECT_EQ(d().verdict, Verdict::kFail);
}

TEST_F(Pinless, given_the_person_was_registered_before_then_control_failed) {
  nobody().armed("registers").reg("eligible").arm().eligible().reg("eligible").comes_again();
  t.end();
  EXPECT_EQ(d().reason, Reason::kControlFailed);
}

TEST_F(Pinless, given_a_transcript_cut_off_anywhere_then_never_pass) {
  whole_d();
  expect_no_pass_when_cut_off(judge_pinless_registration, t.build(), context_of("3-14.d"));
}

}  // namespace
}  // namespace shogo::conformance
