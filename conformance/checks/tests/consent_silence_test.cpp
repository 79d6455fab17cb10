#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

/// One visit; an empty flag: nothing arrived.
TranscriptBuilder& visit(TranscriptBuilder& t, const char* name, const char* flag) {
  t.step(name);
  if (*flag != '\0')
    t.add(source::kHost, "hand_over", {{"OperationInfoConsFlg", flag}, {"ReferralConsFlg", flag}});
  return t;
}

TranscriptBuilder visits(const char* silent = "0", const char* later = "0", const char* leaves = "0",
                         const char* refuses = "0", const char* agrees = "1") {
  TranscriptBuilder t;
  visit(t, "silent", silent);
  visit(t, "silent_after_one_refusal", later);
  visit(t, "leaves", leaves);
  visit(t, "refuses", refuses);
  visit(t, "agrees", agrees).end();
  return t;
}

Judgement verdict(const TranscriptBuilder& t) {
  return judge_consent_silence(t.build(), context_of("1-9.b"));
}

TEST(ConsentSilence, given_only_agreement_arrives_as_agreement_then_pass) {
  EXPECT_EQ(verdict(visits()).verdict, Verdict::kPass);
}

TEST(ConsentSilence, given_nothing_at_all_arrives_of_who_is_silent_or_leaves_then_pass) {
  EXPECT_EQ(verdict(visits("", "", "")).verdict, Verdict::kPass);
}

TEST(ConsentSilence, given_one_consent_of_anybody_unwilling_then_fail) {
  EXPECT_EQ(verdict(visits("1")).verdict, Verdict::kFail);
  EXPECT_EQ(verdict(visits("0", "1")).verdict, Verdict::kFail);
  EXPECT_EQ(verdict(visits("0", "0", "1")).verdict, Verdict::kFail);
  EXPECT_EQ(verdict(visits("0", "0", "0", "1")).verdict, Verdict::kFail);
}

TEST(ConsentSilence, given_no_agreement_or_no_refusal_arrives_then_control_failed) {
  EXPECT_EQ(verdict(visits("0", "0", "0", "0", "0")).reason, Reason::kControlFailed);
  EXPECT_EQ(verdict(visits("0", "0", "0", "0", "")).reason, Reason::kControlFailed);
  EXPECT_EQ(verdict(visits("0", "0", "0", "")).reason, Reason::kControlFailed);
}

TEST(ConsentSilence, given_time_cannot_run_out_then_partial) {
  TranscriptBuilder t;
  visit(t, "leaves", "0");
  visit(t, "refuses", "0");
  visit(t, "agrees", "1").end();
  EXPECT_EQ(verdict(t).reason, Reason::kPartial);
}

TEST(ConsentSilence, hostile_transcripts_never_pass) {
  const TranscriptBuilder good = visits();
  expect_no_pass_when_cut_off(judge_consent_silence, good.build(), context_of("1-9.b"));
  expect_to_survive_garbage(judge_consent_silence, good.build(), context_of("1-9.b"));
  expect_no_pass_when_repeated_or_reordered(judge_consent_silence, visits("1").build(), context_of("1-9.b"));
}

}  // namespace
}  // namespace shogo::conformance
