// Wide lamps for portraits: how much of a lamp's face each piece of skin or cloth sees. Shadows are sharp
// where they begin, soft far from what throws them, and redder than the skin around them.
#pragma once

#include "posed.h"
#include <vector>

namespace shogo::people {

/// Beside the mesh's vertices; 0 … 1 of the light arrives. What is neither skin nor cloth keeps 1.
struct SoftLight {
  std::vector<float> first;   ///< of the first lamp
  std::vector<float> red;     ///< the same after light has spread in the skin: red goes farthest
  std::vector<float> second;  ///< of the second lamp
};

/// `coarse`: what throws the shadows; `mesh`: the same, perhaps finer, with the same first vertices; `posed`:
/// its.
[[nodiscard]] SoftLight soft_light(const Figure& coarse, const Mesh& mesh, const Posed& posed,
                                   const std::vector<Light>& lights, int threads);

}  // namespace shogo::people
