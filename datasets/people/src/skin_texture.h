// Paints a person's skin onto the chart: tone, blotches, freckles, moles, lips, brows' shade, stubble, the
// scalp under the hair, and the relief of pores and wrinkles.
#pragma once

#include "face_chart.h"

namespace shogo::people {

[[nodiscard]] SkinTexture paint_skin(const FaceChart& chart, const Person& person);

/// Share of full hair that grows at a place of the head at rest, 0 … 1: hairline, temples, sideburns, nape,
/// baldness.
[[nodiscard]] float hair_growth(const Hair& hair, Sex sex, float azimuth, float elevation);

/// How much of a brow lies at a place of the face at rest (front view, millimetres), 0 … 1.
[[nodiscard]] float brow_cover(const Person& person, float x, float y);

}  // namespace shogo::people
