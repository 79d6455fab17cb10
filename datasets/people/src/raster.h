// Which primitive is in front at each sample. Edges are integers (1/16 of a sample), so that two triangles
// sharing an edge leave no gap and no overlap, on every machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <shogo/people/vec.h>

namespace shogo::people {

struct ScreenPoint {
  std::int32_t x = 0, y = 0;  ///< 1/16 samples
  float near = 0;             ///< 1 / depth; 0: behind the camera
};

class Raster {
 public:
  static constexpr std::int32_t kSub = 16;
  /// Rows [top, bottom) of a picture of `width` samples a row.
  Raster(int width, int top, int bottom)
      : width_(width),
        top_(top),
        bottom_(bottom),
        near_(static_cast<std::size_t>(width) * static_cast<std::size_t>(bottom - top)),
        id_(near_.size()) {}

  /// Draws over what lies farther away. `cull`: only when its corners run counter-clockwise on the screen (y
  /// down). `keep(x, y)` may refuse single samples (0); what it gives less one is added to `id`.
  template <typename Keep>
  void triangle(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::uint32_t id, bool cull, Keep&& keep);
  void triangle(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::uint32_t id, bool cull) {
    triangle(a, b, c, id, cull, [](int, int) { return true; });
  }

  [[nodiscard]] std::uint32_t id(int x, int y) const { return id_[index(x, y)]; }
  [[nodiscard]] float near(int x, int y) const { return near_[index(x, y)]; }

 private:
  struct Box {
    std::int32_t x0, y0, x1, y1;
  };
  /// `Whole` holds the edge functions: about 4 * extent^2.
  template <typename Whole, typename Keep>
  void fill(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::int64_t area, Box box, std::uint32_t id,
            Keep&& keep);
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y - top_) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }
  int width_, top_, bottom_;
  std::vector<float> near_;
  std::vector<std::uint32_t> id_;
};

template <typename Keep>
void Raster::triangle(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::uint32_t id, bool cull, Keep&& keep) {
  if (!(a.near > 0 && b.near > 0 && c.near > 0)) return;
  std::int64_t area = std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{c.x - a.x} * (b.y - a.y);
  if (area == 0 || (cull && area > 0)) return;
  if (area < 0) {
    std::swap(b, c);
    area = -area;
  }
  const auto first = [](std::int32_t low) {
    return (low + kSub / 2 - 1) >> 4;
  };  // first sample centre at or after
  const std::int32_t x0 = std::max(0, first(std::min({a.x, b.x, c.x}))),
                     x1 = std::min(width_ - 1, (std::max({a.x, b.x, c.x}) - kSub / 2) >> 4);
  const std::int32_t y0 = std::max(top_, first(std::min({a.y, b.y, c.y}))),
                     y1 = std::min(bottom_ - 1, (std::max({a.y, b.y, c.y}) - kSub / 2) >> 4);
  if (x0 > x1 || y0 > y1) return;
  // Nearly all are small: their edge functions fit in half the bits.
  constexpr std::int32_t kSmall = 1 << 13;
  const Box box{x0, y0, x1, y1};
  if (std::max({a.x, b.x, c.x}) - std::min({a.x, b.x, c.x}) < kSmall &&
      std::max({a.y, b.y, c.y}) - std::min({a.y, b.y, c.y}) < kSmall)
    fill<std::int32_t>(a, b, c, area, box, id, keep);
  else
    fill<std::int64_t>(a, b, c, area, box, id, keep);
}

template <typename Whole, typename Keep>
void Raster::fill(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::int64_t area, Box box, std::uint32_t id,
                  Keep&& keep) {
  // Edge functions, positive inside; on a shared edge only the top or left triangle owns the sample.
  struct Edge {
    Whole at, dx, dy;
  } edge[3];
  const ScreenPoint corner[3] = {a, b, c};
  const Whole px = Whole{box.x0} * kSub + kSub / 2, py = Whole{box.y0} * kSub + kSub / 2;
  for (int i = 0; i < 3; ++i) {
    const ScreenPoint &from = corner[(i + 1) % 3], &to = corner[(i + 2) % 3];
    const Whole ex = to.x - from.x, ey = to.y - from.y;
    const bool owns = ey < 0 || (ey == 0 && ex > 0);
    edge[i] = {ex * (py - from.y) - ey * (px - from.x) - (owns ? 0 : 1), -ey * kSub, ex * kSub};
  }
  // Most triangles of hair cover no sample, so their plane is worked out when the first is found.
  float inverse = 0, step_x = 0;
  for (std::int32_t y = box.y0; y <= box.y1; ++y) {
    Whole e0 = edge[0].at, e1 = edge[1].at, e2 = edge[2].at;
    std::int32_t x = box.x0;
    while (x <= box.x1 && (e0 | e1 | e2) < 0) {
      e0 += edge[0].dx;
      e1 += edge[1].dx;
      e2 += edge[2].dx;
      ++x;
    }
    if (x <= box.x1) {
      if (inverse == 0) {
        inverse = 1 / static_cast<float>(area);
        const auto slope = [&](int i, float of) { return of * inverse * static_cast<float>(edge[i].dx); };
        step_x = slope(0, a.near) + slope(1, b.near) + slope(2, c.near);
      }
      const float start = (static_cast<float>(edge[0].at) * a.near + static_cast<float>(edge[1].at) * b.near +
                           static_cast<float>(edge[2].at) * c.near) *
                          inverse;
      float* near_row = &near_[index(0, y)];
      std::uint32_t* id_row = &id_[index(0, y)];
      for (; x <= box.x1 && (e0 | e1 | e2) >= 0; ++x) {
        const float near = start + step_x * static_cast<float>(x - box.x0);
        if (near > near_row[x]) {
          if (const auto kept = static_cast<std::uint32_t>(keep(x, y)); kept != 0) {
            near_row[x] = near;
            id_row[x] = id + kept - 1;
          }
        }
        e0 += edge[0].dx;
        e1 += edge[1].dx;
        e2 += edge[2].dx;
      }
    }
    for (Edge& one : edge) one.at += one.dy;
  }
}

}  // namespace shogo::people
