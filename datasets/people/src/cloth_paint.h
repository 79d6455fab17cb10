// What clothes look like close by: lapels, collars, plackets, buttons, hems. Painted, not modelled.
#pragma once

#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

/// `x` millimetres to the side, `down` millimetres from the neckline (of a suit: height). A suit opens over a
/// shirt in a V, with lapels; a shirt has a collar, a placket and buttons; the others have a hem with its
/// stitches.
[[nodiscard]] Vec3 cloth_colour(const Clothes& clothes, bool front, float x, float down);

/// Uneven dye, and the weave as far as a pixel can tell it (`weave` 0 … 1): about 1.
[[nodiscard]] float cloth_tone(float u, float v, float weave);

/// Folds hang from the shoulders, wide enough to be known at the corners: -1 … 1 for each of the mesh's
/// vertices that is cloth.
[[nodiscard]] std::vector<float> cloth_folds(const Figure& figure);

}  // namespace shogo::people
