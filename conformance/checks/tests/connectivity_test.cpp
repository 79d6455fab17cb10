#include "checks.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

constexpr const char* kNames[] = {"normal", "down", "closes", "wrong_tls", "error_500", "slow"};

Judgement verdict(const char* liar, int took_ms = 100, bool asked = true) {
  TranscriptBuilder t;
  for (const char* name : kNames) {
    const bool normal = std::string_view(name) == "normal";
    const bool lies = std::string_view(name) == liar;
    t.step(name);
    if (normal && asked) t.server("/v1/ping", "pong");
    t.add(source::kDevice, "answer",
          {{"method", "check_connectivity"},
           {"result", {{"reason", normal != lies ? "none" : "server_unreachable"}, {"limit_ms", 1'000}}}});
    t.add(source::kHarness, "connectivity_time", {{"t_took_ms", took_ms}});
  }
  t.end();
  return judge_connectivity(t.build(), context_of("3-14.e"));
}

TEST(Connectivity, given_the_truth_in_time_then_all_but_dns_is_shown) {
  EXPECT_EQ(verdict("").reason, Reason::kPartial);
}

TEST(Connectivity, given_one_untrue_answer_then_fail) {
  for (const char* name : kNames) EXPECT_EQ(verdict(name).verdict, Verdict::kFail) << name;
}

TEST(Connectivity, given_an_answer_later_than_declared_then_fail) {
  EXPECT_EQ(verdict("", 1'000).reason, Reason::kPartial);
  EXPECT_EQ(verdict("", 1'001).verdict, Verdict::kFail);
}

TEST(Connectivity, given_the_server_was_never_asked_or_nothing_was_played_then_control_failed) {
  EXPECT_EQ(verdict("", 100, false).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_connectivity(TranscriptBuilder().build(), context_of("3-14.e")).reason,
            Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
