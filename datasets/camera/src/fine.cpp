#include "fine.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace shogo::camera {
namespace {

using people::Vec3;

/// How far apart the knots of the kernel lie, in pixels: standard deviation 0.58 of it. With the square of
/// the samples and the sensor's defocus a sharp edge rises from 10 to 90 % within 1.4 pixels, as good cameras
/// draw it (ISO 12233: 0.3 to 0.35 cycles a pixel at half contrast).
constexpr float kKnots = 0.68F;

/// Cubic B-spline: bell-shaped, never negative (no bright seams), and exactly zero beyond two knots.
float bell(float x) {
  const float a = std::abs(x) / kKnots;
  if (a >= 2) return 0;
  const float b = 2 - a, c = 1 - a;
  return b * b * b - (a < 1 ? 4 * c * c * c : 0);
}

/// Weights of the fine pixels around a pixel's middle; the first lies `first` from the pixel's first.
struct Kernel {
  int first = 0;
  std::vector<float> weight;
  explicit Kernel(int times) {
    const int reach = static_cast<int>(2 * kKnots * static_cast<float>(times)) + 1;
    const float middle = 0.5F * static_cast<float>(times - 1);
    first = times / 2 - reach;
    float sum = 0;
    for (int i = first; i < first + 2 * reach + 1; ++i) {
      weight.push_back(bell((static_cast<float>(i) - middle) / static_cast<float>(times)));
      sum += weight.back();
    }
    for (float& w : weight) w /= sum;
  }
};

std::size_t at(int x, int y, int width) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
}

}  // namespace

people::Camera finer(people::Camera camera, int times) {
  const auto scale = static_cast<float>(times);
  camera.width *= times;
  camera.height *= times;
  camera.focal_px *= scale;
  camera.centre_x *= scale;
  camera.centre_y *= scale;
  return camera;
}

people::Frame reduced(const people::Frame& fine, int times) {
  people::Frame out;
  out.width = fine.width / times;
  out.height = fine.height / times;
  const Kernel kernel(times);
  const int taps = static_cast<int>(kernel.weight.size());
  // Down the columns first: whole rows are added, which is quick.
  std::vector<Vec3> row(static_cast<std::size_t>(fine.width));
  out.light.resize(at(0, out.height, out.width));
  out.material.resize(out.light.size());
  out.depth_mm.resize(out.light.size());
  for (int y = 0; y < out.height; ++y) {
    std::fill(row.begin(), row.end(), Vec3{});
    for (int k = 0; k < taps; ++k) {
      const float w = kernel.weight[static_cast<std::size_t>(k)];
      if (w == 0) continue;
      const Vec3* from =
          &fine.light[at(0, std::clamp(y * times + kernel.first + k, 0, fine.height - 1), fine.width)];
      for (int x = 0; x < fine.width; ++x) row[static_cast<std::size_t>(x)] += from[x] * w;
    }
    for (int x = 0; x < out.width; ++x) {
      Vec3 sum{};
      for (int k = 0; k < taps; ++k)
        sum += row[static_cast<std::size_t>(std::clamp(x * times + kernel.first + k, 0, fine.width - 1))] *
               kernel.weight[static_cast<std::size_t>(k)];
      const std::size_t here = at(x, y, out.width), there = at(x * times, y * times, fine.width);
      out.light[here] = sum;
      out.material[here] = fine.material[there];
      out.depth_mm[here] = fine.depth_mm[there];
    }
  }
  for (const auto& [x, y] : fine.landmarks)
    out.landmarks.push_back({x / static_cast<float>(times), y / static_cast<float>(times)});
  return out;
}

}  // namespace shogo::camera
