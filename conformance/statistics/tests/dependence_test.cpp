#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/binomial.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {
namespace {

TEST(Dependence, trials_with_a_cluster_each_are_independent_whatever_their_errors) {
  std::vector<ClusterCount> clusters(100, {0, 1});
  for (std::size_t i = 0; i < 7; ++i) clusters[i].errors = 1;
  EXPECT_EQ(clustered(clusters).upper, 1);
  EXPECT_EQ(clustered(clusters).lower, 1);
  EXPECT_EQ(clustered(clusters).method, "independent");
}

TEST(Dependence, without_errors_only_whole_clusters_count) {
  const std::vector<ClusterCount> clusters(10, {0, 30});
  EXPECT_DOUBLE_EQ(clustered(clusters).upper, 30);  // 300 presentations of 10 targets prove what 10 would
}

TEST(Dependence, with_errors_everywhere_only_whole_clusters_count_too) {
  EXPECT_DOUBLE_EQ(clustered(std::vector<ClusterCount>(10, {30, 30})).upper, 30);
}

TEST(Dependence, errors_that_come_as_whole_clusters_give_the_full_effect) {
  std::vector<ClusterCount> clusters(1000, {0, 5});
  for (std::size_t i = 0; i < 20; ++i) clusters[i].errors = 5;
  EXPECT_NEAR(clustered(clusters).lower, 5, 0.01);
  EXPECT_NEAR(clustered(clusters).upper, 5, 0.01);
  EXPECT_NEAR(clustered(clusters).icc, 1, 0.01);
}

TEST(Dependence, many_scattered_errors_bring_the_effect_down_to_one) {
  std::vector<ClusterCount> clusters(20000, {0, 5});
  for (std::size_t i = 0; i < 1000; ++i) clusters[20 * i].errors = 1;
  EXPECT_NEAR(clustered(clusters).lower, 1, 0.01);
  EXPECT_LT(clustered(clusters).upper, 1.02);
}

TEST(Dependence, few_scattered_errors_leave_caution) {
  std::vector<ClusterCount> clusters(300, {0, 6});
  for (std::size_t i = 0; i < 3; ++i) clusters[i].errors = 1;
  EXPECT_EQ(clustered(clusters).lower, 1);
  EXPECT_GT(clustered(clusters).upper, 2);
}

/// The slow oracle: every ordered couple of trials of one cluster adds the product of their deviations.
TEST(Dependence, variance_of_clusters_equals_the_sum_over_all_couples_of_trials) {
  Rng rng(7, "dependence.one_way");
  for (int round = 0; round < 20; ++round) {
    std::vector<ClusterCount> clusters;
    std::vector<std::vector<int>> trials;
    double k = 0, n = 0, squares = 0;
    for (int c = 0; c < 30; ++c) {
      const auto size = static_cast<std::int64_t>(2 + rng.below(6));
      const double own = rng.below(3) == 0 ? 0.6 : 0.05;
      std::vector<int> outcome;
      for (std::int64_t i = 0; i < size; ++i) outcome.push_back(rng.unit() < own ? 1 : 0);
      const auto errors = std::count(outcome.begin(), outcome.end(), 1);
      clusters.push_back({errors, size});
      trials.push_back(outcome);
      k += static_cast<double>(errors);
      n += static_cast<double>(size);
      squares += static_cast<double>(size * size);
    }
    const double p = k / n;
    double variance = 0;
    for (const auto& cluster : trials)
      for (const int a : cluster)
        for (const int b : cluster) variance += (a - p) * (b - p);
    variance *= 30.0 / 29;
    const double effect = std::clamp(variance / (k * (1 - p)), 1.0, squares / n);
    EXPECT_NEAR(clustered(clusters).lower, effect, 1e-9);
  }
}

TEST(Dependence, a_declared_correlation_is_a_floor_that_the_data_may_raise) {
  std::vector<ClusterCount> clusters(100, {0, 11});
  EXPECT_NEAR(clustered_declared(clusters, 0.1).upper, 2, 1e-12);
  for (std::size_t i = 0; i < 10; ++i) clusters[i].errors = 11;
  EXPECT_GT(clustered_declared(clusters, 0.1).upper, 10);
}

/// The slow oracle: every ordered couple of trials that share at least one subject.
TEST(Dependence, variance_of_pairs_equals_the_sum_over_all_couples_that_share_a_subject) {
  Rng rng(8, "dependence.pairs");
  for (int round = 0; round < 10; ++round) {
    std::vector<PairTrial> trials;
    for (std::uint32_t a = 0; a < 12; ++a)
      for (std::uint32_t b = 0; b < 12; ++b)  // both directions of a pair, some left out
        if (a != b && rng.below(5) != 0) trials.push_back({a, b, rng.below(a < 2 ? 3 : 9) == 0 ? 1 : 0, 1});
    double k = 0;
    for (const PairTrial& trial : trials) k += static_cast<double>(trial.errors);
    const double n = static_cast<double>(trials.size()), p = k / n;
    double variance = 0;
    for (const PairTrial& x : trials)
      for (const PairTrial& y : trials)
        if (x.a == y.a || x.a == y.b || x.b == y.a || x.b == y.b)
          variance += (static_cast<double>(x.errors) - p) * (static_cast<double>(y.errors) - p);
    const double expected = std::max(1.0, variance / (k * (1 - p)));
    EXPECT_NEAR(paired(count_pairs(trials), 1e-4).lower, expected, 1e-9);
  }
}

TEST(Dependence, the_closed_form_of_a_complete_design_equals_the_list_of_its_pairs) {
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> errors{{0, 1}, {0, 2}, {3, 0}, {7, 8}};
  std::vector<PairTrial> list;
  for (std::uint32_t a = 0; a < 30; ++a)
    for (std::uint32_t b = a + 1; b < 30; ++b) {
      const bool error = std::any_of(errors.begin(), errors.end(), [&](const auto& pair) {
        return std::min(pair.first, pair.second) == a && std::max(pair.first, pair.second) == b;
      });
      list.push_back({a, b, error ? 1 : 0, 1});
    }
  const DesignEffect x = paired(count_complete_pairs(30, errors), 0.01), y = paired(count_pairs(list), 0.01);
  EXPECT_NEAR(x.upper, y.upper, 1e-9);
  EXPECT_NEAR(x.lower, y.lower, 1e-9);
}

TEST(Dependence, pairs_without_errors_rest_on_the_assumed_model) {
  const DesignEffect effect = paired(count_complete_pairs(775, {}), 1e-4, 0.2);
  EXPECT_NEAR(effect.upper, assumed_pair_effect(775, 1e-4, 0.2), 1e-6);
  EXPECT_NEAR(effect.upper, 3.04, 0.01);  // simulated false matches of such a model: 3.2 to 3.5
  EXPECT_NEAR(paired(count_complete_pairs(775, {}), 1e-4, 0.0).upper, 1, 1e-6);
}

TEST(Dependence, one_wolf_raises_the_effect_of_all_pairs) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> errors;
  for (std::uint32_t i = 1; i <= 40; ++i) errors.emplace_back(0, i);
  EXPECT_GT(paired(count_complete_pairs(1000, errors), 1e-4).lower, 35);
}

TEST(Dependence, the_interval_reckons_with_two_more_clusters_as_bad_as_the_worst) {
  // 100 clusters of 10: one with six errors, fourteen with one. V = 50 less what the mean takes, over 0.98.
  std::vector<ClusterCount> clusters(100, {0, 10});
  clusters[0].errors = 6;
  for (std::size_t i = 1; i <= 14; ++i) clusters[i].errors = 1;
  const DesignEffect effect = clustered(clusters);
  const double variance = (50 - 100 * 0.2 * 0.2) * 100 / 99 / 0.98;
  EXPECT_NEAR(effect.lower, variance / 20, 1e-12);
  EXPECT_NEAR(effect.interval.upper, (variance + 2 * 36) / (20 + 2 * 6), 1e-12);
  EXPECT_DOUBLE_EQ(effect.interval.lower, effect.lower);
  EXPECT_GT(effect.upper, effect.interval.upper);
}

TEST(Dependence, without_errors_the_interval_is_as_cautious_as_the_bound) {
  const DesignEffect clusters = clustered(std::vector<ClusterCount>(10, {0, 30}));
  EXPECT_DOUBLE_EQ(clusters.interval.upper, 30);
  const DesignEffect pairs = paired(count_complete_pairs(775, {}), 1e-4);
  EXPECT_TRUE(pairs.interval.at_least);
  EXPECT_DOUBLE_EQ(pairs.interval.most, pairs.upper);
  EXPECT_DOUBLE_EQ(independent().interval.upper, 1);
}

/// The slow oracle of what shared people bring: every ordered couple of comparisons with exactly one person
/// in common adds the product of their deviations, and its fourth moments come person by person.
TEST(Dependence, the_interval_of_pairs_takes_what_couples_of_neighbours_show) {
  Rng rng(11, "dependence.interval");
  constexpr std::uint32_t kPeople = 120;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> errors;
  std::vector<std::vector<int>> matrix(kPeople, std::vector<int>(kPeople, 0));
  for (std::uint32_t a = 0; a < kPeople; ++a)
    for (std::uint32_t b = a + 1; b < kPeople; ++b)
      if (rng.unit() < (a < 12 || b < 12 ? 0.05 : 0.005)) {
        errors.emplace_back(a, b);
        matrix[a][b] = matrix[b][a] = 1;
      }
  const double k = static_cast<double>(errors.size()), n = kPeople * (kPeople - 1) / 2.0, p = k / n;
  ASSERT_GE(k, 30);
  double shared = 0, fourth = 0;
  for (std::uint32_t a = 0; a < kPeople; ++a) {
    double own = 0, degree = 0;
    for (std::uint32_t b = 0; b < kPeople; ++b) {
      if (b == a) continue;
      own += matrix[a][b] - p;
      degree += matrix[a][b];
      for (std::uint32_t c = 0; c < kPeople; ++c)
        if (c != a && c != b) shared += (matrix[a][b] - p) * (matrix[a][c] - p);
    }
    fourth += (own * own - degree) * (own * own - degree);
  }
  shared /= 1 - p;
  const double assumed = 2 * (kPeople - 2) * (joint_tail(p, 0.3) - p * p) / (p * (1 - p));
  const IntervalEffect effect = paired(count_complete_pairs(kPeople, errors), 0.01).interval;
  EXPECT_FALSE(effect.at_least);
  EXPECT_DOUBLE_EQ(effect.lower, 1);
  EXPECT_NEAR(effect.spread, (shared + 0.25 * assumed) / (k * (k + 0.25)), 1e-9 * effect.spread);
  EXPECT_GT(effect.freedom, 4);
  EXPECT_NEAR(effect.freedom, 1.5 * (k + shared) * (k + shared) / fourth, 1e-9 * effect.freedom);
}

TEST(Dependence, the_interval_of_pairs_says_when_it_can_only_be_safe) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> errors;
  for (std::uint32_t i = 0; i < 29; ++i) errors.emplace_back(2 * i, 2 * i + 1);
  EXPECT_TRUE(paired(count_complete_pairs(500, errors), 1e-3).interval.at_least);
  EXPECT_TRUE(paired(count_complete_pairs(99, errors), 1e-3).interval.at_least);
  errors.emplace_back(58, 59);
  EXPECT_FALSE(paired(count_complete_pairs(100, errors), 1e-3).interval.at_least);
  EXPECT_TRUE(paired(count_complete_pairs(99, errors), 1e-3).interval.at_least);
}

TEST(Dependence, one_comparison_of_two_people_still_has_an_interval) {
  for (const std::int64_t error : {0, 1}) {
    const DesignEffect effect = paired(count_pairs(std::vector<PairTrial>{{0, 1, error, 1}}), 0.01);
    EXPECT_DOUBLE_EQ(effect.interval.upper, 1);
    EXPECT_GE(effect.interval.most, 1);
  }
}

TEST(Dependence, both_directions_of_a_pair_leave_its_interval_where_it_was) {
  Rng rng(12, "dependence.directions");
  std::vector<PairTrial> once, twice;
  for (std::uint32_t a = 0; a < 150; ++a)
    for (std::uint32_t b = a + 1; b < 150; ++b) {
      const std::int64_t error = rng.unit() < 0.01 ? 1 : 0;
      once.push_back({a, b, error, 1});
      twice.push_back({a, b, error, 1});
      twice.push_back({b, a, error, 1});
    }
  const IntervalEffect one = paired(count_pairs(once), 0.01).interval,
                       two = paired(count_pairs(twice), 0.01).interval;
  EXPECT_NEAR(two.lower, 2, 1e-9);  // each error came twice and is worth one
  EXPECT_NEAR(two.spread, one.spread, 0.01 * one.spread);
  EXPECT_NEAR(two.freedom, one.freedom, 1e-6 * one.freedom);
}

}  // namespace
}  // namespace shogo::statistics
