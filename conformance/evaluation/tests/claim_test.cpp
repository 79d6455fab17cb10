#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/evaluation/claim.h>
#include <shogo/statistics/binomial.h>
#include <shogo/statistics/random.h>

namespace shogo::evaluation {
namespace {

using statistics::RateVerdict;
using testing::HasSubstr;

constexpr double kFmr = 0.05, kLimit = 0.10;
constexpr std::uint32_t kPeople = 160, kOwn = 3, kStrangers = 40;

/// Normal scores to which each person brings a part. `fnmr`: at the threshold where FMR is exactly kFmr.
scores::ScoreSet draw(double fnmr, Rng& rng, std::uint32_t people = kPeople) {
  constexpr double kShare = 0.1;
  const double threshold = statistics::normal_tail_inverse(kFmr);
  const double genuine_mean = threshold + statistics::normal_tail_inverse(fnmr);
  scores::ScoreColumns columns;
  columns.subjects = people;
  std::vector<double> person(people);
  for (double& part : person) part = std::sqrt(kShare) * statistics::draw_normal(rng);
  for (std::uint32_t a = 0; a < people; ++a) {
    for (std::uint32_t i = 0; i < kOwn; ++i) {
      columns.genuine.push_back(static_cast<float>(genuine_mean + person[a] +
                                                   std::sqrt(1 - kShare) * statistics::draw_normal(rng)));
      columns.genuine_subject.push_back(a);
    }
    for (std::uint32_t i = 1; i <= kStrangers; ++i) {
      const std::uint32_t b = (a + i) % people;
      columns.impostor.push_back(static_cast<float>(
          person[a] + person[b] + std::sqrt(1 - 2 * kShare) * statistics::draw_normal(rng)));
      columns.impostor_claimed.push_back(a);
      columns.impostor_probe.push_back(b);
    }
  }
  return scores::ScoreSet::of(std::move(columns)).value();
}

MatchingInput question() {
  MatchingInput input;
  input.target_fmr = kFmr;
  input.fmr = {kFmr, false};
  input.fnmr = {kLimit, false};
  input.subject_share = 0.1;
  return input;
}

int count(double fnmr, int studies, RateVerdict wanted, std::string_view stream) {
  Rng rng(1, stream);
  int seen = 0;
  for (int i = 0; i < studies; ++i) {
    MatchingInput input = question();
    input.seed = static_cast<std::uint64_t>(i);
    seen += judge_fnmr_at_fmr(draw(fnmr, rng), input)->verdict == wanted ? 1 : 0;
  }
  return seen;
}

TEST(OperatingClaim, a_matcher_exactly_at_the_limit_is_seldom_told_either_word) {
  constexpr int kStudies = 400;
  // 5.5 % and three standard errors of so many studies.
  constexpr int kMost = 35;
  EXPECT_LE(count(kLimit, kStudies, RateVerdict::kProvenKept, "at the limit"), kMost);
  EXPECT_LE(count(kLimit, kStudies, RateVerdict::kProvenBroken, "at the limit"), kMost);
}

TEST(OperatingClaim, good_and_bad_matchers_are_told_apart) {
  EXPECT_GE(count(0.01, 60, RateVerdict::kProvenKept, "good"), 50);
  EXPECT_GE(count(0.40, 60, RateVerdict::kProvenBroken, "bad"), 50);
}

TEST(OperatingClaim, the_two_thresholds_lie_on_both_sides_of_the_one_of_the_estimate) {
  Rng rng(7, "claim");
  const auto claim = judge_fnmr_at_fmr(draw(0.02, rng, 600), question()).value();
  ASSERT_TRUE(claim.strict_threshold && claim.lax_threshold);
  EXPECT_LT(*claim.lax_threshold, claim.estimate.threshold);
  EXPECT_GT(*claim.strict_threshold, claim.estimate.threshold);
  EXPECT_LE(claim.fnmr_lax->point, claim.fnmr_strict->point);
  EXPECT_EQ(to_json(claim).at("verdict"), "proven_kept");
}

TEST(OperatingClaim, a_set_too_small_to_bound_the_fmr_proves_nothing) {
  Rng rng(8, "claim");
  MatchingInput input = question();
  input.target_fmr = 1e-4;
  const auto claim = judge_fnmr_at_fmr(draw(0.0001, rng), input).value();
  EXPECT_FALSE(claim.strict_threshold);
  EXPECT_NE(claim.verdict, RateVerdict::kProvenKept);
}

TEST(OperatingClaim, comparisons_without_a_score_are_errors) {
  Rng rng(9, "claim");
  scores::ScoreSet set = draw(0.001, rng, 600);
  EXPECT_EQ(judge_fnmr_at_fmr(set, question())->verdict, RateVerdict::kProvenKept);
  set.genuine_failures = 600;
  EXPECT_NE(judge_fnmr_at_fmr(set, question())->verdict, RateVerdict::kProvenKept);
}

TEST(OperatingClaim, scores_without_people_are_refused) {
  const auto set = scores::ScoreSet::of({{1}, {0}, {}, {}, {}, 0}).value();
  EXPECT_THAT(judge_fnmr_at_fmr(set, question()).error().describe(), HasSubstr("who was compared"));
}

}  // namespace
}  // namespace shogo::evaluation
