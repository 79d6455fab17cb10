// Level of detail of hair: a large picture sees the single hairs of a bundle, a small one the bundle.
#pragma once

#include <vector>

#include <shogo/people/render.h>

namespace shogo::people {

/// Strands, and where their points stand before the camera.
struct PosedStrands {
  Strands strands;  ///< `points` is empty: `posed` stands for it
  std::vector<Vec3> posed;
};

/// Whether a bundle of hairs is so large in the picture that one sees its single hairs. `samples`: of a
/// pixel, each way.
[[nodiscard]] bool sees_single_hairs(const Camera& camera, Vec3 middle, int samples);

/// Every bundle of the head's hair as thin hairs that part, draw together in wisps and end one after the
/// other; brows, lashes and the rest as they are. `posed`: as figure.hair.points; `middle`: of the head.
[[nodiscard]] PosedStrands finer_hair(const Figure& figure, const std::vector<Vec3>& posed, Vec3 middle);

}  // namespace shogo::people
