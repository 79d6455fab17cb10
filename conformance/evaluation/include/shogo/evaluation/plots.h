// Plots of a matcher's scores. Pure functions, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/evaluation/drawing.h>
#include <shogo/scores/operating_point.h>
#include <shogo/scores/score_set.h>
#include <shogo/statistics/rate.h>

namespace shogo::evaluation {

struct DetCurve {
  std::string label;
  std::vector<scores::DetPoint> points;  ///< by rising threshold
  std::uint64_t genuine = 0, impostor = 0;
  /// The judged operating point with the bounds of both rates.
  std::optional<statistics::Rate> fmr{}, fnmr{};
};

/// False non-match rate over false match rate, both logarithmic; limits as dashed lines, bounds as bars.
/// Errors below one comparison are at the edge of the plot.
[[nodiscard]] Drawing draw_det(std::span<const DetCurve> curves, std::optional<statistics::Limit> fmr,
                               std::optional<statistics::Limit> fnmr);

/// Shares of genuine and impostor scores over the score, with the threshold.
[[nodiscard]] Drawing draw_histogram(const scores::ScoreSet& set, std::optional<float> threshold);

/// Each person by mean genuine and mean impostor score; those with more errors at `threshold` than chance
/// explains (find_animals) are coloured, and the first of them named. Needs subjects.
[[nodiscard]] Result<Drawing> draw_zoo(const scores::ScoreSet& set, float threshold);

/// The points as CSV: threshold, false_matches, false_non_matches, fmr, fnmr.
[[nodiscard]] std::string det_csv(const DetCurve& curve);

}  // namespace shogo::evaluation
