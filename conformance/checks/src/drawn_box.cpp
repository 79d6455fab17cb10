#include "drawn_box.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace shogo::conformance {
namespace {

constexpr int kContrast = 24;  // of 255 in one channel: less is a shade, not an edge

std::array<int, 3> pixel(const Image& image, int x, int y) {
  const std::size_t at =
      (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) * 3;
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

bool differ(const std::array<int, 3>& a, const std::array<int, 3>& b) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(a[i] - b[i]) > kContrast) return true;
  return false;
}

/// The outermost place between `inner` and `outer` where the colour changes; nothing when it is one colour.
template <typename At>
std::optional<int> outermost_edge(int inner, int outer, At at) {
  const int step = inner < outer ? -1 : 1;
  const auto outside = at(outer);
  for (int i = outer; i != inner; i += step) {
    if (differ(at(i), outside)) return i;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Box> drawn_box(const Image& rgb, const UiNode& declared, int reach) {
  const auto clamp_x = [&](int x) { return std::clamp(x, 0, rgb.width - 1); };
  const auto clamp_y = [&](int y) { return std::clamp(y, 0, rgb.height - 1); };
  if (rgb.width <= 0 || rgb.height <= 0 || declared.width <= 2 * reach || declared.height <= 2 * reach)
    return std::nullopt;
  const int cx = clamp_x(declared.centre_x());
  const int cy = clamp_y(declared.centre_y());
  const auto along_x = [&](int x) { return pixel(rgb, clamp_x(x), cy); };
  const auto along_y = [&](int y) { return pixel(rgb, cx, clamp_y(y)); };
  const auto left = outermost_edge(declared.x + reach, declared.x - reach, along_x);
  const auto right =
      outermost_edge(declared.x + declared.width - reach, declared.x + declared.width + reach, along_x);
  const auto top = outermost_edge(declared.y + reach, declared.y - reach, along_y);
  const auto bottom =
      outermost_edge(declared.y + declared.height - reach, declared.y + declared.height + reach, along_y);
  if (!left || !right || !top || !bottom) return std::nullopt;
  return Box{static_cast<double>(*left), static_cast<double>(*top), static_cast<double>(*right + 1),
             static_cast<double>(*bottom + 1)};
}

bool has_ink(const Image& rgb, const UiNode& declared) {
  const int left = std::clamp(declared.x, 0, rgb.width);
  const int right = std::clamp(declared.x + declared.width, 0, rgb.width);
  const int top = std::clamp(declared.y, 0, rgb.height);
  const int bottom = std::clamp(declared.y + declared.height, 0, rgb.height);
  if (left >= right || top >= bottom) return false;
  const auto first = pixel(rgb, left, top);
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      if (differ(pixel(rgb, x, y), first)) return true;
  return false;
}

}  // namespace shogo::conformance
