#include "../src/float_order.h"
#include "../src/kernels.h"
#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/scores/det.h>
#include <shogo/scores/operating_point.h>

namespace shogo::scores {
namespace {

using testing::HasSubstr;

std::vector<float> draw(Rng& rng, std::size_t n, double shift, int steps = 0) {
  std::vector<float> scores(n);
  for (float& score : scores) {
    double x = shift - 2;
    for (int i = 0; i < 4; ++i) x += rng.unit();
    if (steps > 0) x = std::round(x * steps) / steps;  // many ties
    score = static_cast<float>(x);
  }
  return scores;
}

/// The slow oracle: tries every threshold that could matter.
OperatingPoint by_trying_all(const std::vector<float>& genuine, const std::vector<float>& impostor,
                             double fmr) {
  std::vector<float> candidates{std::numeric_limits<float>::lowest()};
  for (const float score : impostor)
    candidates.push_back(std::nextafter(score, std::numeric_limits<float>::infinity()));
  std::sort(candidates.begin(), candidates.end());
  for (const float t : candidates) {
    OperatingPoint point{t, genuine.size(), 0, impostor.size(), 0};
    for (const float score : impostor) point.false_matches += score >= t ? 1U : 0U;
    if (point.fmr() > fmr) continue;
    for (const float score : genuine) point.false_non_matches += score < t ? 1U : 0U;
    return point;
  }
  return {};
}

void expect_equal(const OperatingPoint& a, const OperatingPoint& b) {
  EXPECT_EQ(a.threshold, b.threshold);
  EXPECT_EQ(a.false_matches, b.false_matches);
  EXPECT_EQ(a.false_non_matches, b.false_non_matches);
}

TEST(OperatingPoint, equals_the_best_of_all_thresholds_tried_one_by_one) {
  Rng rng(3, "scores.oracle");
  for (const int steps : {0, 3, 50})
    for (const std::size_t n : {1U, 2U, 17U, 1000U})
      for (const double fmr : {0.0, 0.001, 0.01, 0.3, 0.999, 1.0}) {
        const auto genuine = draw(rng, n, 0.5, steps), impostor = draw(rng, n + 3, 0, steps);
        expect_equal(evaluate(genuine, impostor, fmr)->point, by_trying_all(genuine, impostor, fmr));
      }
}

TEST(OperatingPoint, large_samples_go_through_the_one_pass_path_and_agree_with_sorting) {
  Rng rng(4, "scores.large");
  for (const int steps : {0, 1000}) {
    const auto genuine = draw(rng, 20000, 0.8, steps);
    auto impostor = draw(rng, 300000, 0, steps);
    for (const double fmr : {0.0, 1e-5, 1e-4, 1e-3, 0.01}) {
      const OperatingPoint point = evaluate(genuine, impostor, fmr)->point;
      auto sorted = impostor;
      std::sort(sorted.rbegin(), sorted.rend());
      const std::uint64_t allowed = errors_allowed(fmr, impostor.size());
      EXPECT_EQ(point.threshold, just_above(sorted[allowed])) << fmr;
      EXPECT_LE(point.fmr(), fmr);
      expect_equal(point, at_threshold(genuine, impostor, point.threshold).value());
    }
    std::sort(impostor.begin(), impostor.end());  // a sorted file must not mislead the sample
    EXPECT_EQ(evaluate(genuine, impostor, 1e-4)->point.threshold,
              just_above(impostor[impostor.size() - 1 - errors_allowed(1e-4, impostor.size())]));
  }
}

/// Seeded bug: the threshold whose FMR is nearest to the target. Here it would let 2 of 10 match for a target
/// of 16 %.
TEST(OperatingPoint, the_rate_is_kept_and_not_only_approached) {
  const std::vector<float> impostor{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, genuine{8.5F, 20};
  const OperatingPoint point = evaluate(genuine, impostor, 0.16)->point;
  EXPECT_EQ(point.false_matches, 1U);
  EXPECT_EQ(point.false_non_matches, 0U);
  EXPECT_GT(point.threshold, 8);
  EXPECT_LE(point.threshold, 8.5F);
}

TEST(OperatingPoint, equal_scores_are_decided_together) {
  const std::vector<float> impostor{1, 1, 1, 0}, genuine{1, 2};
  const OperatingPoint point = evaluate(genuine, impostor, 0.5)->point;
  EXPECT_EQ(point.false_matches, 0U) << "one of three equal scores cannot match alone";
  EXPECT_EQ(point.false_non_matches, 1U);
}

TEST(OperatingPoint, a_score_at_the_threshold_matches) {
  const std::vector<float> impostor{0.5F}, genuine{0.5F};
  const OperatingPoint point = at_threshold(genuine, impostor, 0.5F).value();
  EXPECT_EQ(point.false_matches, 1U);
  EXPECT_EQ(point.false_non_matches, 0U);
}

TEST(OperatingPoint, both_zeros_are_one_score) {
  const std::vector<float> impostor{-0.0F, 0.0F}, genuine{0.0F, -0.0F, 1.0F};
  const OperatingPoint point = evaluate(genuine, impostor, 0)->point;
  EXPECT_EQ(point.false_matches, 0U);
  EXPECT_EQ(point.false_non_matches, 2U);
  EXPECT_EQ(summarise_det(genuine, impostor)->points, 3U);  // 0, 1, above 1
}

TEST(OperatingPoint, errors_allowed_never_exceed_the_rate_and_are_as_many_as_possible) {
  EXPECT_EQ(errors_allowed(1e-4, 29999), 2U);
  EXPECT_EQ(errors_allowed(1e-4, 30000), 3U);
  EXPECT_EQ(errors_allowed(0.003, 1000), 3U);
  EXPECT_EQ(errors_allowed(0.01, 100), 1U);
  EXPECT_EQ(errors_allowed(1, 7), 7U);
  EXPECT_EQ(errors_allowed(0, 7), 0U);
}

TEST(OperatingPoint, what_is_no_score_is_refused_with_its_place) {
  const std::vector<float> good{1, 2, 3};
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, -nan, inf, -inf}) {
    std::vector<float> scores(5000, 0.25F);
    scores[4321] = bad;
    const auto refused = evaluate(good, scores, 0.1);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message(), HasSubstr("impostor score 4321"));
    EXPECT_FALSE(evaluate(scores, good, 0.1).ok());
    EXPECT_FALSE(at_threshold(scores, good, 0.1F).ok());
    EXPECT_FALSE(summarise_det(good, scores).ok());
  }
  EXPECT_THAT(evaluate({}, good, 0.1).error().message(), HasSubstr("no genuine"));
  EXPECT_THAT(evaluate(good, {}, 0.1).error().message(), HasSubstr("no impostor"));
  EXPECT_FALSE(evaluate(good, good, 1.5).ok());
  EXPECT_FALSE(evaluate(good, good, nan).ok());
  EXPECT_FALSE(at_threshold(good, good, nan).ok());
}

TEST(OperatingPoint, cell_points_are_exact) {
  Rng rng(5, "scores.cells");
  const auto genuine = draw(rng, 3000, 0.5), impostor = draw(rng, 5000, 0);
  const auto points = points_of(evaluate(genuine, impostor, 0.01)->det);
  ASSERT_GT(points.size(), 100U);
  for (std::size_t i = 0; i < points.size(); i += 7) {
    const OperatingPoint slow = at_threshold(genuine, impostor, points[i].threshold).value();
    EXPECT_EQ(points[i].false_matches, slow.false_matches);
    EXPECT_EQ(points[i].false_non_matches, slow.false_non_matches);
  }
  EXPECT_EQ(points.back().false_matches, 0U);
  EXPECT_EQ(points.back().false_non_matches, genuine.size());
}

TEST(Det, every_distinct_score_is_a_threshold_with_exact_counts) {
  Rng rng(6, "scores.det");
  for (const int steps : {0, 40}) {
    for (const std::size_t n : {5U, 900U, 20000U}) {
      const auto genuine = draw(rng, n, 0.01, steps), impostor = draw(rng, 2 * n, 0, steps);
      std::vector<float> thresholds(genuine);
      thresholds.insert(thresholds.end(), impostor.begin(), impostor.end());
      for (float& t : thresholds) t += 0.0F;
      std::sort(thresholds.begin(), thresholds.end());
      thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
      auto g = genuine, i = impostor;
      std::sort(g.begin(), g.end());
      std::sort(i.begin(), i.end());
      std::size_t at = 0;
      ASSERT_TRUE(visit_det(genuine, impostor, [&](std::span<const DetPoint> points) {
                    for (const DetPoint& point : points) {
                      const float t = at < thresholds.size() ? thresholds[at] : just_above(thresholds.back());
                      ++at;
                      ASSERT_EQ(point.threshold, t);
                      ASSERT_EQ(point.false_matches,
                                static_cast<std::size_t>(i.end() - std::lower_bound(i.begin(), i.end(), t)));
                      ASSERT_EQ(
                          point.false_non_matches,
                          static_cast<std::size_t>(std::lower_bound(g.begin(), g.end(), t) - g.begin()));
                    }
                  }).ok());
      EXPECT_EQ(at, thresholds.size() + 1);
    }
  }
}

TEST(Det, the_equal_error_rate_of_separated_scores_is_zero_and_of_equal_ones_a_half) {
  EXPECT_EQ(summarise_det(std::vector<float>{2, 3}, std::vector<float>{0, 1})->eer(), 0);
  EXPECT_EQ(summarise_det(std::vector<float>{1, 1}, std::vector<float>{1, 1})->eer(), 0.5);
}

TEST(Det, the_equal_error_point_is_the_best_of_all_thresholds) {
  Rng rng(8, "scores.eer");
  for (const int steps : {0, 30}) {
    const auto genuine = draw(rng, 700, 0.6, steps), impostor = draw(rng, 1900, 0, steps);
    double best = 2;
    float at = 0;
    std::vector<float> thresholds(genuine);
    thresholds.insert(thresholds.end(), impostor.begin(), impostor.end());
    std::sort(thresholds.begin(), thresholds.end());
    for (const float t : thresholds) {
      const OperatingPoint point = at_threshold(genuine, impostor, t).value();
      const double apart = std::abs(point.fmr() - point.fnmr());
      if (apart >= best - 1e-12) continue;
      best = apart;
      at = t;
    }
    EXPECT_EQ(summarise_det(genuine, impostor)->equal_error.threshold, at);
  }
}

TEST(Kernels, every_instruction_set_counts_the_same) {
  Rng rng(7, "scores.kernels");
  const auto scores = draw(rng, 10007, 0);
  std::vector<std::uint32_t> expected(kCells);
  for (const float score : scores) ++expected[cell_of(score)];
  for (const Kernels& set : all_kernels()) {
    std::vector<std::uint32_t> cells(kCells);
    std::vector<float> kept;
    EXPECT_EQ(set.count(scores.data(), scores.size(), cells.data(), 0.1F),
              static_cast<std::uint64_t>(
                  std::count_if(scores.begin(), scores.end(), [](float s) { return s < 0.1F; })))
        << set.name;
    EXPECT_EQ(cells, expected) << set.name;
    set.count_and_keep(scores.data(), scores.size(), cells.data(), 1.2F, kept);
    std::vector<float> high;
    std::copy_if(scores.begin(), scores.end(), std::back_inserter(high), [](float s) { return s >= 1.2F; });
    EXPECT_EQ(kept, high) << set.name;
  }
}

TEST(FloatOrder, keys_order_as_the_numbers_do_and_turn_back) {
  const std::vector<float> rising{-3e38F, -1, -1e-40F, 0, 1e-45F, 0.5F, 1, 3e38F};
  for (std::size_t i = 0; i + 1 < rising.size(); ++i)
    EXPECT_LT(order_key(rising[i]), order_key(rising[i + 1]));
  for (const float score : rising) EXPECT_EQ(from_order_key(order_key(score)), score);
}

TEST(OperatingPoint, zeros_are_not_counted_among_the_numbers_just_below_zero) {
  // -0 has the bits of the highest number below 0, but is the same score as +0.
  const std::vector<float> genuine{1}, impostor{0.0F, -0.0F, 0.0F, -1e-42F, -2e-42F, -3e-42F};
  const OperatingPoint point = evaluate(genuine, impostor, 4.0 / 6)->point;
  EXPECT_EQ(point.threshold, just_above(-2e-42F));
  EXPECT_EQ(point.false_matches, 4U);
}

TEST(OperatingPoint, cells_of_parts_add_up) {
  const std::vector<float> scores{-1, 0.5F, 0.5F, 7, 1e-30F, -0.0F};
  const auto whole = count_cells(scores, "impostor").value();
  const auto first = count_cells(std::span(scores).first(2), "impostor").value();
  const auto rest = count_cells(std::span(scores).subspan(2), "impostor").value();
  for (std::size_t i = 0; i < kCells; ++i) ASSERT_EQ(whole[i], first[i] + rest[i]);
}

}  // namespace
}  // namespace shogo::scores
