// How many trials? A sample that can only just prove the limit when nothing goes wrong fails good devices:
// 299 trials without an error pass a device with a true rate of 0.2 % only every second time. A plan
// therefore names the true rate of a device that should pass, and the probability with which it then does
// (power).
#pragma once

#include <cstdint>
#include <functional>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {

struct PlanInput {
  Limit limit;
  double true_rate = 0;  ///< of a device that should pass; below the limit
  double power = 0.9;    ///< probability that it does
  double confidence = kConfidence;
  std::int64_t cluster_size = 1;  ///< trials that share a target, subject or card
  double icc = 0;                 ///< intra-cluster correlation expected; only with cluster_size > 1
  std::uint64_t seed = 1;         ///< of the simulation behind clustered plans
};

struct Plan {
  std::int64_t clusters = 0, trials = 0;  ///< trials = clusters x cluster size
  std::int64_t errors_allowed = 0;  ///< with one trial a cluster: exact; in clusters: errors one to a cluster
  double power = 0;                 ///< reached: exact, or of kPlanStudies simulated studies
  double wrong_pass = 0;            ///< probability that a device exactly at the limit passes, likewise
  std::int64_t without_error = 0;   ///< fewest trials that prove the limit when no error happens at all
  bool simulated = false;
};

constexpr int kPlanStudies = 10000;

/// The smallest plan with the power asked for. One trial a cluster: exact, from the binomial distribution.
/// Clusters: beta-binomial studies (seeded, so the same plan again), judged by judge_rate with clustered().
/// `progress` is called with a share in [0, 1]; may be empty.
[[nodiscard]] Result<Plan> plan_sample(const PlanInput& input,
                                       const std::function<void(double)>& progress = {});

struct PairPlan {
  std::uint32_t subjects = 0;
  std::int64_t pairs = 0;
  double effect = 1;  ///< design effect assumed
  double power = 0;   ///< by the effective number of trials
};
/// Subjects whose unordered pairs prove a false match rate, under the dependence that paired() assumes.
[[nodiscard]] Result<PairPlan> plan_pairs(const PlanInput& input,
                                          double subject_share = kAssumedSubjectShare);

[[nodiscard]] json::object to_json(const Plan& plan);
[[nodiscard]] json::object to_json(const PairPlan& plan);

}  // namespace shogo::statistics
