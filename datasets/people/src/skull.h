// The vault of the skull: chance on many axes makes cones and flat tops of it, which no hair can hide.
#pragma once

#include <vector>

#include <shogo/people/head_model.h>

namespace shogo::people {

/// How far the chin lies below the eyes: negative.
[[nodiscard]] float chin_of(const HeadModel& head, const std::vector<Vec3>& shape);

/// Brings everything above the brows near the usual: the top as far above the eyes as the chin is below, and
/// round. Somebody's own deviation stays in part. `shape`: millimetres, origin midway between the eyes.
void settle_skull(const HeadModel& head, std::vector<Vec3>& shape);

/// Degrees by which the hairline must rise so that it starts a usual height over the eyes of this forehead:
/// as high as the face's other two thirds let expect, `own_degrees` above.
[[nodiscard]] float hairline_of(const HeadModel& head, const std::vector<Vec3>& shape, float own_degrees);

}  // namespace shogo::people
