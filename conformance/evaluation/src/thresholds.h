// Thresholds that a bound of FMR sets: where FMR is surely at most the target, and where it is surely no
// less.
#pragma once

#include <optional>

#include <shogo/evaluation/matching.h>

namespace shogo::evaluation {

/// The lowest threshold at which the upper bound of FMR keeps the target; none when one error would be too
/// many already.
[[nodiscard]] std::optional<float> strict_threshold(const scores::ScoreSet& set, const MatchingInput& input);

/// The highest threshold at which the lower bound of FMR reaches the target; none when no threshold above the
/// highest few scores does.
[[nodiscard]] std::optional<float> lax_threshold(const scores::ScoreSet& set, const MatchingInput& input);

}  // namespace shogo::evaluation
