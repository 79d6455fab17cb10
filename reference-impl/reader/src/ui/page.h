// A page: what the panel shows at one moment, as pixels and as a tree of nodes that says the same in words.
// Pure: the same input gives the same pixels.
#pragma once

#include "flow/papers.h"
#include "ui/canvas.h"
#include "ui/messages.h"
#include "ui/panel.h"
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <shogo/base/image.h>

namespace shogo::reader {

struct Node {
  std::string id;
  /// "button", "heading", "text", "status"; "picture": of the camera; "caution": a warning (3-11.b); "step":
  /// where in the procedure (3-10.b); "key_legend": the key of the physical keypad that means the button
  /// around it (1-14.c); "entry": a name that is there to be read (1-13.j)
  std::string role;
  std::string text;
  std::string event;  ///< what a touch on it tells the journey; "digit:7" for a key; empty: nothing
  Rect box;           ///< pixels
  bool enabled = true;
  double font_px = 0;
  Colour ink, ground;
  char key = 0;                          ///< digit of the physical keypad that does the same; 0: none
  double words_w = 0;                    ///< of its widest line as it was painted, in pixels
  std::optional<std::string> said = {};  ///< in place of its text (1-13.j); empty: it is not said
};

/// Geometry of the screen keypad (3-10.h, 3-10.i), in millimetres.
struct KeypadShape {
  int columns = 3;
  double key_width_mm = 0, key_height_mm = 0, gap_mm = 0;
  bool operator==(const KeypadShape&) const = default;
};
[[nodiscard]] KeypadShape keypad_shape(const Panel& panel);

/// Manners that requirements ask for. The product keeps all of them; the test build lets go of one at a time.
struct Manners {
  bool choices_stacked = true;   ///< 3-10.g: never side by side
  bool agree_first = true;       ///< 3-10.g: agree above disagree
  bool shows_steps = true;       ///< 3-10.b
  bool shows_cautions = true;    ///< 3-11.b
  bool tells_phone_area = true;  ///< 1-8.k
  bool has_every_font = true;    ///< 1-22.a: each language its own
  char other_legend_for_no = 0;  ///< 1-14.c: what to print in place of the true key; 0: the true one
  bool operator==(const Manners&) const = default;
};

struct PageInput {
  std::string screen = "idle";
  Language language = Language::kJapanese;
  Language next_language = Language::kEnglish;  ///< what the language key leads to; the same: there is no key
  int tries_left = -1;
  std::size_t typed = 0;                                     ///< digits of the PIN so far: only how many
  bool may_finish = false;                                   ///< whether 確定 can be pressed
  std::array<int, 10> layout{1, 2, 3, 4, 5, 6, 7, 8, 9, 0};  ///< digits by position, row by row
  std::string pressed;                                       ///< id of the node under the finger
  KeypadShape keypad;
  int steps_passed = 0;  ///< how many of the four steps this patient has been through: they are ticked off
  bool may_go_back = false;  ///< there is a question before this one
  bool key_legends = false;  ///< a physical keypad is there: the buttons say which of its keys they are
  int volume = 0;            ///< the step that the page of the volume shows; 0: none
  bool has_camera = false;   ///< the device has a patient camera
  bool camera_sees = false;  ///< and it has a picture: the page of the camera says so where it has none
  std::string clinic_name;   ///< empty: none
  bool keypad_gone = false;  ///< the keypad was pulled in the middle of an entry
  bool ending_soon = false;  ///< nobody has touched anything for a while
  std::string own_words;  ///< the clinic's sentence under the title, in place of ours (3-11.c); empty: ours
  std::vector<Paper> papers;    ///< what the question of this page is about, by name
  std::size_t first_paper = 0;  ///< the list is shown from here on
  Manners manners;
  bool operator==(const PageInput&) const = default;
};

struct Page {
  Image frame;
  std::vector<Node> nodes;
  /// The topmost enabled button there, or nullptr.
  [[nodiscard]] const Node* at(double x, double y) const;
  /// The enabled button that this digit of the physical keypad means, or nullptr.
  [[nodiscard]] const Node* by_key(char key) const;
};

[[nodiscard]] Page draw_page(const PageInput& input, const Panel& panel, Fonts& fonts,
                             const Messages& messages);
/// The same nodes and no pixels: where everything would lie.
[[nodiscard]] Page lay_out_page(const PageInput& input, const Panel& panel, Fonts& fonts,
                                const Messages& messages);

}  // namespace shogo::reader
