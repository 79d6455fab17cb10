// Skin for large pictures: the mesh divided finer and curved as its normals say, so that neither outlines nor
// shades show its corners.
#pragma once

#include <shogo/people/figure.h>

namespace shogo::people {

/// Divides each triangle of skin, mouth and cloth into four, `levels` times. Old vertices keep their place
/// and number; others follow in an order that depends on the mesh alone.
void refine_skin(Mesh& mesh, int levels);

}  // namespace shogo::people
