// Random counts from a seeded generator, the same on every machine (the distributions of the standard library
// are not). For plans, bootstrap and null devices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <shogo/base/rng.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {

[[nodiscard]] double draw_normal(Rng& rng);
/// Gamma with this shape and scale 1. shape > 0.
[[nodiscard]] double draw_gamma(Rng& rng, double shape);
/// Beta with mean `rate` and intra-class correlation `icc`: the error rate of one cluster. 0 < rate < 1, 0 <
/// icc < 1.
[[nodiscard]] double draw_cluster_rate(Rng& rng, double rate, double icc);
/// Number of successes of `n` tries, by inversion from the tail that holds it; fast when n p is small.
[[nodiscard]] std::int64_t draw_binomial(Rng& rng, std::int64_t n, double p);

/// Draws the error counts of many clusters that all follow one distribution. Errors are rare: it jumps from
/// one cluster with errors to the next, so a study costs as much as it has errors.
class ClusterSampler {
 public:
  /// `chance[y]` is the probability of y errors among chance.size() - 1 trials; sums to 1.
  explicit ClusterSampler(std::vector<double> chance);
  void fill(Rng& rng, std::span<ClusterCount> clusters) const;

 private:
  std::int64_t size_;
  double none_, log_none_;
  std::vector<double> up_to_;  ///< of the clusters with errors: share with at most y + 1
};

/// Chances of 0, 1, … `size` errors when the cluster's own rate follows a beta distribution. icc 0: binomial.
[[nodiscard]] std::vector<double> beta_binomial(std::int64_t size, double rate, double icc);

}  // namespace shogo::statistics
