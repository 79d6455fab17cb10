#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/evaluation/matching.h>
#include <shogo/evaluation/plots.h>
#include <shogo/statistics/random.h>

namespace shogo::evaluation {
namespace {

using scores::ScoreSet;
using statistics::RateVerdict;
using testing::Contains;
using testing::HasSubstr;

/// Every pair of `subjects` people once, each `own` times with himself; impostors N(0, 1), genuine N(`shift`,
/// 1).
ScoreSet people(std::uint32_t subjects, int own, double shift, std::uint64_t seed,
                bool with_subjects = true) {
  Rng rng(seed, "test.people");
  scores::ScoreColumns columns;
  columns.subjects = with_subjects ? subjects : 0;
  for (std::uint32_t a = 0; a < subjects; ++a) {
    for (int i = 0; i < own; ++i) {
      columns.genuine.push_back(static_cast<float>(shift + statistics::draw_normal(rng)));
      columns.genuine_subject.push_back(a);
    }
    for (std::uint32_t b = a + 1; b < subjects; ++b) {
      columns.impostor.push_back(static_cast<float>(statistics::draw_normal(rng)));
      columns.impostor_claimed.push_back(a);
      columns.impostor_probe.push_back(b);
    }
  }
  return ScoreSet::of(std::move(columns)).value();
}

MatchingInput at(double fmr, double fnmr) {
  MatchingInput input;
  input.target_fmr = fmr;
  input.fmr = {fmr, false};
  input.fnmr = {fnmr, false};
  return input;
}

TEST(Matching, a_given_threshold_is_judged_on_all_scores) {
  MatchingInput input = at(0.01, 0.02);
  input.threshold = 3.2F;
  const MatchingReport report = judge_matching(people(300, 4, 7, 1), input).value();
  EXPECT_EQ(report.mode, ThresholdMode::kFixed);
  EXPECT_EQ(report.fmr.trials, 300 * 299 / 2);
  EXPECT_EQ(report.fmr.verdict, RateVerdict::kProvenKept);
  EXPECT_EQ(report.fnmr.verdict, RateVerdict::kProvenKept);
  EXPECT_THAT(report.fmr.method, HasSubstr("pairs"));
}

/// Seeded bug: the in-sample threshold. What it says of the FMR is always good, and never a proof.
TEST(Matching, a_threshold_set_on_the_judged_scores_proves_nothing) {
  MatchingInput input = at(0.01, 0.05);
  input.mode = ThresholdMode::kSwept;
  const MatchingReport report = judge_matching(people(300, 4, 9, 2), input).value();
  EXPECT_LE(report.fmr.point, 0.01);
  EXPECT_EQ(report.fmr.verdict, RateVerdict::kShown);
  EXPECT_EQ(report.fnmr.verdict, RateVerdict::kShown);
  EXPECT_THAT(report.notes, Contains(HasSubstr("proves nothing")));
}

TEST(Matching, a_threshold_set_on_the_judged_scores_proves_no_fmr_however_far_from_its_limit) {
  const ScoreSet set = people(300, 4, 9, 2);
  MatchingInput input = at(0.01, 0.05);
  input.mode = ThresholdMode::kSwept;
  input.fmr = {0.3, false};
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kShown);
  input.fmr = {1e-5, false};
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kNotShown);
}

TEST(Matching, halves_share_nobody) {
  const ScoreSet set = people(41, 2, 3, 3);
  const auto half = halves(41, 9);
  std::set<std::uint32_t> seen[2];
  std::size_t genuine = 0;
  for (const std::uint8_t h : {std::uint8_t{0}, std::uint8_t{1}}) {
    const ScoreSet part = part_of(set, half, h).value();
    genuine += part.genuine().size();
    for (const auto column : {part.genuine_subject(), part.impostor_claimed(), part.impostor_probe()})
      seen[h].insert(column.begin(), column.end());
  }
  EXPECT_EQ(genuine, 82U);
  EXPECT_EQ(seen[0].size(), 21U);
  EXPECT_EQ(seen[1].size(), 20U);
  for (const std::uint32_t subject : seen[0]) EXPECT_FALSE(seen[1].contains(subject));
}

TEST(Matching, split_sets_the_threshold_on_one_half_and_judges_fnmr_on_the_other) {
  const ScoreSet set = people(400, 3, 8, 4);
  const MatchingReport report = judge_matching(set, at(0.01, 0.05)).value();
  EXPECT_EQ(report.mode, ThresholdMode::kSplit);
  EXPECT_EQ(report.fmr.trials, 200 * 199 / 2);
  EXPECT_LE(report.fmr.upper, 0.01);
  EXPECT_GT(report.fmr.upper, 0.0095) << "the lowest such threshold";
  EXPECT_EQ(report.fmr_check->trials, 200 * 199 / 2);
  EXPECT_NE(report.fmr_check->errors, report.fmr.errors);
  EXPECT_FALSE(report.fmr_check->verdict.has_value());
  EXPECT_EQ(report.fnmr.trials, 600);
  EXPECT_EQ(report.left_out, 200U * 200);
  EXPECT_EQ(report.fmr.verdict, RateVerdict::kProvenKept);
  EXPECT_EQ(report.fnmr.verdict, RateVerdict::kProvenKept);
}

TEST(Matching, a_half_too_small_to_bound_the_fmr_proves_nothing_of_it) {
  const MatchingReport report = judge_matching(people(60, 3, 8, 4), at(0.001, 0.05)).value();
  EXPECT_NE(report.fmr.verdict, RateVerdict::kProvenKept);
  EXPECT_THAT(report.notes, Contains(HasSubstr("too small")));
}

TEST(Matching, the_same_seed_makes_the_same_halves) {
  EXPECT_EQ(halves(100, 5), halves(100, 5));
  EXPECT_NE(halves(100, 5), halves(100, 6));
}

TEST(Matching, without_subjects_nothing_is_proven_unless_independence_is_declared) {
  const ScoreSet set = people(300, 4, 9, 5, false);
  MatchingInput input = at(0.01, 0.05);
  input.threshold = 3.2F;
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kShown);
  input.independent = true;
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kProvenKept);
  input.threshold = 0.0F;
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kProvenBroken);
  input.independent = false;
  EXPECT_EQ(judge_matching(set, input)->fmr.verdict, RateVerdict::kNotShown);
}

TEST(Matching, failures_of_genuine_comparisons_are_errors) {
  ScoreSet set = people(300, 4, 9, 6);
  set.genuine_failures = 100;
  MatchingInput input = at(0.01, 0.05);
  input.threshold = 3.2F;
  const MatchingReport report = judge_matching(set, input).value();
  EXPECT_EQ(report.fnmr.trials, 1300);
  EXPECT_GE(report.fnmr.errors, 100);
}

TEST(Matching, effects_equal_those_of_the_plain_list) {
  const ScoreSet set = people(40, 1, 2, 7);
  std::vector<statistics::PairTrial> list;
  for (std::size_t i = 0; i < set.impostor().size(); ++i)
    list.push_back(
        {set.impostor_claimed()[i], set.impostor_probe()[i], set.impostor()[i] >= 1.5F ? 1 : 0, 1});
  const auto direct = statistics::paired(statistics::count_pairs(list), 0.01);
  const auto effect = impostor_effect(set, 1.5F, 0.01, statistics::kAssumedSubjectShare);
  EXPECT_NEAR(effect.upper, direct.upper, 1e-9);
  EXPECT_NEAR(effect.lower, direct.lower, 1e-9);
}

TEST(Matching, contradicting_wishes_are_refused) {
  const ScoreSet set = people(20, 1, 2, 8), nameless = people(20, 1, 2, 8, false);
  MatchingInput input = at(0.01, 0.05);
  input.mode = ThresholdMode::kFixed;
  EXPECT_FALSE(judge_matching(set, input).ok());
  input.mode = ThresholdMode::kSplit;
  EXPECT_FALSE(judge_matching(nameless, input).ok());
  input.threshold = 1.0F;
  EXPECT_FALSE(judge_matching(set, input).ok());
}

TEST(Plots, a_det_shows_limits_curve_and_bounds) {
  const ScoreSet set = people(60, 2, 3, 9);
  const auto evaluated = scores::evaluate(set.genuine(), set.impostor(), 0.01).value();
  MatchingInput input = at(0.01, 0.05);
  input.threshold = 2.5F;
  const MatchingReport report = judge_matching(set, input).value();
  const DetCurve curve{"a < b & c",          points_of(evaluated.det),
                       set.genuine().size(), set.impostor().size(),
                       report.fmr,           report.fnmr};
  const std::string svg = to_svg(draw_det(std::vector{curve}, input.fmr, input.fnmr));
  EXPECT_THAT(svg, HasSubstr("FMR ≤ 1 %"));
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; c"));
  EXPECT_THAT(svg, HasSubstr("<circle"));
  EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
  DetCurve bare = curve;
  bare.fmr.reset();
  const auto shapes = [&](const DetCurve& one) {
    return draw_det(std::vector{one}, input.fmr, input.fnmr).shapes.size();
  };
  EXPECT_EQ(shapes(curve) - shapes(bare), 7U);  // two bars with two ends each, and the point
  EXPECT_THAT(to_svg(draw_histogram(set, 2.5F)), HasSubstr("threshold 2.5"));
  EXPECT_THAT(det_csv(curve), HasSubstr("threshold,false_matches"));
}

}  // namespace
}  // namespace shogo::evaluation
