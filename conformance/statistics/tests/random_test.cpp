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
    constexpr int kDraws = 400000;
    for (int i = 0; i < kDraws; ++i) {
      const double x = draw_gamma(rng, shape);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kDraws;
    EXPECT_NEAR(mean / shape, 1, 0.04) << shape;
    EXPECT_NEAR((squares / kDraws - mean * mean) / shape, 1, 0.08) << shape;
  }
}

TEST(Random, cluster_rates_have_the_mean_and_the_correlation_asked_for) {
  Rng rng(1, "random.cluster");
  double sum = 0, squares = 0;
  constexpr int kDraws = 400000;
  for (int i = 0; i < kDraws; ++i) {
    const double p = draw_cluster_rate(rng, 0.05, 0.2);
    sum += p;
    squares += p * p;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 0.05, 0.001);
  EXPECT_NEAR((squares / kDraws - mean * mean) / (mean * (1 - mean)), 0.2, 0.006);
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

}  // namespace
}  // namespace shogo::statistics
