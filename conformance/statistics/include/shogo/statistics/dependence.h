// How much a sample is worth. Thirty presentations of one target are not thirty targets: errors come in
// clumps, and a bound that ignores this passes a device at the limit up to half of the time. A design effect
// d says that n trials carry the information of n / d independent ones.
//
// From the data, with a cautious start: the estimate begins at what would be true if every trial of a cluster
// always went the same way, and gives way to the data as errors are seen:
//
//     d = (V + c w) / (k + c)      V  variance of the error count, between clusters
//                                  w  design effect assumed while there are no errors;  c  weight of that
//                                  assumption
//
// With no error at all d = w: nothing has been learned about clumping, so only whole clusters count. How
// often bounds made with it are wrong: docs/statistics-study.md. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace shogo::statistics {

/// Errors and trials of one cluster: one target, one subject, one artefact, one card.
struct ClusterCount {
  std::int64_t errors = 0;
  std::int64_t trials = 0;
};

/// What the interval that describes takes a trial to cost (rate.h, interval_of). At a supposed rate p, n
/// trials are worth n / d of them, d = min(lower or upper + spread n p, most). Errors not seen are missed
/// together with their clumps, so the data alone would hold the truth too seldom at the upper end.
struct IntervalEffect {
  double lower = 1, upper = 1;  ///< at the two ends, whatever the rate
  double spread = 0;            ///< variance of the rate, relative to its square, that shared people bring
  double most = std::numeric_limits<double>::infinity();
  double freedom = std::numeric_limits<double>::infinity();  ///< degrees of freedom behind `spread`
  bool at_least = false;  ///< too few errors or people: holds the truth at least as often as said, maybe more
};

/// What n trials are worth. `upper` serves the upper bound (cautious while errors are few), `lower` the lower
/// one (the data alone), `interval` the interval that describes. All are 1 when every trial has a cluster of
/// its own.
struct DesignEffect {
  double upper = 1;
  double lower = 1;
  IntervalEffect interval;
  double icc = 0;      ///< intra-cluster correlation that the data alone suggest, at least 0
  std::string method;  ///< for the report: "independent", "clusters", "clusters, ICC declared 0.1", "pairs"
};

/// One trial a cluster, or independence by design.
[[nodiscard]] DesignEffect independent();

/// Clusters without anything assumed about them. Needs at least one cluster with trials.
[[nodiscard]] DesignEffect clustered(std::span<const ClusterCount> clusters);

/// The same with a declared intra-cluster correlation: the larger of declared and estimated effect. Holds for
/// any shape of dependence with that correlation (second-moment bound), so it is an assumption only about its
/// size.
[[nodiscard]] DesignEffect clustered_declared(std::span<const ClusterCount> clusters, double icc);

/// Design effect of equal clusters with a known intra-cluster correlation: 1 + (size - 1) icc.
[[nodiscard]] double design_effect(double cluster_size, double icc);

/// Comparisons among subjects: every comparison touches two, and every two comparisons that share one depend
/// on each other. Both directions of a pair count as one cell.
struct PairTrial {
  std::uint32_t a = 0, b = 0;  ///< subject numbers, a != b
  std::int64_t errors = 0;
  std::int64_t trials = 1;
};

/// The sums that the variance of pair errors needs. Made from a list, or in closed form for a complete
/// design.
struct PairCounts {
  std::int64_t errors = 0, trials = 0;
  std::vector<ClusterCount> subjects;  ///< errors and trials that touch each subject
  double cell_ee = 0, cell_et = 0,
         cell_tt = 0;  ///< sums over cells {a, b} of errors², errors × trials, trials²
};
[[nodiscard]] PairCounts count_pairs(std::span<const PairTrial> trials);
/// Every unordered pair of `subjects` people compared once; `errors` lists the false matches.
[[nodiscard]] PairCounts count_complete_pairs(
    std::uint32_t subjects, std::span<const std::pair<std::uint32_t, std::uint32_t>> errors);

/// Share of a score's variance that each of the two subjects brings, assumed unless something smaller is
/// declared.
constexpr double kAssumedSubjectShare = 0.3;

/// Dyadic (two-way) effect for the upper bound: the larger of what the data show and what a normal score
/// model, score = u_a + u_b + rest, gives at the error rate `limit` when each subject carries `subject_share`
/// of the variance. Few false matches cannot show how they cluster (k = 20 of 10^6 pairs), so data may raise
/// the assumed effect but not lower it. 0 < limit < 1, 0 <= subject_share < 0.5.
[[nodiscard]] DesignEffect paired(const PairCounts& counts, double limit,
                                  double subject_share = kAssumedSubjectShare);
/// The assumed effect alone, for plans: `subjects` people, every pair once.
[[nodiscard]] double assumed_pair_effect(std::uint32_t subjects, double rate, double subject_share);

}  // namespace shogo::statistics
