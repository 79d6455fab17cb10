// A page: what the panel shows at one moment, as pixels and as a tree of nodes that says the same in words.
// Pure: the same input gives the same pixels.
#pragma once

#include "ui/canvas.h"
#include "ui/messages.h"
#include "ui/panel.h"
#include <array>
#include <string>
#include <vector>

#include <shogo/base/image.h>

namespace shogo::reader {

struct Node {
  std::string id;
  std::string role;  ///< "button", "heading", "text", "status"
  std::string text;
  std::string event;  ///< what a touch on it tells the journey; "digit:7" for a key; empty: nothing
  Rect box;           ///< pixels
  bool enabled = true;
  double font_px = 0;
  Colour ink, ground;
};

/// Geometry of the screen keypad (3-10.h, 3-10.i), in millimetres.
struct KeypadShape {
  int columns = 3;
  double key_width_mm = 0, key_height_mm = 0, gap_mm = 0;
};
[[nodiscard]] KeypadShape keypad_shape(const Panel& panel);

struct PageInput {
  std::string screen = "idle";
  Language language = Language::kJapanese;
  int tries_left = -1;
  std::size_t typed = 0;                                     ///< digits of the PIN so far: only how many
  bool may_finish = false;                                   ///< whether 確定 can be pressed
  std::array<int, 10> layout{1, 2, 3, 4, 5, 6, 7, 8, 9, 0};  ///< digits by position, row by row
  std::string pressed;                                       ///< id of the node under the finger
  KeypadShape keypad;
};

struct Page {
  Image frame;
  std::vector<Node> nodes;
  /// The topmost enabled button there, or nullptr.
  [[nodiscard]] const Node* at(double x, double y) const;
};

[[nodiscard]] Page draw_page(const PageInput& input, const Panel& panel, Fonts& fonts,
                             const Messages& messages);

}  // namespace shogo::reader
