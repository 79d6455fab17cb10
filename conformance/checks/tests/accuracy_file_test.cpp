// 3-3.a and 3-3.b: the decision must follow the file, and only a sound one.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <map>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

class Story {
 public:
  Story() { t_.add(source::kStimulus, "update_poll", {{"from", "settings"}}); }
  Story& offered(const char* name, bool fetched = true) {
    t_.add(source::kStimulus, "offer", {{"name", name}, {"sha256", name}});
    if (fetched)
      t_.add(source::kServer, "update_request",
             {{"path", std::string("/v1/updates/") + name}, {"status", 200}});
    return *this;
  }
  Story& decided(const std::string& step, bool one, const char* version = "", bool two = false,
                 const char* firmware = "1.0.0") {
    t_.step(step);
    t_.add(source::kDevice, "decision", {{"person", "one"}, {"same", one}});
    t_.add(source::kDevice, "decision", {{"person", "two"}, {"same", two}});
    t_.add(source::kDevice, "versions", {{"firmware", firmware}, {"accuracy", version}});
    return *this;
  }
  TranscriptBuilder& t() { return t_; }

 private:
  TranscriptBuilder t_;
};

Transcript moved(bool before, bool after, bool back, const char* last_firmware = "1.0.0",
                 bool fetched = true) {
  Story story;
  story.decided("before", before).offered("strict", fetched).decided("after", after, "1.1.0");
  story.offered("loose").decided("back", back, "1.2.0", false, last_firmware);
  return story.t().end().build();
}

Judgement threshold(const Transcript& transcript) {
  return judge_threshold_moved(transcript, context_of("3-3.a"));
}

TEST(ThresholdMoved, a_decision_that_follows_both_files_passes) {
  const Judgement judgement = threshold(moved(true, false, true));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(ThresholdMoved, a_decision_that_stays_or_does_not_come_back_fails) {
  EXPECT_EQ(threshold(moved(true, true, true)).verdict, Verdict::kFail);
  EXPECT_EQ(threshold(moved(true, false, false)).verdict, Verdict::kFail);
  EXPECT_EQ(threshold(moved(true, true, true, "1.0.0", false)).verdict, Verdict::kFail)
      << "it was asked to look";
}

TEST(ThresholdMoved, another_firmware_is_no_update_file_alone) {
  EXPECT_EQ(threshold(moved(true, false, true, "1.0.1")).verdict, Verdict::kFail);
}

TEST(ThresholdMoved, a_device_that_told_nobody_apart_before_says_nothing) {
  EXPECT_EQ(threshold(moved(false, false, true)).reason, Reason::kControlFailed);
  EXPECT_EQ(threshold(Transcript()).reason, Reason::kControlFailed);
}

struct Files {
  std::map<std::string, bool> taken;  ///< by name
  bool first_works = true, back_works = true, all_fetched = true, logged = true;
};

Transcript files(const Files& how) {
  Story story;
  story.decided("before", true).offered("first").decided("first_decisions", !how.first_works, "2.0.0");
  for (const char* name : {"unsigned", "forged", "changed", "replayed"}) {
    const auto found = how.taken.find(name);
    story.t().add(source::kDevice, "versions", {{"accuracy", "5.5.5"}});  // belongs to what comes next
    story.offered(name, how.all_fetched)
        .decided(std::string(name) + "_decisions", found != how.taken.end() && found->second, "2.0.0");
  }
  story.offered("back").decided("back_decisions", how.back_works, how.back_works ? "1.0.0" : "2.0.0");
  std::string log;
  for (const char* version : {"9.0.0", "9.0.1", "9.0.2", "9.0.3"})
    if (how.logged || std::string(version) != "9.0.3")
      log += std::string(R"({"event":"update","outcome":"refused","version":")") + version + "\"}\n";
  story.t().file(source::kDevice, "log", {}, "log", "log", Bytes(log.begin(), log.end()));
  return story.t().end().build();
}

Judgement offers(const Files& how) {
  return judge_accuracy_offers(files(how), context_of("3-3.b"));
}

TEST(AccuracyOffers, only_sound_files_and_the_signed_roll_back_passes) {
  const Judgement judgement = offers({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(AccuracyOffers, each_bad_file_that_takes_effect_fails) {
  for (const char* name : {"unsigned", "forged", "changed", "replayed"})
    EXPECT_EQ(offers({{{name, true}}}).verdict, Verdict::kFail) << name;
}

TEST(AccuracyOffers, a_signed_roll_back_that_is_refused_and_a_refusal_without_a_record_fail) {
  EXPECT_EQ(offers({{}, true, false}).verdict, Verdict::kFail);
  EXPECT_EQ(offers({{}, true, true, true, false}).verdict, Verdict::kFail);
}

TEST(AccuracyOffers, without_a_sound_file_at_work_or_files_that_were_seen_nothing_is_said) {
  EXPECT_EQ(offers({{}, false}).reason, Reason::kControlFailed);
  EXPECT_EQ(offers({{}, true, true, false}).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_accuracy_offers(Transcript(), context_of("3-3.b")).reason, Reason::kControlFailed);
}

TEST(AccuracyFile, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_threshold_moved, moved(true, false, true), context_of("3-3.a"));
  expect_no_pass_when_cut_off(judge_threshold_moved, moved(true, false, true), context_of("3-3.a"));
  expect_to_survive_garbage(judge_accuracy_offers, files({}), context_of("3-3.b"));
  expect_no_pass_when_cut_off(judge_accuracy_offers, files({}), context_of("3-3.b"));
}

}  // namespace
}  // namespace shogo::conformance
