#include <gtest/gtest.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {
namespace {

constexpr Limit kUnderOnePercent{0.01, true}, kAtMostOnePercent{0.01, false};

Rate judged(std::int64_t k, std::int64_t n, Limit limit, std::int64_t planned = 0) {
  return judge_rate({"IAPAR", k, n, independent(), kConfidence, limit, planned}).value();
}

TEST(Rate, is_proven_kept_from_the_first_sample_size_that_proves_it) {
  EXPECT_EQ(judged(0, 299, kUnderOnePercent).verdict, RateVerdict::kProvenKept);
  EXPECT_EQ(judged(0, 298, kUnderOnePercent).verdict, RateVerdict::kShown);
  EXPECT_EQ(judged(1, 473, kUnderOnePercent).verdict, RateVerdict::kProvenKept);
  EXPECT_EQ(judged(1, 472, kUnderOnePercent).verdict, RateVerdict::kShown);
}

TEST(Rate, is_proven_broken_from_the_first_error_count_that_proves_it) {
  EXPECT_EQ(judged(7, 300, kUnderOnePercent).verdict, RateVerdict::kProvenBroken);
  EXPECT_EQ(judged(6, 300, kUnderOnePercent).verdict, RateVerdict::kNotShown);
  EXPECT_EQ(judged(16, 1000, kUnderOnePercent).verdict, RateVerdict::kProvenBroken);
  EXPECT_EQ(judged(15, 1000, kUnderOnePercent).verdict, RateVerdict::kNotShown);
}

TEST(Rate, an_estimate_exactly_at_the_limit_is_shown_for_at_most_and_not_for_under) {
  EXPECT_EQ(judged(3, 300, kAtMostOnePercent).verdict, RateVerdict::kShown);
  EXPECT_EQ(judged(3, 300, kUnderOnePercent).verdict, RateVerdict::kNotShown);
  // Decimal limits have no exact binary form: k / n must still meet them.
  for (std::int64_t n = 1000; n < 200000; n += 1000)
    EXPECT_EQ(
        judge_rate({"FNMR", 3 * n / 1000, n, independent(), kConfidence, Limit{0.003, true}, 0})->verdict,
        RateVerdict::kNotShown)
        << n;
}

TEST(Rate, an_unfinished_sample_shows_nothing) {
  EXPECT_EQ(judged(0, 150, kUnderOnePercent, 150).verdict, RateVerdict::kShown);
  EXPECT_EQ(judged(0, 149, kUnderOnePercent, 150).verdict, RateVerdict::kNotShown);
}

TEST(Rate, a_point_estimate_of_zero_does_not_pass_by_itself) {
  EXPECT_EQ(judged(0, 10, kUnderOnePercent).verdict, RateVerdict::kShown);
}

TEST(Rate, tells_how_many_clean_trials_are_missing) {
  EXPECT_EQ(judged(0, 150, kUnderOnePercent).more_without_error, 149);
  EXPECT_EQ(judged(1, 299, kUnderOnePercent).more_without_error, 174);
  EXPECT_FALSE(judged(0, 299, kUnderOnePercent).more_without_error.has_value());
}

TEST(Rate, tells_how_many_trials_are_missing_at_the_rate_seen) {
  const Rate rate = judged(5, 1000, kUnderOnePercent);
  ASSERT_TRUE(rate.more_at_this_rate.has_value());
  const auto n = static_cast<double>(1000 + *rate.more_at_this_rate);
  EXPECT_LT(upper_bound(0.005 * n, n, 0.95), 0.01);
  EXPECT_GE(upper_bound(0.005 * (n - 1), n - 1, 0.95), 0.01);
  EXPECT_FALSE(judged(20, 1000, kUnderOnePercent).more_at_this_rate.has_value())
      << "at twice the limit none suffice";
}

TEST(Rate, dependence_widens_both_bounds) {
  RateInput input{"FNMR", 10, 1000, {4, 4, {4, 4}, 0.3, "clusters"}, kConfidence, Limit{0.02, false}, 0};
  const Rate rate = judge_rate(input).value();
  EXPECT_DOUBLE_EQ(rate.effective_trials, 250);
  EXPECT_DOUBLE_EQ(rate.upper, upper_bound(2.5, 250, 0.95));
  EXPECT_DOUBLE_EQ(rate.lower, lower_bound(2.5, 250, 0.95));
  EXPECT_EQ(rate.verdict, RateVerdict::kShown);
  input.effect = independent();
  EXPECT_EQ(judge_rate(input)->verdict, RateVerdict::kProvenKept);
}

TEST(Rate, refuses_counts_that_cannot_be) {
  EXPECT_FALSE(judge_rate({"x", 0, 0, independent()}).ok());
  EXPECT_FALSE(judge_rate({"x", 5, 4, independent()}).ok());
  EXPECT_FALSE(judge_rate({"x", -1, 4, independent()}).ok());
  EXPECT_FALSE(judge_rate({"x", 1, 4, independent(), 0.95, Limit{0, false}}).ok());
  EXPECT_FALSE(judge_rate({"x", 1, 4, independent(), 1.0}).ok());
  EXPECT_FALSE(judge_rate({"x", 1, 4, {0.5, 1, {}, 0, ""}}).ok());
}

TEST(Rate, json_carries_every_number_behind_the_verdict) {
  const json::object object = to_json(judged(1, 300, kUnderOnePercent));
  for (const char* key :
       {"k", "n", "n_effective", "point", "lower", "upper", "confidence", "method", "limit", "verdict"})
    EXPECT_TRUE(object.contains(key)) << key;
  EXPECT_EQ(object.at("verdict"), "shown");
  EXPECT_EQ(object.at("limit").at("relation"), "<");
}

TEST(Rate, the_interval_describes_with_an_effect_for_each_end) {
  const Rate rate =
      judge_rate({"FNMR", 6, 600, {4, 2, {2, 3}, 0, "clusters"}, 0.95, Limit{0.01, false}}).value();
  EXPECT_DOUBLE_EQ(interval_of(rate).lower, mid_p_interval(3, 300, 0.95).lower);
  EXPECT_DOUBLE_EQ(interval_of(rate).upper, mid_p_interval(2, 200, 0.95).upper);
  const json::object object = to_json(rate);
  EXPECT_EQ(object.at("interval").at("upper"), interval_of(rate).upper);
  EXPECT_EQ(object.at("interval").at("method"), "mid-P, two-sided");
}

TEST(Rate, each_end_of_the_interval_takes_the_dependence_at_its_own_rate) {
  DesignEffect effect;
  effect.interval.spread = 0.05;
  const Rate rate = judge_rate({"FMR", 100, 1000000, effect}).value();
  const Interval interval = interval_of(rate);
  const auto tail = [](double p) {
    const double d = 1 + 0.05 * 1e6 * p;
    return mid_p_tail(100 / d, 1e6 / d, p);
  };
  EXPECT_NEAR(tail(interval.upper), 0.025, 1e-9);
  EXPECT_NEAR(tail(interval.lower), 0.975, 1e-9);
  EXPECT_GT(interval.upper / rate.point, rate.point / interval.lower);  // and so it is longer upwards
}

TEST(Rate, few_degrees_of_freedom_widen_the_interval_as_student_says) {
  DesignEffect effect;
  effect.interval.freedom = 4;
  const Rate rate = judge_rate({"FMR", 100, 1000000, effect}).value();
  // Student's quantile of 97.5 % with four degrees of freedom is 2.776445.
  EXPECT_NEAR(mid_p_tail(100, 1e6, interval_of(rate).upper), normal_tail(2.776445), 1e-7);
  EXPECT_NEAR(mid_p_tail(100, 1e6, interval_of(rate).lower), 1 - normal_tail(2.776445), 1e-7);
}

TEST(Rate, an_interval_that_can_only_be_safe_says_so) {
  DesignEffect effect;
  effect.interval.at_least = true;
  const json::object object = to_json(judge_rate({"FMR", 3, 1000, effect}).value());
  EXPECT_EQ(object.at("interval").at("method"), "mid-P, two-sided, at least: few errors or people");
}

}  // namespace
}  // namespace shogo::statistics
