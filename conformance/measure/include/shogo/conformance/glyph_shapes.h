// The shapes of what is written somewhere: how many there are, how many differ, and how many are mere frames.
// A font draws a character that it does not have as an empty or crossed box, or always as the same sign
// (1-22.a: replacement glyphs). Nothing is read: whether 口 and 日 may be boxes is for who knows the text.
// Pure.
#pragma once

#include <optional>

#include <shogo/base/image.h>
#include <shogo/conformance/keypad.h>

namespace shogo::conformance {

struct GlyphShapes {
  int tall = 0;      ///< connected shapes about as tall as a letter
  int framed = 0;    ///< of these, empty or crossed boxes that look alike: the most of one look
  int distinct = 0;  ///< of the tall ones, those that differ from one another
};

/// `em_px`: the size of the type. Nothing when there is no ink that can be told from its ground.
[[nodiscard]] std::optional<GlyphShapes> glyph_shapes(const Image& rgb, const Box& region, double em_px);

}  // namespace shogo::conformance
