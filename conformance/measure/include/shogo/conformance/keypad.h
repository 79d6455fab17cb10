// Measuring a screen keypad from the pixels of one frame: where its keys are, how large, and which digit each
// shows. Pure: the same frame gives the same numbers. Nothing here asks the device where it believes its keys
// to be.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

/// Edges in pixels, with a fraction taken from anti-aliasing: right - left is the visible width.
struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
  [[nodiscard]] double center_x() const { return (left + right) / 2; }
  [[nodiscard]] double center_y() const { return (top + bottom) / 2; }
};

struct Key {
  Box box;
  int digit = -1;  ///< 0 to 9; -1 for an auxiliary key inside the keypad (delete, done)
};

struct Keypad {
  std::vector<Key>
      keys;  ///< the ten digits in order 0 … 9, then auxiliary keys from top left to bottom right
  [[nodiscard]] Box hull() const;
  [[nodiscard]] const Key& digit(int d) const { return keys[static_cast<std::size_t>(d)]; }
  /// Digits by position, row by row from the top left: the layout that 3-12 counts.
  [[nodiscard]] std::array<int, 10> layout() const;
  /// Number of distinct columns and rows on which the digit keys sit.
  [[nodiscard]] int columns() const;
  [[nodiscard]] int rows() const;
  /// Smallest distance between two keys that are neighbours in a row or a column, pixels.
  [[nodiscard]] double smallest_gap() const;
};

/// kNotFound when the frame shows no complete set of ten digit keys; the message says how far it came.
[[nodiscard]] Result<Keypad> find_keypad(const Image& rgb);

/// Position uncertainty of an edge in a digital frame (measured against drawn rectangles in keypad_test).
constexpr double kEdgeUncertainty_px = 0.1;

}  // namespace shogo::conformance
