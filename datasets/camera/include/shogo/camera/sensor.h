// The lens and the sensor: linear light in, an 8-bit picture out. Bit for bit the same everywhere, like the
// renderer.
#pragma once

#include <shogo/base/image.h>
#include <shogo/camera/shot.h>

namespace shogo::camera {

[[nodiscard]] Image expose(const people::Frame& frame, const Sensor& sensor, std::uint64_t seed);

/// sRGB's curve (IEC 61966-2-1): linear [0, 1] to a byte.
[[nodiscard]] std::uint8_t srgb_byte(float linear);

}  // namespace shogo::camera
