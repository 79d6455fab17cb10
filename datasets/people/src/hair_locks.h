// Locks: hairs that grow near one another draw together, lie higher or lower than the next lock and get more
// or less light. Without them hair is one smooth shell.
#pragma once

#include <cstdint>
#include <vector>

#include <shogo/people/vec.h>

namespace shogo::people {

/// Where a root stands in its lock.
struct LockPlace {
  std::uint32_t key = 0;  ///< the lock's own
  float edge = 0;         ///< 0 in its middle … 1 where it meets the next
  float from_middle_mm = 0;
};

/// Of a place of the head at rest, among locks about `size_mm` wide that stand irregularly.
[[nodiscard]] LockPlace lock_at(Vec3 rest, float size_mm, std::uint32_t key);

/// Draws `path` towards `guide`, the middle line of its lock, where both have grown as far: not at the root,
/// by `pull` (0 … 1) at the tip.
void draw_together(std::vector<Vec3>& path, const std::vector<Vec3>& guide, float pull);

}  // namespace shogo::people
