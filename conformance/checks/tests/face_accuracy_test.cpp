// 3-6.a, 3-6.b: the judge on both sides of its boundaries, and its control. Scores are made up.
#include "../src/face_accuracy.h"

#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/scores/formats.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;

const std::string kHash(64, 'a');

/// A ring of people, one genuine comparison each. Impostors score from 0 up to just below 1, and one in ten
/// thousand of them 2; genuine comparisons score 3, and `failing` of them -1.
struct Sample {
  std::uint32_t people = 8000;
  std::uint32_t strangers = 40;
  std::uint32_t failing = 0;
  std::uint64_t without_score = 0;
  float genuine = 3;
};

Bytes scores_of(const Sample& sample) {
  scores::ScoreColumns columns;
  columns.subjects = sample.people;
  for (std::uint32_t a = 0; a < sample.people; ++a) {
    // Spread over the ring, so that both halves of the people have their share.
    const bool fails = sample.failing > 0 && a % (sample.people / sample.failing) == 0;
    columns.genuine.push_back(fails ? -1 : sample.genuine);
    columns.genuine_subject.push_back(a);
    for (std::uint32_t i = 1; i <= sample.strangers; ++i) {
      const std::uint32_t number = a * sample.strangers + i;
      columns.impostor.push_back(number % 10'000 == 0 ? 2 : static_cast<float>(number % 9973) / 9973);
      columns.impostor_claimed.push_back(a);
      columns.impostor_probe.push_back((a + i) % sample.people);
    }
  }
  auto set = scores::ScoreSet::of(std::move(columns)).value();
  set.genuine_failures = sample.without_score;
  const auto folder = TemporaryFolder::create("scores").value();
  EXPECT_TRUE(scores::write_scores(folder.path() / "s", set).ok());
  return read_file(folder.path() / "s", 1U << 30).value();
}

TranscriptBuilder told(const Sample& sample, int agreeing = kAgreeingSessions, int differing = 0,
                       std::string_view portraits = "pictures") {
  TranscriptBuilder t;
  t.step("compare");
  t.file(source::kHarness, kEngineScores,
         {{"engine_sha256", kHash},
          {"portraits", portraits},
          {"sessions_agreeing", agreeing},
          {"sessions_differing", differing}},
         "engine", "scores", scores_of(sample));
  return t.end();
}

CheckContext context_for(const std::string& clause) {
  CheckContext context = context_of(clause);
  context.device.engine = "some matcher 7 sha256:" + std::string(64, 'A');
  return context;
}

Judgement required(const TranscriptBuilder& t) {
  return judge_fnmr_required(t.build(), context_for("3-6.a"));
}
Judgement recommended(const TranscriptBuilder& t) {
  return judge_fnmr_recommended(t.build(), context_for("3-6.b"));
}

TEST(FaceAccuracy, a_matcher_without_errors_keeps_both_limits) {
  EXPECT_EQ(required(told({})).verdict, Verdict::kPass) << required(told({})).because_en;
  EXPECT_EQ(recommended(told({})).verdict, Verdict::kPass) << recommended(told({})).because_en;
}

TEST(FaceAccuracy, one_percent_breaks_the_required_limit_and_a_fifth_only_the_recommended_one) {
  EXPECT_EQ(required(told({.failing = 80})).verdict, Verdict::kFail);
  const auto fifth = told({.people = 40'000, .strangers = 8, .failing = 80});
  EXPECT_NE(required(fifth).verdict, Verdict::kFail);
  EXPECT_EQ(recommended(fifth).verdict, Verdict::kFail) << recommended(fifth).because_en;
}

TEST(FaceAccuracy, an_estimate_at_the_limit_is_shown_and_above_it_is_not) {
  const Judgement at = required(told({.people = 8000, .failing = 24 - 4}));
  EXPECT_EQ(at.reason, Reason::kShown) << at.because_en;
  const Judgement above = required(told({.people = 8000, .failing = 32}));
  EXPECT_EQ(above.reason, Reason::kNotShown) << above.because_en;
}

TEST(FaceAccuracy, comparisons_without_a_score_are_errors) {
  EXPECT_EQ(required(told({.without_score = 200})).verdict, Verdict::kFail);
}

TEST(FaceAccuracy, without_sessions_on_the_device_only_a_part_is_told) {
  EXPECT_EQ(required(told({}, kAgreeingSessions - 1)).reason, Reason::kPartial);
  EXPECT_THAT(required(told({}, kAgreeingSessions, 0, "synthetic")).because_en, HasSubstr("2 of 3 stimuli"));
  EXPECT_EQ(required(told({.failing = 80}, 0, 0, "synthetic")).verdict, Verdict::kFail);
  EXPECT_EQ(required(told({}, kAgreeingSessions, 1)).reason, Reason::kControlFailed);
}

TEST(FaceAccuracy, a_sample_below_the_catalogues_counts_proves_nothing_good) {
  EXPECT_EQ(required(told({.strangers = 34})).reason,
            Reason::kSampleTooSmall);  // 272 000 impostors of 280 000
  EXPECT_EQ(required(told({.strangers = 35})).verdict, Verdict::kPass);
  EXPECT_EQ(required(told({.people = 990, .strangers = 300})).reason, Reason::kSampleTooSmall);
}

TEST(FaceAccuracy, scores_of_another_engine_or_no_scores_are_no_evidence) {
  CheckContext other = context_for("3-6.a");
  other.device.engine = "none";
  EXPECT_EQ(judge_fnmr_required(told({.failing = 80}).build(), other).reason, Reason::kControlFailed);
  EXPECT_EQ(required(TranscriptBuilder().step("compare").end()).reason, Reason::kControlFailed);
  TranscriptBuilder garbage;
  garbage.file(source::kHarness, kEngineScores, {{"engine_sha256", kHash}}, "engine", "scores",
               Bytes{1, 2, 3});
  EXPECT_THAT(required(garbage).because_en, HasSubstr("cannot be judged"));
  // Turned round: strangers score higher than owners.
  EXPECT_EQ(required(told({.genuine = -3})).reason, Reason::kControlFailed);
}

TEST(FaceAccuracy, half_a_story_is_no_pass) {
  const auto whole = told({});
  expect_no_pass_when_cut_off(judge_fnmr_required, whole.build(), context_for("3-6.a"));
}

}  // namespace
}  // namespace shogo::conformance
