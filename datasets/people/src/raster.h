// Which primitive is in front at each sample. Edges are integers (1/16 of a sample), so that two triangles
// sharing an edge leave no gap and no overlap, on every machine.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
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
  Raster(int width, int top, int bottom) : width_(width) { clear(top, bottom); }
  /// Starts over with other rows.
  void clear(int top, int bottom) {
    top_ = top, bottom_ = bottom;
    near_.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(bottom - top), 0);
    id_.assign(near_.size(), 0);
    farthest_.clear();
  }

  /// Draws over what lies farther away.
  void triangle(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::uint32_t id);
  /// A piece of a line, drawn row by row (column by column when it lies flatter): what hair needs, at a
  /// fraction of a pair of triangles' price. Pieces that share a point leave no gap. `keep(x, y, across,
  /// along)` may refuse single samples (0); what it gives less one is added to `id`. `across` runs from 0 to
  /// 1 over the width (by the same side of the line whichever way it runs), `along` from `a` to `b`.
  struct RibbonEnd {
    ScreenPoint at;
    float half = 0;  ///< 1/16 samples to either side
  };
  template <typename Keep>
  void ribbon(RibbonEnd a, RibbonEnd b, std::uint32_t id, Keep&& keep);

  /// Notes how far each tile is seen through to: from now on a ribbon that lies wholly behind is passed over.
  /// The samples are the same without it.
  void note_farthest();

  /// Whether a ribbon is known to lie wholly behind; it reaches at most so far (1/16 samples) from its
  /// middle.
  [[nodiscard]] bool behind(ScreenPoint a, ScreenPoint b, float reach) const;

  /// Whether the corners do not run counter-clockwise on the screen (y down).
  [[nodiscard]] static bool faces_away(ScreenPoint a, ScreenPoint b, ScreenPoint c) {
    return twice_area(a, b, c) >= 0;
  }

  [[nodiscard]] std::uint32_t id(int x, int y) const { return id_[index(x, y)]; }
  /// The ids of a row's samples.
  [[nodiscard]] const std::uint32_t* ids(int y) const { return &id_[index(0, y)]; }
  [[nodiscard]] float near(int x, int y) const { return near_[index(x, y)]; }
  /// The same of a row's samples, and of all rows below it.
  [[nodiscard]] const float* nears(int y) const { return &near_[index(0, y)]; }

 private:
  struct Box {
    std::int32_t x0, y0, x1, y1;
  };
  /// `Whole` holds the edge functions: about 4 * extent^2.
  template <typename Whole>
  void fill(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::int64_t area, Box box, std::uint32_t id);
  [[nodiscard]] static std::int64_t twice_area(ScreenPoint a, ScreenPoint b, ScreenPoint c) {
    return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{c.x - a.x} * (b.y - a.y);
  }
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y - top_) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }
  /// Samples [x0, x1] x [y0, y1] within the rows: nothing at `near` would be seen.
  [[nodiscard]] std::size_t tiles_wide() const {
    return static_cast<std::size_t>(width_ + kTile - 1) / kTile;
  }
  /// The first of the tiles that row `y` lies in.
  [[nodiscard]] std::size_t tile_row(int y) const {
    return static_cast<std::size_t>(y - top_) / kTile * tiles_wide();
  }
  [[nodiscard]] bool hidden(int x0, int y0, int x1, int y1, float near) const;

  static constexpr int kTile = 8;
  int width_, top_ = 0, bottom_ = 0;
  std::vector<float> near_;
  std::vector<std::uint32_t> id_;
  std::vector<float> farthest_;  ///< least of near_, per tile of kTile x kTile samples; empty: not noted
};

inline void Raster::triangle(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::uint32_t id) {
  if (!(a.near > 0 && b.near > 0 && c.near > 0)) return;
  std::int64_t area = twice_area(a, b, c);
  if (area == 0) return;
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
    fill<std::int32_t>(a, b, c, area, box, id);
  else
    fill<std::int64_t>(a, b, c, area, box, id);
}

template <typename Whole>
void Raster::fill(ScreenPoint a, ScreenPoint b, ScreenPoint c, std::int64_t area, Box box, std::uint32_t id) {
  // Edge functions, positive inside; on a shared edge only the top or left triangle owns the sample.
  struct Edge {
    Whole at, dx, dy;
    Whole lowered;  ///< 1 when the edge is another triangle's, else 0; `at` is lower by it
  } edge[3];
  const ScreenPoint corner[3] = {a, b, c};
  const Whole px = Whole{box.x0} * kSub + kSub / 2, py = Whole{box.y0} * kSub + kSub / 2;
  for (int i = 0; i < 3; ++i) {
    const ScreenPoint &from = corner[(i + 1) % 3], &to = corner[(i + 2) % 3];
    const Whole ex = to.x - from.x, ey = to.y - from.y;
    const bool owns = ey < 0 || (ey == 0 && ex > 0);
    edge[i] = {ex * (py - from.y) - ey * (px - from.x) - (owns ? 0 : 1), -ey * kSub, ex * kSub, owns ? 0 : 1};
  }
  // Many cover no sample, so their plane is worked out when the first is found.
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
      // In a triangle of few samples that 1 would be millimetres of depth.
      const auto share = [&](int i) { return static_cast<float>(edge[i].at + edge[i].lowered); };
      const float start = (share(0) * a.near + share(1) * b.near + share(2) * c.near) * inverse;
      float* near_row = &near_[index(0, y)];
      std::uint32_t* id_row = &id_[index(0, y)];
      for (; x <= box.x1 && (e0 | e1 | e2) >= 0; ++x) {
        const float near = start + step_x * static_cast<float>(x - box.x0);
        if (near > near_row[x]) {
          near_row[x] = near;
          id_row[x] = id;
        }
        e0 += edge[0].dx;
        e1 += edge[1].dx;
        e2 += edge[2].dx;
      }
    }
    for (Edge& one : edge) one.at += one.dy;
  }
}

inline void Raster::note_farthest() {
  const auto width = static_cast<std::size_t>(width_), rows = static_cast<std::size_t>(bottom_ - top_);
  farthest_.clear();
  std::vector<float> least(width);
  for (std::size_t y = 0; y < rows; y += kTile) {
    least.assign(near_.begin() + static_cast<std::ptrdiff_t>(y * width),
                 near_.begin() + static_cast<std::ptrdiff_t>((y + 1) * width));
    for (std::size_t row = y + 1; row < std::min(rows, y + kTile); ++row) {
      const float* near = &near_[row * width];
      for (std::size_t x = 0; x < width; ++x) least[x] = near[x] < least[x] ? near[x] : least[x];
    }
    for (std::size_t x = 0; x < width; x += kTile)
      farthest_.push_back(
          *std::min_element(least.begin() + static_cast<std::ptrdiff_t>(x),
                            least.begin() + static_cast<std::ptrdiff_t>(std::min(width, x + kTile))));
  }
}

inline bool Raster::hidden(int x0, int y0, int x1, int y1, float near) const {
  if (farthest_.empty()) return false;
  const std::size_t left = static_cast<std::size_t>(x0) / kTile, right = static_cast<std::size_t>(x1) / kTile,
                    last = tile_row(y1);
  for (std::size_t row = tile_row(y0); row <= last; row += tiles_wide())
    for (std::size_t x = left; x <= right; ++x)
      if (near > farthest_[row + x]) return false;
  return true;
}

inline bool Raster::behind(ScreenPoint a, ScreenPoint b, float reach) const {
  if (farthest_.empty()) return false;
  const auto more = static_cast<std::int32_t>(reach) + kSub;
  const int x0 = std::max(0, (std::min(a.x, b.x) - more) / kSub),
            x1 = std::min(width_ - 1, (std::max(a.x, b.x) + more) / kSub),
            y0 = std::max(top_, (std::min(a.y, b.y) - more) / kSub),
            y1 = std::min(bottom_ - 1, (std::max(a.y, b.y) + more) / kSub);
  return x0 > x1 || y0 > y1 || hidden(x0, y0, x1, y1, std::max(a.near, b.near));
}

template <typename Keep>
void Raster::ribbon(RibbonEnd a, RibbonEnd b, std::uint32_t id, Keep&& keep) {
  if (!(a.at.near > 0 && b.at.near > 0)) return;
  const bool upright = std::abs(b.at.y - a.at.y) >= std::abs(b.at.x - a.at.x);
  // `v` runs along the longer way (rows when upright), `u` across it.
  const auto along = [&](const RibbonEnd& end) { return upright ? end.at.y : end.at.x; };
  const auto across = [&](const RibbonEnd& end) { return static_cast<float>(upright ? end.at.x : end.at.y); };
  const std::int32_t av = along(a), bv = along(b);
  if (av == bv) return;
  const float inverse = 1 / static_cast<float>(bv - av), au = across(a);
  const float slope = (across(b) - au) * inverse;
  const float slant = std::sqrt(1 + slope * slope);
  const float half_a = a.half * slant, half_b = b.half * slant;
  // Where a wide line bends from upright to flat, near 45 degrees, its pieces would part: they reach into
  // each other.
  const float widest = std::max(a.half, b.half);
  const std::int32_t more = widest > kSub && std::abs(slope) > 0.7F
                                ? std::min(static_cast<std::int32_t>(0.7F * widest), std::abs(bv - av) / 2)
                                : 0;
  const auto first = [](std::int32_t low) { return (low + kSub / 2 - 1) >> 4; };
  const std::int32_t begin = first(std::min(av, bv) - more);
  const std::int32_t from = std::max(begin, upright ? top_ : 0),
                     to = std::min(first(std::max(av, bv) + more), upright ? bottom_ : width_);
  if (from >= to) return;
  const std::int32_t least = upright ? 0 : top_, most = upright ? width_ : bottom_;
  // Both edges in 1/4096 samples, whole numbers counted from the first row, so that every band has the same.
  constexpr std::int32_t kFine = 256, kSample = kSub * kFine;
  const auto on = static_cast<float>(begin * kSub + kSub / 2 - av);
  const auto edge = [&](float at_a, float at_b, std::int32_t& start, std::int32_t& step) {
    const float run = (at_b - at_a) * inverse;
    start = static_cast<std::int32_t>((at_a + run * on - static_cast<float>(kSub) / 2) * kFine);
    step = static_cast<std::int32_t>(run * kSample);
  };
  std::int32_t low_start = 0, low_step = 0, high_start = 0, high_step = 0;
  edge(au - half_a, across(b) - half_b, low_start, low_step);
  edge(au + half_a, across(b) + half_b, high_start, high_step);
  const auto sample = [](std::int32_t fine) { return (fine + kSample - 1) >> 12; };
  const auto low_at = [&](std::int32_t v) { return low_start + (v - begin) * low_step; };
  const auto high_at = [&](std::int32_t v) { return high_start + (v - begin) * high_step; };
  const std::int32_t low_u = std::max(least, sample(std::min(low_at(from), low_at(to - 1)))),
                     high_u = std::min(most, sample(std::max(high_at(from), high_at(to - 1)))) - 1;
  if (low_u > high_u) return;
  // Beyond its ends a piece goes on level: one that points at the viewer would shoot up.
  const float front = std::max(a.at.near, b.at.near), back = std::min(a.at.near, b.at.near);
  if (upright ? hidden(low_u, from, high_u, to - 1, front) : hidden(from, low_u, to - 1, high_u, front))
    return;
  const float near_step = (b.at.near - a.at.near) * inverse * static_cast<float>(kSub),
              near_start = a.at.near + (b.at.near - a.at.near) * inverse * on;
  const bool mirrored = upright == (bv < av);
  const std::size_t stride = upright ? 1 : static_cast<std::size_t>(width_);
  std::int32_t start = low_at(from), end = high_at(from);
  for (std::int32_t v = from; v < to; ++v, start += low_step, end += high_step) {
    std::int32_t low = std::max(least, sample(start)), high = std::min(most, sample(end));
    const float near = clamp(near_start + near_step * static_cast<float>(v - begin), back, front);
    // Most of what is not wholly hidden still is in most of its rows.
    if (!farthest_.empty()) {
      const std::int32_t zero = upright ? 0 : top_;
      const float* tiles = &farthest_[upright ? tile_row(v) : static_cast<std::size_t>(v) / kTile];
      const std::size_t next = upright ? 1 : tiles_wide();
      const auto nothing = [&](std::int32_t u) {
        return !(near > tiles[static_cast<std::size_t>(u - zero) / kTile * next]);
      };
      while (low < high && nothing(low)) low = ((low - zero) | (kTile - 1)) + 1 + zero;
      while (low < high && nothing(high - 1)) high = ((high - 1 - zero) & ~(kTile - 1)) + zero;
    }
    std::size_t at = upright ? index(low, v) : index(v, low);
    while (low < high && !(near > near_[at])) ++low, at += stride;
    if (low >= high) continue;
    const float across_one = 1 / static_cast<float>(end - start),
                way = clamp01(static_cast<float>(v * kSub + kSub / 2 - av) * inverse);
    for (std::int32_t u = low; u < high; ++u, at += stride) {
      if (!(near > near_[at])) continue;
      const float part = static_cast<float>(u * kSample - start) * across_one;
      const auto kept =
          static_cast<std::uint32_t>(keep(upright ? u : v, upright ? v : u, mirrored ? 1 - part : part, way));
      if (kept == 0) continue;
      near_[at] = near;
      id_[at] = id + kept - 1;
    }
  }
}

}  // namespace shogo::people
