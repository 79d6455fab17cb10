// A comb over the finished hair of the upper head: what stands in an arc above its neighbours is laid down
// among them. One strand with sky below it looks like a wire.
#pragma once

#include "head_field.h"
#include <functional>
#include <vector>

namespace shogo::people {

/// Lays down all points of `paths` above `low_mm` that are more than `free_mm` higher over the head than most
/// of the hair around them.
void comb_down(std::vector<std::vector<Vec3>>& paths, const HeadField& field, float low_mm, float free_mm);

/// Ends every path where it lies across bare skin (`bare` of a place) with fewer than `company` others
/// around: a lone wisp there looks like a wire laid over the forehead. Wisps that hang down stay.
void cut_lone(std::vector<std::vector<Vec3>>& paths, const std::function<bool(Vec3)>& bare,
              std::size_t company);

}  // namespace shogo::people
