#include "checks.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

class Registration : public testing::Test {
 public:
  TranscriptBuilder t;

  Registration& step(const char* name, const char* before, const char* after, int requests, bool success) {
    t.step(name).add(source::kServer, "register", {{"state", before}}).verify(4, 0x9000);
    for (int i = 0; i < requests; ++i) t.server("/v1/registration", "eligible", true);
    if (success) t.result("ok", "none");
    t.add(source::kServer, "register", {{"state", after}});
    return *this;
  }
  Judgement register_verdict() { return judge_registration(t.build(), context_of("3-14.b")); }
  Judgement consent_verdict() { return judge_registration_consent(t.build(), context_of("3-14.h")); }
};

TEST_F(Registration, given_the_register_holds_the_person_afterwards_then_pass) {
  step("registers", "not_registered", "eligible", 1, true)
      .step("comes_again", "eligible", "eligible", 0, true);
  t.end();
  EXPECT_EQ(register_verdict().verdict, Verdict::kPass);
}

TEST_F(Registration, given_success_is_shown_and_the_register_knows_nobody_then_fail) {
  step("registers", "not_registered", "not_registered", 0, true);
  t.end();
  EXPECT_EQ(register_verdict().verdict, Verdict::kFail);
}

TEST_F(Registration, given_the_patient_agreed_and_nothing_came_of_it_then_fail) {
  step("registers", "not_registered", "not_registered", 1, false);
  t.end();
  EXPECT_EQ(register_verdict().verdict, Verdict::kFail);
}

TEST_F(Registration, given_two_requests_for_one_agreement_then_fail) {
  step("registers", "not_registered", "eligible", 2, true)
      .step("comes_again", "eligible", "eligible", 0, true);
  t.end();
  EXPECT_EQ(register_verdict().verdict, Verdict::kFail);
}

TEST_F(Registration, given_the_next_visit_asks_again_then_fail) {
  step("registers", "not_registered", "eligible", 1, true);
  t.step("comes_again").state("register_ask").end();
  EXPECT_EQ(register_verdict().verdict, Verdict::kFail);
}

TEST_F(Registration, given_the_person_was_registered_before_or_nobody_came_then_control_failed) {
  EXPECT_EQ(register_verdict().reason, Reason::kControlFailed);
  step("registers", "eligible", "eligible", 0, true);
  t.end();
  EXPECT_EQ(register_verdict().reason, Reason::kControlFailed);
}

TEST_F(Registration, given_the_script_was_cut_off_then_never_pass) {
  step("registers", "not_registered", "eligible", 1, true)
      .step("comes_again", "eligible", "eligible", 0, true);
  EXPECT_EQ(register_verdict().verdict, Verdict::kInconclusive);
}

TEST_F(Registration, given_only_agreement_registers_then_pass) {
  step("declines", "not_registered", "not_registered", 0, false)
      .step("leaves", "not_registered", "not_registered", 0, false)
      .step("silent", "not_registered", "not_registered", 0, false)
      .step("registers", "not_registered", "eligible", 1, true);
  t.end();
  EXPECT_EQ(consent_verdict().verdict, Verdict::kPass);
}

TEST_F(Registration, given_any_of_the_three_registers_then_fail) {
  for (const char* guilty : {"declines", "leaves", "silent"}) {
    t = {};
    for (const char* name : {"declines", "leaves", "silent"}) {
      const bool registers = std::string_view(name) == guilty;
      step(name, "not_registered", registers ? "eligible" : "not_registered", registers ? 1 : 0, false);
    }
    step("registers", "not_registered", "eligible", 1, true);
    t.end();
    EXPECT_EQ(consent_verdict().verdict, Verdict::kFail) << guilty;
  }
}

TEST_F(Registration, given_nobody_can_be_registered_at_all_then_control_failed) {
  step("declines", "not_registered", "not_registered", 0, false)
      .step("leaves", "not_registered", "not_registered", 0, false)
      .step("silent", "not_registered", "not_registered", 0, false)
      .step("registers", "not_registered", "not_registered", 0, false);
  t.end();
  EXPECT_EQ(consent_verdict().reason, Reason::kControlFailed);
}

TEST_F(Registration, given_silence_could_not_be_tried_then_partial) {
  step("declines", "not_registered", "not_registered", 0, false)
      .step("leaves", "not_registered", "not_registered", 0, false)
      .step("registers", "not_registered", "eligible", 1, true);
  t.end();
  EXPECT_EQ(consent_verdict().reason, Reason::kPartial);
}

}  // namespace
}  // namespace shogo::conformance
