// A plot as shapes, before anybody decides what it is drawn on: SVG text here, pixels in `shogo measure
// --plot x.png`. Coordinates in pixels, y downwards; colours as "#rrggbb".
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace shogo::evaluation {

struct Point {
  double x = 0, y = 0;
};

struct Line {
  std::vector<Point> points;
  std::string colour = "#555555";
  double width = 1;
  bool dashed = false;
};

/// Filled, translucent, with its edge drawn in full colour.
struct Area {
  std::vector<Point> points;
  std::string colour;
  double opacity = 0.45;
};

struct Dot {
  Point at;
  double radius = 4;
  std::string colour;
  std::string title{};  ///< shown when somebody points at it, where that can be
};

enum class Anchor { kStart, kMiddle, kEnd };
struct Text {
  Point at;  ///< on the baseline
  std::string text;
  Anchor anchor = Anchor::kStart;
  std::string colour = "#000000";
  double size = 13;
  bool bold = false;
  bool upwards = false;  ///< turned a quarter to the left
};

using Shape = std::variant<Line, Area, Dot, Text>;

struct Drawing {
  std::string title;
  double width = 0, height = 0;
  std::vector<Shape> shapes;  ///< later ones lie on top
};

/// The same bytes for the same drawing.
[[nodiscard]] std::string to_svg(const Drawing& drawing);

}  // namespace shogo::evaluation
