// 4-9.i: each trouble has to end with the version that is to be expected, at work.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Life {
  const char *first = "3.0.0", *broken = "3.0.0", *cut = "5.0.0", *rot = "3.0.0";
  bool first_works = true, broken_works = true, cut_works = true, rot_works = true;
  bool fetched = true, host = true, disk = true;
  int volume_after = 3;
};

TranscriptBuilder life(const Life& how = {}) {
  TranscriptBuilder t;
  const auto journey = [&](const char* name, bool works) {
    t.step(name).tries(3);
    if (works)
      t.state("method").state("pin").verify(4, 0x9000).sign().server("/v1/eligibility", "eligible", true);
    t.result(works ? "ok" : "ng", works ? "none" : "card_unsupported").state("idle");
  };
  const auto offered = [&](const char* name) {
    t.add(source::kStimulus, "offer", {{"name", name}, {"sha256", name}});
    if (how.fetched)
      t.add(source::kServer, "update_request",
            {{"path", std::string("/v1/updates/") + name}, {"status", 200}});
  };
  const auto told = [&](const char* version) {
    t.add(source::kDevice, "versions", {{"card_profiles", version}});
  };
  t.step("install").add(source::kDevice, "settings", {{"volume", 3}});
  offered("first");
  told(how.first);
  journey("works", how.first_works);
  t.step("broken");
  offered("broken");
  told(how.broken);
  journey("after_broken", how.broken_works);
  if (how.host) {
    t.step("power_cut");
    offered("second");
    told(how.cut);
    journey("after_cut", how.cut_works);
    t.step("rot");
    if (how.disk) {
      told(how.rot);
      journey("after_rot", how.rot_works);
    }
  }
  return t.step("end").add(source::kDevice, "settings", {{"volume", how.volume_after}}).end();
}

Judgement judged(const Life& how) {
  return judge_update_return(life(how).build(), context_of("4-9.i"));
}

TEST(UpdateReturn, every_trouble_survived_passes) {
  const Judgement judgement = judged({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(UpdateReturn, a_version_that_is_told_but_not_at_work_fails) {
  for (const auto member : {&Life::broken_works, &Life::cut_works, &Life::rot_works}) {
    Life how;
    how.*member = false;
    EXPECT_EQ(judged(how).verdict, Verdict::kFail);
  }
}

TEST(UpdateReturn, another_version_than_the_one_to_be_expected_fails) {
  for (const auto member : {&Life::broken, &Life::cut, &Life::rot}) {
    Life how;
    how.*member = "4.0.0";
    EXPECT_EQ(judged(how).verdict, Verdict::kFail);
  }
}

TEST(UpdateReturn, settings_that_changed_fail) {
  Life how;
  how.volume_after = 4;
  EXPECT_EQ(judged(how).verdict, Verdict::kFail);
}

TEST(UpdateReturn, without_a_first_version_at_work_or_a_trouble_that_was_met_nothing_is_said) {
  Life how;
  how.first = "";
  EXPECT_EQ(judged(how).reason, Reason::kControlFailed);
  how = {};
  how.first_works = false;
  EXPECT_EQ(judged(how).reason, Reason::kControlFailed);
  how = {};
  how.fetched = false;
  EXPECT_EQ(judged(how).reason, Reason::kControlFailed);
}

TEST(UpdateReturn, a_host_side_that_the_bench_cannot_cut_or_reach_is_a_part) {
  Life how;
  how.disk = false;
  EXPECT_EQ(judged(how).reason, Reason::kPartial);
  how.host = false;
  EXPECT_EQ(judged(how).reason, Reason::kPartial);
}

TEST(UpdateReturn, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_update_return, life().build(), context_of("4-9.i"));
  expect_no_pass_when_cut_off(judge_update_return, life().build(), context_of("4-9.i"));
}

}  // namespace
}  // namespace shogo::conformance
