// What a lamp sees of a figure: heights along the lamp's direction, for shadows and ambient light.
#pragma once

#include "posed.h"
#include "raster.h"
#include <cstddef>
#include <vector>

namespace shogo::people {

/// Orthographic, square: `reach` millimetres to each side of `centre`.
struct LightView {
  /// Keeps heights positive: Raster takes 0 for "behind the camera".
  static constexpr float kOffset = 2000;

  Vec3 right, up, towards, centre;
  float reach;
  int size;
  /// 1/16 texels a millimetre.
  [[nodiscard]] float scale() const { return static_cast<float>(size * Raster::kSub) / (2 * reach); }
  [[nodiscard]] ScreenPoint operator()(Vec3 p) const {
    const Vec3 d = p - centre;
    ScreenPoint out;
    out.x = whole_below((dot(d, right) + reach) * scale());
    out.y = whole_below((dot(d, up) + reach) * scale());
    out.near = dot(d, towards) + kOffset;
    return out;
  }
};

[[nodiscard]] LightView look_along(Vec3 towards, Vec3 centre, float reach, int size);

/// The n-th of so many parts.
struct Share {
  int part = 0, parts = 1;
  [[nodiscard]] std::size_t first(std::size_t count) const { return border(count, part); }
  [[nodiscard]] std::size_t last(std::size_t count) const { return border(count, part + 1); }

 private:
  [[nodiscard]] std::size_t border(std::size_t count, int at) const {
    return count * static_cast<std::size_t>(at) / static_cast<std::size_t>(parts);
  }
};

/// Every `strand_step`-th strand is drawn, so many times as wide.
void draw_view(Raster& raster, const LightView& view, const Figure& figure, const std::vector<Vec3>& position,
               const std::vector<Vec3>& points, int strand_step, Share share = {});

}  // namespace shogo::people
