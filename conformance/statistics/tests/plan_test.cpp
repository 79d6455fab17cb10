#include <tuple>

#include <gtest/gtest.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/plan.h>

namespace shogo::statistics {
namespace {

TEST(Plan, sizes_are_the_smallest_with_the_power_asked_for) {
  const std::tuple<double, double, int, int> table[] = {
      {0.01, 10, 473, 1}, {0.01, 5, 773, 3}, {0.01, 3, 1312, 7}, {0.01, 2, 2554, 17}, {0.003, 3, 4388, 7}};
  for (const auto& [limit, better, n, k] : table) {
    const Plan plan = plan_sample({{limit, false}, limit / better}).value();
    EXPECT_NEAR(static_cast<double>(plan.trials), n, 0.01 * n);
    EXPECT_EQ(plan.errors_allowed, k);
    EXPECT_GE(plan.power, 0.9);
    EXPECT_LE(plan.wrong_pass, 0.05);
  }
}

/// The slow oracle: no smaller sample has the power, tried one by one.
TEST(Plan, no_smaller_sample_would_do) {
  const PlanInput input{{0.05, true}, 0.02};
  const Plan plan = plan_sample(input).value();
  for (int n = 10; n < plan.trials; ++n) {
    int allowed = -1;
    while (upper_bound(allowed + 1, n, 0.95) < 0.05) ++allowed;
    if (allowed < 0) continue;
    EXPECT_LT(binomial_cdf(allowed, n, 0.02), 0.9) << n;
  }
}

TEST(Plan, clustered_plans_reach_their_power_and_cost_more) {
  PlanInput input{{0.01, true}, 0.01 / 3};
  input.cluster_size = 5;
  input.icc = 0.2;
  const Plan clustered_plan = plan_sample(input).value();
  EXPECT_GE(clustered_plan.power, 0.9);
  EXPECT_LE(clustered_plan.wrong_pass, 0.055);
  EXPECT_GT(clustered_plan.trials, plan_sample({{0.01, true}, 0.01 / 3})->trials);
  EXPECT_EQ(clustered_plan.without_error, 299 * 5);
}

TEST(Plan, the_same_seed_gives_the_same_plan) {
  PlanInput input{{0.05, false}, 0.01};
  input.cluster_size = 3;
  input.icc = 0.1;
  EXPECT_EQ(plan_sample(input)->trials, plan_sample(input)->trials);
}

TEST(Plan, subjects_for_pairs_grow_with_the_dependence_assumed) {
  const PlanInput input{{1e-4, false}, 1e-5};
  const PairPlan free = plan_pairs(input, 0).value(), dependent = plan_pairs(input, 0.3).value();
  EXPECT_NEAR(static_cast<double>(free.pairs), 47437, 400);
  EXPECT_GT(dependent.subjects, 2 * free.subjects);
  EXPECT_GE(dependent.power, 0.9);
}

TEST(Plan, refuses_what_no_sample_can_do) {
  EXPECT_FALSE(plan_sample({{0.01, false}, 0.01}).ok());
  EXPECT_FALSE(plan_sample({{0.01, false}, 0}).ok());
  EXPECT_FALSE(plan_sample({{0.01, false}, 0.0095}).ok());
  EXPECT_FALSE(plan_sample({{2, false}, 0.1}).ok());
}

}  // namespace
}  // namespace shogo::statistics
