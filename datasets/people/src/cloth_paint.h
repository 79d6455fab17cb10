// What clothes look like close by: lapels, collars, plackets, buttons, hems. Painted, not modelled.
#pragma once

#include <shogo/people/person.h>

namespace shogo::people {

/// `x` millimetres to the side, `down` millimetres from the neckline (of a suit: height). A suit opens over a
/// shirt in a V, with lapels; a shirt has a collar, a placket and buttons; the others have a hem with its
/// stitches.
[[nodiscard]] Vec3 cloth_colour(const Clothes& clothes, bool front, float x, float down);

}  // namespace shogo::people
