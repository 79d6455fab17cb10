// One operating point of a matcher, exactly.
//
// Scores are similarities. The rule at the threshold is the same everywhere in shogo: a comparison matches if
// and only if score >= threshold, so equal scores are decided together. "FNMR at FMR 0.01 %" takes the
// smallest threshold at which at most 0.01 % of the impostor comparisons match — never the nearest one, which
// may lie above the target. Pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::scores {

struct OperatingPoint {
  float threshold = 0;  ///< match if and only if score >= threshold; may be +infinity: nothing matches
  std::uint64_t genuine = 0, false_non_matches = 0;
  std::uint64_t impostor = 0, false_matches = 0;
  [[nodiscard]] double fmr() const {
    return static_cast<double>(false_matches) / static_cast<double>(impostor);
  }
  [[nodiscard]] double fnmr() const {
    return static_cast<double>(false_non_matches) / static_cast<double>(genuine);
  }
};

/// Largest number of errors among n with errors / n <= rate, as an exact comparison of the two doubles.
[[nodiscard]] std::uint64_t errors_allowed(double rate, std::uint64_t n);

/// How scores are counted: 65 536 cells in the order of the numbers, each holding all floats with the same
/// upper 16 bits. Cell boundaries are thresholds whose counts are exact.
constexpr std::size_t kCells = 65536;

/// A DET with exact counts at every cell boundary.
struct CellDet {
  std::vector<std::uint64_t> genuine, impostor;  ///< scores in each cell, kCells long
};

struct DetPoint {
  float threshold = 0;
  std::uint64_t false_matches = 0;      ///< impostor scores >= threshold
  std::uint64_t false_non_matches = 0;  ///< genuine scores < threshold
};
/// The points of a CellDet at which something changes, by rising threshold.
[[nodiscard]] std::vector<DetPoint> points_of(const CellDet& det);

struct Evaluation {
  OperatingPoint point;
  CellDet det;
};

/// The cells of one side. Counts of parts add up to those of the whole: how scores spread over files or
/// machines are put together exactly. `side` is "genuine" or "impostor", for messages. Refusals as in
/// evaluate().
[[nodiscard]] Result<std::vector<std::uint64_t>> count_cells(std::span<const float> scores,
                                                             std::string_view side);

/// FNMR at FMR and the cell DET in about one pass over the memory. Refuses empty sides, NaN and infinities
/// (with the index of the first one) and rates outside [0, 1].
[[nodiscard]] Result<Evaluation> evaluate(std::span<const float> genuine, std::span<const float> impostor,
                                          double fmr);

/// Errors at a given threshold, for example a vendor's frozen one. Same refusals; the threshold may not be
/// NaN.
[[nodiscard]] Result<OperatingPoint> at_threshold(std::span<const float> genuine,
                                                  std::span<const float> impostor, float threshold);

/// The smallest threshold above `score`: what excludes it and everything below.
[[nodiscard]] float just_above(float score);

}  // namespace shogo::scores
