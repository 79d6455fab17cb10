// Plots as SVG text: no library, no fonts of our own, the same bytes for the same data.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
[[nodiscard]] std::string det_svg(std::span<const DetCurve> curves, std::optional<statistics::Limit> fmr,
                                  std::optional<statistics::Limit> fnmr);

/// Shares of genuine and impostor scores over the score, with the threshold.
[[nodiscard]] std::string histogram_svg(const scores::ScoreSet& set, std::optional<float> threshold);

/// The points as CSV: threshold, false_matches, false_non_matches, fmr, fnmr.
[[nodiscard]] std::string det_csv(const DetCurve& curve);

}  // namespace shogo::evaluation
