// How much of the sky places see, direction by direction: a height map of the figure says what lies above
// each of them.
#pragma once

#include "raster.h"
#include <cstddef>
#include <vector>

#include <shogo/people/wide.h>

namespace shogo::people {

class Openness {
 public:
  /// `bias_mm`: what lies less above a place does not hide it; `slope`: how much each millimetre more does.
  Openness(const std::vector<Vec3>& places, float bias_mm, float slope)
      : bias_mm_(bias_mm),
        slope_(slope),
        height_(places.size()),
        seen_(places.size()),
        across_(places.size()),
        down_(places.size()) {
    for (const Vec3 p : places) x_.push_back(p.x), y_.push_back(p.y), z_.push_back(p.z);
  }

  /// 0 hidden … 1 seen, for each place. `project` makes the ScreenPoint of a place on `raster`, a square of
  /// `size` samples.
  template <typename Project>
  const std::vector<float>& from(const Raster& raster, int size, const Project& project) {
    // Where each lies on the map, then what the map says there.
    wide_loop(seen_.size(), [project, x = x_.data(), y = y_.data(), z = z_.data(), across = across_.data(),
                             down = down_.data(), height = height_.data()](std::size_t i) {
      const ScreenPoint at = project(Vec3{x[i], y[i], z[i]});
      across[i] = at.x - Raster::kSub / 2;
      down[i] = at.y - Raster::kSub / 2;
      height[i] = at.near;
    });
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      const std::int32_t column = across_[i] >> 4, row = down_[i] >> 4;
      seen_[i] = 1;
      if (column < 0 || row < 0 || column + 1 >= size || row + 1 >= size) continue;
      const float* near = raster.nears(row) + column;
      const auto free = [&](float top) { return 1 - clamp01((top - height_[i] - bias_mm_) * slope_); };
      const float fx = static_cast<float>(across_[i] - column * 16) / 16,
                  fy = static_cast<float>(down_[i] - row * 16) / 16;
      seen_[i] =
          mix(mix(free(near[0]), free(near[1]), fx), mix(free(near[size]), free(near[size + 1]), fx), fy);
    }
    return seen_;
  }

 private:
  float bias_mm_, slope_;
  std::vector<float> x_, y_, z_, height_, seen_;
  std::vector<std::int32_t> across_, down_;
};

}  // namespace shogo::people
