// Roots of head hair over the scalp: where each bundle grows, how strongly, and in which lock it stands.
#pragma once

#include "figure_parts.h"
#include "hair_locks.h"
#include <vector>

namespace shogo::people {

struct HairRoot {
  Vec3 position, normal, rest;
  float growth = 0;
  bool fringe = false;  ///< falls on the forehead
  float parting = 0;    ///< 0 … 1 beside the parting
  LockPlace lock;
};

/// 0 sides and back … 1 top.
[[nodiscard]] float top_of(Vec3 rest);

/// Short hair stands apart, long hair hangs together in broad bundles; both cover the scalp a few times over.
struct Bundling {
  float width_mm, per_cm2;
};
[[nodiscard]] Bundling bundling_of(const Hair& hair, Vec3 rest);

/// Roots over the scalp.
[[nodiscard]] std::vector<HairRoot> roots_of(const Sitter& sitter, std::uint32_t key);

}  // namespace shogo::people
