// Subject bootstrap: draw people with replacement, look at the rate again, a thousand times. Beside the
// closed form of dependence.h, for those who want it; when pairs are nearly independent it is about three
// times too wide. Only the errors and the people are looked at, never the comparisons: a replicate of fifty
// million pairs costs microseconds.
#pragma once

#include <cstdint>
#include <optional>
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

/// Scores with people, every two people compared once.
struct SweptScores {
  struct Impostor {
    float score;
    std::uint32_t a, b;
  };
  struct Genuine {
    float score;
    std::uint32_t subject;
  };
  std::vector<Impostor> impostor;
  std::vector<Genuine> genuine;
};

/// FNMR of people of whom person i was drawn times[i] times, at the lowest threshold at which at most
/// `target_fmr` of *their* impostor comparisons match. `scores.impostor` by falling score. None when nobody
/// drawn has a genuine comparison.
[[nodiscard]] std::optional<double> swept_fnmr(const SweptScores& scores,
                                               const std::vector<std::uint16_t>& times, double target_fmr);

/// Threshold and FNMR drawn again together: the threshold's own uncertainty is in the bounds.
[[nodiscard]] Result<BootstrapInterval> bootstrap_swept(const SweptScores& scores, std::uint32_t subjects,
                                                        double target_fmr, int replicates, double confidence,
                                                        std::uint64_t seed);

}  // namespace shogo::statistics
