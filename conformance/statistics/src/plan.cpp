#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/plan.h>
#include <shogo/statistics/random.h>

namespace shogo::statistics {
namespace {

Result<void> check(const PlanInput& input) {
  const auto wrong = [](std::string what) { return Error{Code::kInvalid, "plan: " + std::move(what)}; };
  if (!(input.limit.value > 0 && input.limit.value < 1))
    return wrong(fmt::format("the limit must lie between 0 and 1, not {}", input.limit.value));
  if (!(input.true_rate > 0 && input.true_rate < input.limit.value))
    return wrong(
        fmt::format("the true rate must lie between 0 and the limit {}, not {}: a device at or above the "
                    "limit shall not pass",
                    input.limit.value, input.true_rate));
  if (input.true_rate > 0.9 * input.limit.value)
    return wrong(
        "a true rate above nine tenths of the limit needs a sample without end; plan for a better device");
  if (!(input.power > 0 && input.power <= 0.999)) return wrong("the power must lie between 0 and 0.999");
  if (!(input.confidence > 0.5 && input.confidence < 1))
    return wrong("the confidence must lie between 0.5 and 1");
  if (input.cluster_size < 1 || input.cluster_size > 100000)
    return wrong("the cluster size must lie between 1 and 100000");
  if (!(input.icc >= 0 && input.icc < 1)) return wrong("the intra-cluster correlation must lie in [0, 1)");
  return {};
}

Plan plan_exact(const PlanInput& input) {
  Plan plan;
  for (std::int64_t k = 0;; ++k) {
    const std::int64_t n = trials_to_prove(k, input.limit.value, input.confidence, input.limit.strict);
    if (k == 0) plan.without_error = n;
    const auto passes = [&](double rate) {
      return binomial_cdf(static_cast<double>(k), static_cast<double>(n), rate);
    };
    if (passes(input.true_rate) < input.power) continue;
    plan.clusters = plan.trials = n;
    plan.errors_allowed = k;
    plan.power = passes(input.true_rate);
    plan.wrong_pass = passes(input.limit.value);
    return plan;
  }
}

/// Share of simulated studies of a device with this rate that are proven kept.
double pass_share(const PlanInput& input, std::int64_t clusters, double rate, int studies) {
  Rng rng(input.seed, fmt::format("plan {} {}", clusters, rate));
  const ClusterSampler sampler(beta_binomial(input.cluster_size, rate, input.icc));
  std::vector<ClusterCount> counts(static_cast<std::size_t>(clusters));
  int passed = 0;
  for (int study = 0; study < studies; ++study) {
    RateInput judged{"plan", 0, clusters * input.cluster_size, {}, input.confidence, input.limit, 0};
    sampler.fill(rng, counts);
    for (const ClusterCount& count : counts) judged.errors += count.errors;
    // Far above the limit nothing passes whatever the effect: do not compute it.
    if (static_cast<double>(judged.errors) >= input.limit.value * static_cast<double>(judged.trials))
      continue;
    judged.effect = clustered(counts);
    const double effect = judged.effect.upper;
    const double upper = upper_bound(static_cast<double>(judged.errors) / effect,
                                     static_cast<double>(judged.trials) / effect, input.confidence);
    if (input.limit.strict ? upper < input.limit.value : upper <= input.limit.value) ++passed;
  }
  return static_cast<double>(passed) / studies;
}

Plan plan_clustered(const PlanInput& input, const std::function<void(double)>& progress) {
  PlanInput single = input;
  single.cluster_size = 1;
  const Plan exact = plan_exact(single);
  Plan plan;
  plan.simulated = true;
  plan.without_error =
      exact.without_error * input.cluster_size;  // whole clusters count while there are no errors
  const double effect = design_effect(static_cast<double>(input.cluster_size), input.icc);
  const auto guess = static_cast<std::int64_t>(
      std::ceil(static_cast<double>(exact.trials) * effect / static_cast<double>(input.cluster_size)));
  // Steps of 2 %: finer ones would pretend to a precision that the simulation does not have.
  std::int64_t clusters = std::max(guess, exact.without_error) * 7 / 10 + 1;
  for (int step = 0;; ++step) {
    // A fifth of the studies finds the place, all of them confirm it.
    plan.power = pass_share(input, clusters, input.true_rate, kPlanStudies / 5);
    if (plan.power >= input.power - 0.01)
      plan.power = pass_share(input, clusters, input.true_rate, kPlanStudies);
    if (progress) progress(std::min(0.95, plan.power / input.power));
    if (plan.power >= input.power) break;
    const double missing = input.power - plan.power;
    const double growth = missing > 0.3 ? 1.15 : missing > 0.1 ? 1.06 : 1.02;
    clusters = static_cast<std::int64_t>(std::ceil(static_cast<double>(clusters) * growth));
  }
  plan.clusters = clusters;
  plan.trials = clusters * input.cluster_size;
  plan.wrong_pass = pass_share(input, clusters, input.limit.value, kPlanStudies);
  for (std::int64_t k = 0; k <= clusters; ++k) {
    std::vector<ClusterCount> counts(static_cast<std::size_t>(clusters), {0, input.cluster_size});
    for (std::int64_t i = 0; i < k; ++i) counts[static_cast<std::size_t>(i)].errors = 1;
    const double d = clustered(counts).upper;
    const double upper =
        upper_bound(static_cast<double>(k) / d, static_cast<double>(plan.trials) / d, input.confidence);
    if (input.limit.strict ? upper >= input.limit.value : upper > input.limit.value) break;
    plan.errors_allowed = k;
  }
  return plan;
}

}  // namespace

Result<Plan> plan_sample(const PlanInput& input, const std::function<void(double)>& progress) {
  SHOGO_CHECK_OK(check(input));
  return input.cluster_size == 1 ? plan_exact(input) : plan_clustered(input, progress);
}

Result<PairPlan> plan_pairs(const PlanInput& input, double subject_share) {
  SHOGO_CHECK_OK(check(input));
  if (!(subject_share >= 0 && subject_share < 0.5))
    return Error{Code::kInvalid, "plan: a subject's share of the score variance must lie in [0, 0.5)"};
  const auto at = [&](std::uint32_t subjects) {
    PairPlan plan;
    plan.subjects = subjects;
    plan.pairs = static_cast<std::int64_t>(subjects) * (static_cast<std::int64_t>(subjects) - 1) / 2;
    plan.effect = std::max(1.0, assumed_pair_effect(subjects, input.limit.value, subject_share));
    const double n = static_cast<double>(plan.pairs) / plan.effect;
    // Effective errors allowed, by bisection on the bound.
    double low = 0, high = n * input.limit.value;
    if (upper_bound(0, n, input.confidence) > input.limit.value) return plan;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (upper_bound(middle, n, input.confidence) <= input.limit.value ? low : high) = middle;
    }
    plan.power = binomial_cdf(std::floor(low), n, input.true_rate);
    return plan;
  };
  std::uint32_t low = 2, high = 4;
  while (at(high).power < input.power) {
    low = high;
    if (high > 20000000) return Error{Code::kInvalid, "plan: more than 20 million subjects would be needed"};
    high *= 2;
  }
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (at(middle).power >= input.power ? high : low) = middle;
  }
  return at(high);
}

json::object to_json(const Plan& plan) {
  return {{"trials", plan.trials},
          {"clusters", plan.clusters},
          {"errors_allowed", plan.errors_allowed},
          {"power", plan.power},
          {"wrong_pass", plan.wrong_pass},
          {"trials_without_error", plan.without_error},
          {"simulated", plan.simulated}};
}

json::object to_json(const PairPlan& plan) {
  return {{"subjects", plan.subjects},
          {"pairs", plan.pairs},
          {"design_effect", plan.effect},
          {"power", plan.power}};
}

}  // namespace shogo::statistics
