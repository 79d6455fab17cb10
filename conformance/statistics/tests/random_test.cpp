#include <cmath>

#include <gtest/gtest.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/random.h>

namespace shogo::statistics {
namespace {

TEST(Random, normals_have_mean_zero_variance_one_and_the_right_tail) {
  Rng rng(1, "random.normal");
  double sum = 0, squares = 0;
  int beyond = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw_normal(rng);
    sum += x;
    squares += x * x;
    beyond += x > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  EXPECT_NEAR(static_cast<double>(beyond) / kDraws, normal_tail(2), 0.002);
}

TEST(Random, gammas_have_mean_and_variance_of_their_shape) {
  Rng rng(1, "random.gamma");
  for (const double shape : {0.02, 0.5, 3.0}) {
    double sum = 0, squares = 0;
    constexpr int kDraws = 200000;
    for (int i = 0; i < kDraws; ++i) {
      const double x = draw_gamma(rng, shape);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kDraws;
    EXPECT_NEAR(mean / shape, 1, 0.06) << shape;
    EXPECT_NEAR((squares / kDraws - mean * mean) / shape, 1, 0.12) << shape;
  }
}

TEST(Random, cluster_rates_have_the_mean_and_the_correlation_asked_for) {
  Rng rng(1, "random.cluster");
  double sum = 0, squares = 0;
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i) {
    const double p = draw_cluster_rate(rng, 0.05, 0.2);
    sum += p;
    squares += p * p;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 0.05, 0.001);
  EXPECT_NEAR((squares / kDraws - mean * mean) / (mean * (1 - mean)), 0.2, 0.01);
}

TEST(Random, binomial_counts_follow_the_binomial_distribution) {
  Rng rng(1, "random.binomial");
  for (const double p : {0.02, 0.4, 0.97}) {
    std::vector<int> seen(31);
    constexpr int kDraws = 200000;
    for (int i = 0; i < kDraws; ++i) ++seen[static_cast<std::size_t>(draw_binomial(rng, 30, p))];
    double below = 0;
    for (int k = 0; k <= 30; ++k) {
      below += seen[static_cast<std::size_t>(k)];
      EXPECT_NEAR(below / kDraws, binomial_cdf(k, 30, p), 0.005) << k << " at " << p;
    }
  }
}

TEST(Random, beta_binomial_chances_are_those_of_drawing_a_rate_and_then_the_errors) {
  Rng rng(1, "random.beta_binomial");
  const std::vector<double> chance = beta_binomial(5, 0.1, 0.3);
  std::vector<int> seen(6);
  constexpr int kDraws = 200000;
  for (int i = 0; i < kDraws; ++i)
    ++seen[static_cast<std::size_t>(draw_binomial(rng, 5, draw_cluster_rate(rng, 0.1, 0.3)))];
  double sum = 0;
  for (std::size_t y = 0; y < chance.size(); ++y) {
    EXPECT_NEAR(static_cast<double>(seen[y]) / kDraws, chance[y], 0.003) << y;
    sum += chance[y];
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_NEAR(beta_binomial(3, 0.2, 0)[1], 3 * 0.2 * 0.8 * 0.8, 1e-12);
}

TEST(Random, cluster_counts_follow_their_chances) {
  Rng rng(1, "random.sampler");
  const std::vector<double> chance{0.7, 0.15, 0.1, 0.05};
  const ClusterSampler sampler(chance);
  std::vector<ClusterCount> clusters(1000);
  std::vector<int> seen(4);
  for (int i = 0; i < 300; ++i) {
    sampler.fill(rng, clusters);
    for (const ClusterCount& cluster : clusters) {
      EXPECT_EQ(cluster.trials, 3);
      ++seen[static_cast<std::size_t>(cluster.errors)];
    }
  }
  for (std::size_t y = 0; y < 4; ++y) EXPECT_NEAR(seen[y] / 300000.0, chance[y], 0.003) << y;
}

}  // namespace
}  // namespace shogo::statistics
