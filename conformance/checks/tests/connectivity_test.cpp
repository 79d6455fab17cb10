#include "checks.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

constexpr const char* kNames[] = {"normal",    "down", "closes",      "wrong_tls",
                                  "error_500", "slow", "dns_unknown", "dns_silent"};

struct Story {
  std::string liar;
  int took_ms = 100;
  bool asked = true;
  bool dns = true;         ///< the bench answers for names
  bool remembers = false;  ///< reaches the server by an address of before
};

Judgement verdict(const Story& story) {
  TranscriptBuilder t;
  for (const std::string name : kNames) {
    const bool dns = name.substr(0, 3) == "dns";
    if (dns && !story.dns) continue;
    const bool reached = name == "normal" || (dns && story.remembers);
    const bool lies = name == story.liar;
    t.step(name);
    if (reached && story.asked) t.server("/v1/ping", "pong");
    t.add(source::kDevice, "answer",
          {{"method", "check_connectivity"},
           {"result", {{"reason", reached != lies ? "none" : "server_unreachable"}, {"limit_ms", 1'000}}}});
    t.add(source::kHarness, "connectivity_time", {{"t_took_ms", story.took_ms}});
  }
  t.end();
  return judge_connectivity(t.build(), context_of("3-14.e"));
}

TEST(Connectivity, given_the_truth_in_time_then_pass) {
  EXPECT_EQ(verdict({}).verdict, Verdict::kPass) << verdict({}).because_en;
}

TEST(Connectivity, given_one_untrue_answer_then_fail) {
  for (const char* name : kNames) {
    Story story;
    story.liar = name;
    EXPECT_EQ(verdict(story).verdict, Verdict::kFail) << name;
  }
}

TEST(Connectivity, given_an_answer_later_than_declared_then_fail) {
  Story story;
  story.took_ms = 1'000;
  EXPECT_EQ(verdict(story).verdict, Verdict::kPass);
  story.took_ms = 1'001;
  EXPECT_EQ(verdict(story).verdict, Verdict::kFail);
}

TEST(Connectivity, given_a_device_that_asks_another_resolver_then_partial) {
  Story story;
  story.dns = false;
  EXPECT_EQ(verdict(story).reason, Reason::kPartial);
}

TEST(Connectivity, given_a_device_that_remembers_the_address_then_reaching_the_server_is_the_truth) {
  Story story;
  story.remembers = true;
  EXPECT_EQ(verdict(story).verdict, Verdict::kPass);
  story.liar = "dns_unknown";
  EXPECT_EQ(verdict(story).verdict, Verdict::kFail);
}

TEST(Connectivity, given_the_server_was_never_asked_or_nothing_was_played_then_control_failed) {
  Story story;
  story.asked = false;
  EXPECT_EQ(verdict(story).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_connectivity(TranscriptBuilder().build(), context_of("3-14.e")).reason,
            Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
