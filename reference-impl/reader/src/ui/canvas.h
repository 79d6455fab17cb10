// Canvas: anti-aliased shapes and text on one RGB image. Positions and sizes are pixels with fractions; a
// half-covered pixel is mixed half and half. Software only: the same picture on every machine, with or
// without a display.
#pragma once

#include "ui/fonts.h"
#include <cstdint>
#include <string_view>

#include <shogo/base/image.h>

namespace shogo::reader {

struct Colour {
  std::uint8_t r = 0, g = 0, b = 0;
  friend bool operator==(const Colour&, const Colour&) = default;
};
constexpr Colour rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8),
          static_cast<std::uint8_t>(hex)};
}

struct Rect {
  double x = 0, y = 0, w = 0, h = 0;
  [[nodiscard]] bool contains(double px, double py) const {
    return px >= x && py >= y && px < x + w && py < y + h;
  }
};

class Canvas {
 public:
  /// Without a size (0 x 0) it only measures: the cheap way to learn where everything would lie.
  Canvas(int width, int height, Colour ground);
  void fill(const Rect& rect, Colour colour) { rounded(rect, 0, colour); }
  void rounded(const Rect& rect, double radius, Colour colour);
  /// Filled, with a border drawn inside the rectangle: its outer edge is the rectangle's.
  void box(const Rect& rect, double radius, Colour fill, Colour border, double border_width);
  void circle(double x, double y, double radius, Colour colour);
  void ring(double x, double y, double radius, double width, Colour colour);
  void line(double x1, double y1, double x2, double y2, double width, Colour colour);
  /// One line of text, its left end at x, its line box beginning at y. Returns its width.
  double text(double x, double y, std::string_view utf8, const Font& font, Colour colour);

  [[nodiscard]] const Image& image() const { return image_; }
  [[nodiscard]] Image take() { return std::move(image_); }

 private:
  void mix(int x, int y, Colour colour, double coverage);
  template <typename Distance>
  void paint(const Rect& around, Colour colour, Distance distance);
  Image image_;
};

}  // namespace shogo::reader
