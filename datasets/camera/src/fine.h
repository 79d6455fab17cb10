// A picture drawn larger than asked and brought to its size as a lens and a sensor do it: each pixel takes in
// light from a little beyond its own square, so outlines and single hairs are soft instead of stepped.
#pragma once

#include <shogo/people/render.h>

namespace shogo::camera {

/// The same view with `times` as many pixels each way.
[[nodiscard]] people::Camera finer(people::Camera camera, int times);
/// `fine` was drawn with finer(camera, times): in the pixels of `camera`, in linear light. Material and depth
/// are those of a pixel's first sample.
[[nodiscard]] people::Frame reduced(const people::Frame& fine, int times);

}  // namespace shogo::camera
