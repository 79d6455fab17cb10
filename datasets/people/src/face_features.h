// What tells one face from another in the large: how far the bridge of the nose, its tip, chin, cheekbones
// and the like stand out, each a smooth swelling at its place.
#pragma once

#include "draw.h"
#include <vector>

#include <shogo/people/head_model.h>
#include <shogo/people/person.h>

namespace shogo::people {

/// One number for each feature of `feature_names()`: millimetres, or a share of the width.
[[nodiscard]] std::vector<float> draw_features(const Draw& draw, Sex sex);
[[nodiscard]] const std::vector<std::string>& feature_names();

/// Moves `shape` by a person's features; `share`: 0 where nothing may move (lids keep to their balls) … 1.
void add_features(const HeadModel& head, const std::vector<float>& features, const std::vector<float>& share,
                  std::vector<Vec3>& shape);

}  // namespace shogo::people
