// 3-14.a: six outcomes, each with its own order of messages and its own screen.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <functional>
#include <map>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using Part = std::function<void(TranscriptBuilder&)>;

Bytes screen(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};  // the judge compares screens, it does not decode them
}

void through_the_server(TranscriptBuilder& t, std::string_view outcome, bool signature_ok = true) {
  t.verify(4, 0x9000).server("/v1/challenge", "challenge").sign();
  t.server("/v1/eligibility", outcome, signature_ok);
}

void shown(TranscriptBuilder& t, std::string_view outcome, std::string_view reason) {
  t.state(outcome == "ok" ? "result_ok" : "result_ng").result(outcome, reason);
  t.frame("after", screen(std::string(outcome) + std::string(reason)));
}

/// What a right device does in each scenario.
std::map<std::string, Part> right_device() {
  return {
      {"success",
       [](TranscriptBuilder& t) {
         through_the_server(t, "eligible");
         shown(t, "ok", "none");
       }},
      {"wrong_pin",
       [](TranscriptBuilder& t) {
         t.verify(4, 0x63C2).state("pin", "wrong_pin").frame("after", screen("wrong pin, two left"));
       }},
      {"locked",
       [](TranscriptBuilder& t) {
         t.verify(4, 0x6984);
         shown(t, "ng", "pin_locked");
       }},
      {"expired",
       [](TranscriptBuilder& t) {
         through_the_server(t, "expired");
         shown(t, "ng", "cert_expired");
       }},
      {"revoked",
       [](TranscriptBuilder& t) {
         through_the_server(t, "revoked");
         shown(t, "ng", "cert_revoked");
       }},
      {"server_down",
       [](TranscriptBuilder& t) {
         t.verify(4, 0x9000);
         shown(t, "ng", "server_unreachable");
       }},
  };
}

TranscriptBuilder played(const std::map<std::string, Part>& parts) {
  TranscriptBuilder t;
  for (const char* name : {"success", "wrong_pin", "locked", "expired", "revoked", "server_down"}) {
    const auto part = parts.find(name);
    if (part == parts.end()) continue;
    t.step(name).tries(3).state("pin").apdu(0xA4, 10, 0x9000);
    part->second(t);
    t.tries(3).result("ng", "card_removed").state("idle");
  }
  return t.end();
}

/// The right device, but for one scenario.
TranscriptBuilder but(const std::string& name, Part part) {
  auto parts = right_device();
  parts[name] = std::move(part);
  return played(parts);
}

Judgement judged(const TranscriptBuilder& t) {
  return judge_pin_eligibility(t.build(), context_of("3-14.a"));
}

void expect_fail(const TranscriptBuilder& t, std::string_view scenario) {
  const Judgement judgement = judged(t);
  EXPECT_EQ(judgement.verdict, Verdict::kFail) << scenario << ": " << judgement.because_en;
  EXPECT_NE(judgement.because_en.find(scenario), std::string::npos) << judgement.because_en;
}

TEST(PinEligibility, six_right_outcomes_pass) {
  const Judgement judgement = judged(played(right_device()));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(PinEligibility, any_refusal_shown_as_success_fails) {
  for (const char* name : {"wrong_pin", "locked", "expired", "revoked", "server_down"}) {
    const Part right = right_device()[name];
    expect_fail(but(name,
                    [&](TranscriptBuilder& t) {
                      right(t);
                      t.state("result_ok");
                    }),
                name);
  }
  expect_fail(but("revoked",
                  [](TranscriptBuilder& t) {
                    through_the_server(t, "revoked");
                    shown(t, "ok", "cert_revoked");
                  }),
              "revoked");
}

TEST(PinEligibility, a_locked_card_tried_twice_fails_and_tried_once_or_never_passes) {
  const auto locked = [](int verifies) {
    return but("locked", [verifies](TranscriptBuilder& t) {
      for (int i = 0; i < verifies; ++i) t.verify(4, 0x6984);
      shown(t, "ng", "pin_locked");
    });
  };
  EXPECT_EQ(judged(locked(0)).verdict, Verdict::kPass);
  EXPECT_EQ(judged(locked(1)).verdict, Verdict::kPass);
  expect_fail(locked(2), "locked");
}

TEST(PinEligibility, success_without_the_server_s_word_fails) {
  expect_fail(but("success",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x9000).sign();
                    shown(t, "ok", "none");
                  }),
              "success");
  expect_fail(but("success",
                  [](TranscriptBuilder& t) {
                    through_the_server(t, "not_registered");
                    shown(t, "ok", "none");
                  }),
              "success");
}

TEST(PinEligibility, success_with_a_bad_signature_fails) {
  expect_fail(but("success",
                  [](TranscriptBuilder& t) {
                    through_the_server(t, "eligible", false);
                    shown(t, "ok", "none");
                  }),
              "success");
}

TEST(PinEligibility, success_without_a_verified_pin_fails) {
  expect_fail(but("success",
                  [](TranscriptBuilder& t) {
                    t.server("/v1/challenge", "challenge").sign().server("/v1/eligibility", "eligible", true);
                    shown(t, "ok", "none");
                  }),
              "success");
}

TEST(PinEligibility, a_signature_before_the_pin_fails) {
  for (const char* name : {"success", "expired", "revoked"}) {
    expect_fail(but(name,
                    [&](TranscriptBuilder& t) {
                      const std::string reason = std::string("cert_") + name;
                      t.server("/v1/challenge", "challenge").sign().verify(4, 0x9000);
                      t.server("/v1/eligibility", *name == 's' ? "eligible" : name, true);
                      *name == 's' ? shown(t, "ok", "none") : shown(t, "ng", reason);
                    }),
                name);
  }
}

TEST(PinEligibility, a_wrong_reason_fails) {
  expect_fail(but("locked",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x6984);
                    shown(t, "ng", "wrong_pin");
                  }),
              "locked");
  expect_fail(but("expired",
                  [](TranscriptBuilder& t) {
                    through_the_server(t, "expired");
                    shown(t, "ng", "cert_other");
                  }),
              "expired");
  expect_fail(but("server_down",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x9000);
                    shown(t, "ng", "");
                  }),
              "server_down");
}

TEST(PinEligibility, two_errors_that_share_one_screen_fail) {
  auto parts = right_device();
  for (const char* name : {"expired", "revoked"}) {
    parts[name] = [name](TranscriptBuilder& t) {
      through_the_server(t, name);
      t.result("ng", std::string("cert_") + name).frame("after", screen("something went wrong"));
    };
  }
  expect_fail(played(parts), "expired and revoked show the same screen");
}

TEST(PinEligibility, a_wrong_pin_that_reaches_the_server_fails) {
  expect_fail(but("wrong_pin",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x63C2).server("/v1/eligibility", "eligible", true);
                    t.state("pin", "wrong_pin").frame("after", screen("wrong pin"));
                  }),
              "wrong_pin");
  expect_fail(but("wrong_pin",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x63C2).sign();
                    t.state("pin", "wrong_pin").frame("after", screen("wrong pin"));
                  }),
              "wrong_pin");
}

TEST(PinEligibility, a_wrong_pin_claimed_without_asking_the_card_fails) {
  expect_fail(
      but("wrong_pin",
          [](TranscriptBuilder& t) { t.state("pin", "wrong_pin").frame("after", screen("wrong pin")); }),
      "wrong_pin");
}

TEST(PinEligibility, one_entry_that_burns_two_tries_fails) {
  expect_fail(but("wrong_pin",
                  [](TranscriptBuilder& t) {
                    t.verify(4, 0x63C2).verify(4, 0x63C1).state("pin", "wrong_pin");
                    t.frame("after", screen("wrong pin"));
                  }),
              "wrong_pin");
}

TEST(PinEligibility, a_revoked_certificate_reported_without_pin_or_signature_fails) {
  expect_fail(but("revoked",
                  [](TranscriptBuilder& t) {
                    t.server("/v1/challenge", "challenge").server("/v1/eligibility", "revoked", false);
                    shown(t, "ng", "cert_revoked");
                  }),
              "revoked");
}

TEST(PinEligibility,
     a_device_that_never_talks_to_a_card_is_inconclusive_when_silent_and_fails_when_it_boasts) {
  TranscriptBuilder silent;
  TranscriptBuilder boastful;
  for (const auto& [name, part] : right_device()) {
    silent.step(name).tries(3).state("idle").frame("after", screen(name));
    boastful.step(name).tries(3).state("result_ok").result("ok", "none").frame("after", screen(name));
  }
  EXPECT_EQ(judged(silent.end()).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged(boastful.end()).verdict, Verdict::kFail);
  EXPECT_EQ(judged(TranscriptBuilder()).verdict, Verdict::kInconclusive);
}

TEST(PinEligibility, one_scenario_or_one_screen_less_is_inconclusive) {
  for (const auto& [name, part] : right_device()) {
    auto parts = right_device();
    parts.erase(name);
    EXPECT_EQ(judged(played(parts)).verdict, Verdict::kInconclusive) << name;
  }
  EXPECT_EQ(judged(but("locked", [](TranscriptBuilder& t) { t.result("ng", "pin_locked"); })).verdict,
            Verdict::kInconclusive);
}

TEST(PinEligibility, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("3-14.a");
  expect_no_pass_when_cut_off(judge_pin_eligibility, played(right_device()).build(), context);
  const auto revoked_ok = but("revoked", [](TranscriptBuilder& t) {
    through_the_server(t, "revoked");
    shown(t, "ok", "none");
  });
  const auto locked_twice = but("locked", [](TranscriptBuilder& t) {
    t.verify(4, 0x6984).verify(4, 0x6984);
    shown(t, "ng", "pin_locked");
  });
  auto five = right_device();
  five.erase("expired");
  for (const auto& spoilt : {revoked_ok, locked_twice, played(five)}) {
    expect_no_pass_when_cut_off(judge_pin_eligibility, spoilt.build(), context);
    expect_no_pass_when_repeated_or_reordered(judge_pin_eligibility, spoilt.build(), context);
  }
}

TEST(PinEligibility, garbage_does_not_crash_the_judge) {
  expect_to_survive_garbage(judge_pin_eligibility, played(right_device()).build(), context_of("3-14.a"));
}

}  // namespace
}  // namespace shogo::conformance
