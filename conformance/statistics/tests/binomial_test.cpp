#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <shogo/statistics/binomial.h>

namespace shogo::statistics {
namespace {

/// The slow oracle: P(X <= k) term by term, without any special function but the logarithm.
double cdf_by_summing(int k, int n, double p) {
  double sum = 0;
  for (int i = 0; i <= k; ++i) {
    double log_term = 0;
    for (int j = 1; j <= i; ++j)
      log_term += std::log(static_cast<double>(n - i + j)) - std::log(static_cast<double>(j));
    sum += std::exp(log_term + i * std::log(p) + (n - i) * std::log1p(-p));
  }
  return sum;
}

double upper_by_bisection(int k, int n, double confidence) {
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (cdf_by_summing(k, n, middle) > 1 - confidence ? low : high) = middle;
  }
  return low;
}

double lower_by_bisection(int k, int n, double confidence) {
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (1 - cdf_by_summing(k - 1, n, middle) < 1 - confidence ? low : high) = middle;
  }
  return low;
}

TEST(Binomial, tail_probabilities_equal_the_sum_of_their_terms) {
  for (const int n : {1, 7, 60, 300})
    for (const double p : {0.001, 0.01, 0.2, 0.9})
      for (const int k : {0, 1, 3, n / 2, n - 1}) {
        if (k >= n) continue;
        EXPECT_NEAR(binomial_cdf(k, n, p), cdf_by_summing(k, n, p), 1e-12) << k << " of " << n << " at " << p;
      }
}

TEST(Binomial, bounds_equal_those_found_by_bisection_on_the_sum) {
  for (const int n : {1, 10, 150, 299})
    for (const int k : {0, 1, 2, 9})
      for (const double confidence : {0.9, 0.95, 0.99}) {
        if (k >= n) continue;
        EXPECT_NEAR(upper_bound(k, n, confidence), upper_by_bisection(k, n, confidence), 1e-10)
            << k << "/" << n;
        if (k == 0) continue;
        EXPECT_NEAR(lower_bound(k, n, confidence), lower_by_bisection(k, n, confidence), 1e-10)
            << k << "/" << n;
      }
}

TEST(Binomial, bounds_at_the_ends_are_zero_and_one) {
  EXPECT_EQ(lower_bound(0, 50, 0.95), 0);
  EXPECT_EQ(upper_bound(50, 50, 0.95), 1);
  EXPECT_NEAR(lower_bound(50, 50, 0.95), std::pow(0.05, 1.0 / 50), 1e-12);
}

TEST(Binomial, the_usual_laboratory_volume_proves_two_percent_and_not_one) {
  EXPECT_NEAR(upper_bound(0, 150, 0.95), 0.0198, 5e-5);
  EXPECT_NEAR(upper_bound(1, 150, 0.95), 0.031, 5e-4);
  EXPECT_NEAR(upper_bound(0, 60, 0.95), 0.0487, 5e-5);
}

TEST(Binomial, fewest_trials_are_those_of_the_requirements_table) {
  const std::tuple<double, int, int> table[] = {
      {0.01, 0, 299},    {0.01, 1, 473},    {0.01, 2, 628},   {0.01, 3, 773},   {0.01, 5, 1049},
      {0.01, 10, 1693},  {0.003, 0, 998},   {0.003, 1, 1580}, {0.003, 2, 2097}, {0.003, 5, 3502},
      {0.003, 10, 5651}, {0.001, 0, 2995},  {0.001, 3, 7752}, {1e-4, 0, 29956}, {1e-4, 1, 47437},
      {1e-4, 3, 77535},  {1e-4, 10, 169619}};
  for (const auto& [limit, k, n] : table)
    EXPECT_EQ(trials_to_prove(k, limit, 0.95, false), n) << limit << " " << k;
  EXPECT_EQ(trials_to_prove(0, 0.01, 0.99, false), 459);
}

TEST(Binomial, one_trial_fewer_than_the_table_does_not_prove) {
  EXPECT_LT(upper_bound(0, 299, 0.95), 0.01);
  EXPECT_GT(upper_bound(0, 298, 0.95), 0.01);
}

/// P(X < k) + P(X = k) / 2 term by term.
double half_below(int k, int n, double p) {
  double sum = 0;
  for (int i = 0; i <= k; ++i)
    sum += (i < k ? 1.0 : 0.5) *
           std::exp(std::lgamma(n + 1.0) - std::lgamma(i + 1.0) - std::lgamma(n - i + 1.0) + i * std::log(p) +
                    (n - i) * std::log(1 - p));
  return sum;
}

TEST(Binomial, mid_p_leaves_half_of_what_was_seen_to_either_tail) {
  for (const auto& [k, n] : {std::pair{1, 50}, std::pair{13, 1312}, std::pair{40, 100}}) {
    const Interval interval = mid_p_interval(k, n, 0.95);
    EXPECT_NEAR(half_below(k, n, interval.upper), 0.025, 1e-9) << k << "/" << n;
    EXPECT_NEAR(half_below(k, n, interval.lower), 0.975, 1e-9) << k << "/" << n;
    EXPECT_GT(interval.lower, lower_bound(k, n, 0.975));
    EXPECT_LT(interval.upper, upper_bound(k, n, 0.975));
  }
  EXPECT_EQ(mid_p_interval(0, 100, 0.95).lower, 0);
  EXPECT_NEAR(std::pow(1 - mid_p_interval(0, 100, 0.95).upper, 100) / 2, 0.025, 1e-9);
  EXPECT_EQ(mid_p_interval(100, 100, 0.95).upper, 1);
}

/// Exact coverage over every count: the mean over rates is what the interval promises.
TEST(Binomial, mid_p_holds_the_truth_about_as_often_as_it_says) {
  constexpr int kTrials = 1312;
  std::vector<Interval> intervals;
  for (int k = 0; k <= kTrials; ++k) intervals.push_back(mid_p_interval(k, kTrials, 0.95));
  double sum = 0;
  int rates = 0;
  for (double p = 0.004; p < 0.03; p += 0.0005, ++rates) {
    double covered = 0;
    for (int k = 0; k <= 200; ++k)
      if (intervals[static_cast<std::size_t>(k)].lower <= p &&
          p <= intervals[static_cast<std::size_t>(k)].upper)
        covered += binomial_cdf(k, kTrials, p) - (k > 0 ? binomial_cdf(k - 1, kTrials, p) : 0);
    EXPECT_GT(covered, 0.935) << p;
    EXPECT_LT(covered, 0.975) << p;
    sum += covered;
  }
  EXPECT_NEAR(sum / rates, 0.952, 0.006);
}

/// The slow oracle for the bivariate tail: its derivative by the correlation is the bivariate density at (t,
/// t).
double joint_by_density(double p, double rho) {
  const double t = normal_tail_inverse(p);
  constexpr int kSteps = 200000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double r = (i + 0.5) * rho / kSteps;
    sum += std::exp(-t * t / (1 + r)) / (2 * 3.14159265358979323846 * std::sqrt(1 - r * r));
  }
  return p * p + sum * rho / kSteps;
}

TEST(Binomial, joint_tails_of_two_normals_equal_the_integral_of_their_density) {
  for (const double p : {1e-4, 0.01, 0.3})
    for (const double rho : {0.0, 0.1, 0.3, 0.49})
      EXPECT_NEAR(joint_tail(p, rho) / joint_by_density(p, rho), 1, 1e-6) << p << " " << rho;
}

TEST(Binomial, normal_tails_invert_each_other) {
  EXPECT_NEAR(normal_tail(1.6448536269514722), 0.05, 1e-14);
  for (const double p : {1e-9, 1e-4, 0.05, 0.5, 0.99})
    EXPECT_NEAR(normal_tail(normal_tail_inverse(p)) / p, 1, 1e-10);
}

}  // namespace
}  // namespace shogo::statistics
