// shape_of is asked for again and again for one person: for their brows, for their likeness, for their
// figures.
#pragma once

#include <memory>
#include <vector>

#include <shogo/people/person.h>

namespace shogo::people {

/// What shape_of(head, person) gives; remembered is the last one that the calling thread asked for. Brows,
/// hair and what is worn have no part in a shape.
[[nodiscard]] std::shared_ptr<const std::vector<Vec3>> known_shape(const HeadModel& head,
                                                                   const Person& person);

}  // namespace shogo::people
