// The full exact DET: every distinct score is a threshold. A hundred million scores have tens of millions of
// points, so the curve is visited, in order of the threshold, and not stored.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include <shogo/base/result.h>
#include <shogo/scores/operating_point.h>

namespace shogo::scores {

/// Calls `visit` with runs of points by rising threshold, from "everything matches" on; the last point lies
/// above every score (threshold just above the highest). Needs as much memory again as the scores. Refusals
/// as in evaluate().
[[nodiscard]] Result<void> visit_det(std::span<const float> genuine, std::span<const float> impostor,
                                     const std::function<void(std::span<const DetPoint>)>& visit);

struct DetSummary {
  std::uint64_t points = 0;
  OperatingPoint equal_error;  ///< where |FMR - FNMR| is smallest; of several the lowest threshold
  [[nodiscard]] double eer() const { return (equal_error.fmr() + equal_error.fnmr()) / 2; }
};
[[nodiscard]] Result<DetSummary> summarise_det(std::span<const float> genuine,
                                               std::span<const float> impostor);

}  // namespace shogo::scores
