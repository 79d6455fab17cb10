// Skin as a picture sees it: the chart's colour, gloss and relief, and what is finer than the chart.
#pragma once

#include "shading.h"

namespace shogo::people {

/// `u`, `v`: place in the chart; `finer`: 0 … 1, how much finer than the chart the picture is.
[[nodiscard]] Vec3 skin_at(const Figure& figure, const Scene& scene, const Spot& spot, float u, float v,
                           float finer);

}  // namespace shogo::people
