// The lens' distortion: which place of the ideal (pinhole) picture a place of the taken picture looks at.
#pragma once

#include <array>

namespace shogo::camera {

struct Lens {
  float centre_x, centre_y, scale, amount;
  Lens(int width, int height, float distortion)
      : centre_x(static_cast<float>(width) * 0.5F),
        centre_y(static_cast<float>(height) * 0.5F),
        scale(1 / (centre_x * centre_x)),
        amount(distortion) {}

  /// Both in pixels, a pixel's middle at one half.
  [[nodiscard]] std::array<float, 2> looks_at(float x, float y) const {
    const float dx = x - centre_x, dy = y - centre_y;
    const float k = 1 - amount * (dx * dx + dy * dy) * scale;
    return {centre_x + dx * k, centre_y + dy * k};
  }
  /// Where a place of the ideal picture is seen: the inverse, to a thousandth of a pixel for the small
  /// distortions of cameras.
  [[nodiscard]] std::array<float, 2> seen_at(float x, float y) const {
    const float qx = x - centre_x, qy = y - centre_y;
    float dx = qx, dy = qy;
    constexpr int kRounds = 12;
    for (int i = 0; i < kRounds; ++i) {
      const float k = 1 - amount * (dx * dx + dy * dy) * scale;
      dx = qx / k;
      dy = qy / k;
    }
    return {centre_x + dx, centre_y + dy};
  }
};

}  // namespace shogo::camera
