// Where every vertex of the head model lies for a person.
#pragma once

#include "eye_fit.h"
#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

/// The neutral face, in the model's vertex order.
[[nodiscard]] std::vector<Vec3> shape_of(const HeadModel& head, const Person& person);
/// Adds an expression to a shape.
void add_expression(const HeadModel& head, const Expression& expression, std::vector<Vec3>& shape);
/// Made once per model.
[[nodiscard]] const LidMap& lids_of(const HeadModel& head);
[[nodiscard]] EyeBall eye_ball(const HeadModel& head, const std::vector<Vec3>& shape, Part side);

}  // namespace shogo::people
