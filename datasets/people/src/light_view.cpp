#include "light_view.h"

#include <algorithm>

#include <shogo/people/wide.h>

namespace shogo::people {

LightView look_along(Vec3 towards, Vec3 centre, float reach, int size) {
  const Vec3 helper = std::abs(towards.y) < 0.9F ? Vec3{0, 1, 0} : Vec3{1, 0, 0};
  const Vec3 right = normalized(cross(helper, towards));
  return {right, cross(towards, right), towards, centre, reach, size};
}

void draw_view(Raster& raster, const LightView& view, const Figure& figure, const std::vector<Vec3>& position,
               const std::vector<Vec3>& points, int strand_step, Share share) {
  std::vector<ScreenPoint> screen(position.size());
  wide_loop(position.size(),
            [view, to = screen.data(), from = position.data()](std::size_t i) { to[i] = view(from[i]); });
  const std::vector<Triangle>& triangles = figure.mesh.triangles;
  for (std::size_t i = share.first(triangles.size()); i < share.last(triangles.size()); ++i) {
    const Triangle& triangle = triangles[i];
    if (triangle.material == Material::kLens) continue;
    raster.triangle(screen[triangle.corner[0]], screen[triangle.corner[1]], screen[triangle.corner[2]], 1);
  }
  const auto step = static_cast<std::size_t>(strand_step);
  const std::size_t strands = (figure.hair.strands.size() + step - 1) / step;
  // Most hair lies under other hair: what is drawn so far hides it.
  constexpr std::size_t kLook = 400;
  for (std::size_t s = share.first(strands); s < share.last(strands); ++s) {
    if ((s - share.first(strands)) % kLook == 0) raster.note_farthest();
    const Strand& strand = figure.hair.strands[s * step];
    if (strand.material != Material::kHair) continue;
    const float half = 0.5F * strand.width_mm * static_cast<float>(strand_step) * view.scale();
    ScreenPoint a = view(points[strand.first]);
    // A shadow needs no fine curls: of many points every second, and always the last.
    const std::uint32_t last = strand.first + strand.count - 1U, stride = strand.count > 8 ? 2 : 1;
    for (std::uint32_t i = strand.first; i < last;) {
      i = std::min(last, i + stride);
      const ScreenPoint b = view(points[i]);
      raster.ribbon({a, half}, {b, half}, 1, [](int, int, float, float) { return true; });
      a = b;
    }
  }
}

}  // namespace shogo::people
