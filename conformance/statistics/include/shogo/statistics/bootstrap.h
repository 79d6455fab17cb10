// Subject bootstrap: draw people with replacement, look at the rate again, a thousand times. Beside the
// closed form of dependence.h, for those who want it; when pairs are nearly independent it is about three
// times too wide. Only the errors and the people are looked at, never the comparisons: a replicate of fifty
// million pairs costs microseconds.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {

struct BootstrapInterval {
  double lower = 0, upper = 0;  ///< each one-sided at the confidence asked for
  int replicates = 0;
};

/// Every unordered pair of `subjects` people compared once; a person drawn twice is not compared with
/// himself.
[[nodiscard]] Result<BootstrapInterval> bootstrap_pairs(
    std::uint32_t subjects, std::span<const std::pair<std::uint32_t, std::uint32_t>> errors, int replicates,
    double confidence, std::uint64_t seed);

/// Clusters drawn with replacement.
[[nodiscard]] Result<BootstrapInterval> bootstrap_clusters(std::span<const ClusterCount> clusters,
                                                           int replicates, double confidence,
                                                           std::uint64_t seed);

}  // namespace shogo::statistics
