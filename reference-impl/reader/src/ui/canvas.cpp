#include "ui/canvas.h"

#include <algorithm>
#include <cmath>

namespace shogo::reader {

Canvas::Canvas(int width, int height, Colour ground) : image_{width, height, 3, {}} {
  image_.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (std::size_t i = 0; i < image_.pixels.size(); i += 3) {
    image_.pixels[i] = ground.r;
    image_.pixels[i + 1] = ground.g;
    image_.pixels[i + 2] = ground.b;
  }
}

void Canvas::mix(int x, int y, Colour colour, double coverage) {
  if (x < 0 || y < 0 || x >= image_.width || y >= image_.height || coverage <= 0) return;
  const double c = std::min(coverage, 1.0);
  if (c >= 1.0) {  // nearly every pixel: no arithmetic
    std::uint8_t* whole =
        &image_.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) +
                        static_cast<std::size_t>(x)) *
                       3];
    whole[0] = colour.r;
    whole[1] = colour.g;
    whole[2] = colour.b;
    return;
  }
  std::uint8_t* p = &image_.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image_.width) +
                                    static_cast<std::size_t>(x)) *
                                   3];
  const auto blend = [c](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * c));
  };
  p[0] = blend(p[0], colour.r);
  p[1] = blend(p[1], colour.g);
  p[2] = blend(p[2], colour.b);
}

/// `distance(x, y)` is negative inside the shape; within half a pixel of its edge a pixel is partly covered.
template <typename Distance>
void Canvas::paint(const Rect& around, Colour colour, Distance distance) {
  const int left = std::max(0, static_cast<int>(std::floor(around.x)) - 1);
  const int top = std::max(0, static_cast<int>(std::floor(around.y)) - 1);
  const int right = std::min(image_.width, static_cast<int>(std::ceil(around.x + around.w)) + 1);
  const int bottom = std::min(image_.height, static_cast<int>(std::ceil(around.y + around.h)) + 1);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) mix(x, y, colour, 0.5 - distance(x + 0.5, y + 0.5));
  }
}

void Canvas::rounded(const Rect& r, double radius, Colour colour) {
  if (image_.pixels.empty()) return;
  if (radius <= 0) {
    // Straight edges: exact area coverage, also where a corner pixel is cut twice.
    const int left = static_cast<int>(std::floor(r.x)), right = static_cast<int>(std::ceil(r.x + r.w));
    const int top = static_cast<int>(std::floor(r.y)), bottom = static_cast<int>(std::ceil(r.y + r.h));
    for (int y = top; y < bottom; ++y) {
      const double cover_y = std::min<double>(y + 1, r.y + r.h) - std::max<double>(y, r.y);
      for (int x = left; x < right; ++x) {
        const double cover_x = std::min<double>(x + 1, r.x + r.w) - std::max<double>(x, r.x);
        mix(x, y, colour, cover_x * cover_y);
      }
    }
    return;
  }
  const double cx = r.x + r.w / 2, cy = r.y + r.h / 2;
  paint(r, colour, [&](double x, double y) {
    const double dx = std::abs(x - cx) - (r.w / 2 - radius);
    const double dy = std::abs(y - cy) - (r.h / 2 - radius);
    if (dx < 0 || dy < 0) return std::max(dx, dy) - radius;  // away from the corners
    return std::hypot(std::max(dx, 0.0), std::max(dy, 0.0)) + std::min(std::max(dx, dy), 0.0) - radius;
  });
}

void Canvas::box(const Rect& r, double radius, Colour fill, Colour border, double width) {
  rounded(r, radius, border);
  rounded({r.x + width, r.y + width, r.w - 2 * width, r.h - 2 * width}, std::max(0.0, radius - width), fill);
}

void Canvas::circle(double cx, double cy, double radius, Colour colour) {
  paint({cx - radius, cy - radius, 2 * radius, 2 * radius}, colour,
        [&](double x, double y) { return std::hypot(x - cx, y - cy) - radius; });
}

void Canvas::ring(double cx, double cy, double radius, double width, Colour colour) {
  const double outer = radius + width / 2;
  paint({cx - outer, cy - outer, 2 * outer, 2 * outer}, colour,
        [&](double x, double y) { return std::abs(std::hypot(x - cx, y - cy) - radius) - width / 2; });
}

void Canvas::line(double x1, double y1, double x2, double y2, double width, Colour colour) {
  const double half = width / 2;
  const double dx = x2 - x1, dy = y2 - y1, length2 = dx * dx + dy * dy;
  paint({std::min(x1, x2) - half, std::min(y1, y2) - half, std::abs(dx) + width, std::abs(dy) + width},
        colour, [&](double x, double y) {
          const double t =
              length2 > 0 ? std::clamp(((x - x1) * dx + (y - y1) * dy) / length2, 0.0, 1.0) : 0.0;
          return std::hypot(x - x1 - t * dx, y - y1 - t * dy) - half;
        });
}

double Canvas::text(double x, double y, std::string_view utf8, const Font& font, Colour colour) {
  if (image_.pixels.empty()) return font.width(utf8);
  return font.draw(utf8, [&](int gx, int gy, std::uint8_t coverage) {
    mix(static_cast<int>(std::lround(x)) + gx, static_cast<int>(std::lround(y)) + gy, colour,
        coverage / 255.0);
  });
}

}  // namespace shogo::reader
