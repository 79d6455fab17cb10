// 3-14.f, 1-8.e and 1-8.k: what a phone's flow must show at phone and server, and where it is to be held.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Played {
  bool iphone = true, android = true;       ///< the flow completes
  bool signs = true;                        ///< the phone signs, where it completes
  bool server = true;                       ///< the server says eligible, where it completes
  bool agreement_matters = true;            ///< without it nothing goes on
  bool cancel_awaited = true, home = true;  ///< a cancel could be given; the device went home
  bool sends_after_cancel = false;
  std::string place = "画面の右にある印にかざしてください。";
};

void flow(TranscriptBuilder& t, const char* name, bool pin, bool completes, const Played& p) {
  t.step(name).tries(3).state("phone_kind");
  t.add(source::kDevice, "page", {{"name", name}, {"state", "phone_tap"}, {"texts", {p.place}}});
  t.state("phone_tap").apdu(0xA4, 10, 0x9000);
  if (pin) t.verify(4, 0x9000);
  if (completes && p.signs) t.sign();
  if (completes && p.server) t.server("/v1/eligibility", "eligible", true);
  t.result(completes ? "ok" : "ng", completes ? "none" : "card_unsupported").state("idle");
}

TranscriptBuilder played(const Played& p = {}) {
  TranscriptBuilder t;
  flow(t, "iphone", false, p.iphone, p);
  flow(t, "android", true, p.android, p);
  flow(t, "iphone_not_agreed", false, !p.agreement_matters, p);
  t.step("android_cancelled").tries(3);
  t.add(source::kStimulus, "cancelled", {{"awaited", p.cancel_awaited}, {"idle", p.home}});
  t.apdu(0xA4, 10, 0x9000);
  if (p.sends_after_cancel) t.verify(4, 0x9000).sign().server("/v1/eligibility", "eligible", true);
  return t.state("idle").end();
}

Judgement flow_of(const Played& p) {
  return judge_phone_flow(played(p).build(), context_of("3-14.f"));
}
Judgement kinds_of(const Played& p) {
  return judge_phone_kinds(played(p).build(), context_of("1-8.e"));
}
Judgement guidance_of(const Played& p, const char* area) {
  CheckContext context = context_of("1-8.k");
  context.device.phone_area = area;
  return judge_phone_guidance(played(p).build(), context);
}

TEST(PhoneFlow, both_phones_to_the_end_and_a_safe_cancel_pass) {
  EXPECT_EQ(flow_of({}).verdict, Verdict::kPass);
  EXPECT_EQ(kinds_of({}).verdict, Verdict::kPass);
}

TEST(PhoneFlow, either_phone_that_does_not_work_fails_both_clauses) {
  for (Played p : {Played{.iphone = false}, Played{.android = false}}) {
    EXPECT_EQ(flow_of(p).verdict, Verdict::kFail);
    EXPECT_EQ(kinds_of(p).verdict, Verdict::kFail);
  }
}

TEST(PhoneFlow, success_without_signature_or_server_is_none) {
  EXPECT_EQ(flow_of({.signs = false}).verdict, Verdict::kFail);
  EXPECT_EQ(flow_of({.server = false}).verdict, Verdict::kFail);
  EXPECT_EQ(kinds_of({.signs = false}).verdict, Verdict::kFail);
}

TEST(PhoneFlow, an_iphone_whose_holder_has_not_agreed_must_not_succeed) {
  EXPECT_EQ(flow_of({.agreement_matters = false}).verdict, Verdict::kFail);
}

TEST(PhoneFlow, after_a_cancel_nothing_may_be_sent_and_the_device_goes_home) {
  EXPECT_EQ(flow_of({.sends_after_cancel = true}).verdict, Verdict::kFail);
  EXPECT_EQ(flow_of({.home = false}).verdict, Verdict::kFail);
}

TEST(PhoneFlow, a_cancel_that_could_not_be_given_leaves_it_open) {
  EXPECT_EQ(flow_of({.cancel_awaited = false}).reason, Reason::kControlFailed);
}

TEST(PhoneFlow, silence_and_hostile_transcripts_never_pass) {
  EXPECT_EQ(judge_phone_flow(Transcript(), context_of("3-14.f")).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_phone_kinds(Transcript(), context_of("1-8.e")).reason, Reason::kControlFailed);
  expect_no_pass_when_cut_off(judge_phone_flow, played().build(), context_of("3-14.f"));
  expect_no_pass_when_cut_off(judge_phone_kinds, played().build(), context_of("1-8.e"));
  expect_to_survive_garbage(judge_phone_flow, played().build(), context_of("3-14.f"));
  expect_to_survive_garbage(judge_phone_guidance, played().build(), context_of("1-8.k"));
}

TEST(PhoneGuidance, one_place_for_both_needs_none_and_an_unknown_one_cannot_be_judged) {
  EXPECT_EQ(guidance_of({}, "same").verdict, Verdict::kNotApplicable);
  EXPECT_EQ(guidance_of({}, "").reason, Reason::kNoChannel);
}

TEST(PhoneGuidance, the_page_names_the_side_that_the_device_declares) {
  EXPECT_EQ(guidance_of({}, "right").verdict, Verdict::kPass);
  EXPECT_EQ(guidance_of({}, "left").verdict, Verdict::kFail);
  EXPECT_EQ(guidance_of({.place = "この機器にかざしてください。"}, "right").verdict, Verdict::kFail);
  CheckContext context = context_of("1-8.k");
  context.device.phone_area = "right";
  EXPECT_EQ(judge_phone_guidance(Transcript(), context).reason, Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
