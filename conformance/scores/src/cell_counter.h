// Counting a whole side of the scores into cells, with the refusals that every evaluation shares.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::scores {

struct SideCount {
  std::vector<std::uint64_t> cells;  ///< kCells
  std::uint64_t below = 0;           ///< scores below the bound
  std::vector<float> kept;           ///< scores at or above `keep_from`, when asked for
};

/// `side` is "genuine" or "impostor", for messages.
[[nodiscard]] Result<SideCount> count_side(std::span<const float> scores, std::string_view side, float bound);
[[nodiscard]] Result<SideCount> count_side_keeping(std::span<const float> scores, std::string_view side,
                                                   float keep_from);

}  // namespace shogo::scores
