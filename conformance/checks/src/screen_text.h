// Every text of a screen walk as it was seen in the pixels: its contrast, its size, its shapes, and whether
// the UI tree told of it. Shared by 3-10.f, 3-10.n, 1-12.a and 1-22.a.
#pragma once

#include "screen_record.h"
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <shogo/conformance/contrast.h>
#include <shogo/conformance/glyph_shapes.h>

namespace shogo::conformance {

struct SeenText {
  std::string where;   ///< "pin.ja \"消す\""
  std::string screen;  ///< which, at which moment: the same in every language
  std::string state, lang, id;
  bool button = false;
  std::string text;   ///< what the UI tree says; empty when it does not tell of it
  bool told = true;   ///< the UI tree tells of it
  bool seen = false;  ///< there is ink
  bool enabled = true;
  bool thin = false;
  double contrast = 0;
  double ink_mm = 0;                  ///< height of its tallest line's ink
  double width_mm = 0;                ///< of the ink of all its lines together
  bool cut = false;                   ///< it reaches the edge of the panel, or its node goes beyond it
  bool status = false;                ///< where in the procedure, how many tries: no text to read through
  double em_mm = 0;                   ///< size of its type at most; 0: unknown
  std::optional<GlyphShapes> shapes;  ///< nothing: no ink
};
enum class Size { kNormal, kLargeIfBold, kLarge, kUnknown };

struct TextSurvey {
  std::vector<SeenText> texts;
  std::set<std::string> states, languages;
  int unreadable = 0;
  /// Why the walk is too small to pass on; empty when it came to every kind of screen that a PIN needs.
  [[nodiscard]] std::string too_little() const;
};
/// Valid until the next call with another transcript or device.
[[nodiscard]] const TextSurvey& texts_of(const Transcript& transcript, const Hello& device);

}  // namespace shogo::conformance
