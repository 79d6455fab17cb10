// What stands behind everybody. Out of focus, so a value every few pixels is enough.
#pragma once

#include "shading.h"
#include <algorithm>
#include <vector>

namespace shogo::people {

class Backdrop {
 public:
  explicit Backdrop(const Scene& scene) : width_(scene.camera.width) {
    const Camera& camera = scene.camera;
    const Mat3 to_world = camera.to_camera.transposed();
    for (int y = 0; y <= camera.height / kCell + 1; ++y)
      for (int x = 0; x <= camera.width / kCell + 1; ++x) {
        const float px = static_cast<float>(x * kCell), py = static_cast<float>(y * kCell);
        const Vec3 ray = normalized(
            Vec3{(px - camera.centre_x) / camera.focal_px, (camera.centre_y - py) / camera.focal_px, 1});
        value_.push_back(background(scene, to_world * ray));
      }
  }

  /// A row of pixels with nothing before it.
  void draw(int y, Vec3* row) const {
    const int wide = width_ / kCell + 2;
    const float fy = (static_cast<float>(y % kCell) + 0.5F) / kCell;
    const Vec3* above = &value_[static_cast<std::size_t>(y / kCell * wide)];
    Vec3 left = mix(above[0], above[wide], fy);
    for (int x = 0, cell = 1; x < width_; ++cell) {
      const Vec3 right = mix(above[cell], above[wide + cell], fy), step = (right - left) * (1.F / kCell);
      const int end = std::min(x + kCell, width_);
      for (int i = 0; x < end; ++x, ++i) row[x] = left + step * (static_cast<float>(i) + 0.5F);
      left = right;
    }
  }

 private:
  static constexpr int kCell = 8;
  int width_;
  std::vector<Vec3> value_;
};

}  // namespace shogo::people
