// The vault of the skull: chance on many axes makes cones and flat tops of it, which no hair can hide.
#pragma once

#include <vector>

#include <shogo/people/head_model.h>

namespace shogo::people {

/// Brings everything above the brows near the usual: the top as far above the eyes as the chin is below, and
/// round. Somebody's own deviation stays in part. `shape`: millimetres, origin midway between the eyes.
void settle_skull(const HeadModel& head, std::vector<Vec3>& shape);

}  // namespace shogo::people
