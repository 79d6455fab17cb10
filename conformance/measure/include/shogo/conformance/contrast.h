// Contrast of text and of parts, read from the pixels of a frame (3-10.e, .f, .j, .l, .n), by the formula of
// WCAG 2.1 and JIS X 8341-3:2016 1.4.3. Pure. Nothing here asks the device for its colours.
//
// How a colour is found: the ground is the commonest colour of the region. Ink is a colour that fills whole
// 2 x 2 blocks: anti-aliasing mixes ink and ground at the edges of strokes only, in rows or columns of one
// pixel. So where strokes are two pixels wide, the colours are exact and the ratio has no error of its own;
// contrast_test renders text of seven fonts and sizes from 3 mm on and finds none. Thinner text never shows
// its ink unmixed: the strongest pixels are taken, the ratio is a lower bound and `thin` says so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/conformance/keypad.h>

namespace shogo::conformance {

using Rgb = std::array<std::uint8_t, 3>;

/// WCAG 2.1 relative luminance, 0 (black) to 1 (white), and the contrast ratio, 1 to 21.
[[nodiscard]] double relative_luminance(Rgb colour);
[[nodiscard]] double contrast_ratio(Rgb a, Rgb b);

/// A line of ink, pixel rows and columns, the last one excluded.
struct InkLine {
  int left = 0, top = 0, right = 0, bottom = 0;
  [[nodiscard]] int height() const { return bottom - top; }
};

struct InkReading {
  Rgb ground{}, ink{};
  double contrast = 1;  ///< of the faintest ink that makes up a tenth of the region's ink at least
  bool thin = false;    ///< strokes too thin to show their colour: the contrast may be higher, not lower
  std::vector<InkLine> lines;  ///< from top to bottom
  [[nodiscard]] int tallest_line() const;
};

/// What is written in this region. Nothing when it has no ink that can be told from its ground, or no ground
/// (no colour fills a third of it). A plate, a solid patch with a sign of a third colour on it as key legends
/// have, is a ground of its own: the sign counts against the plate, and the plate is no ink.
[[nodiscard]] std::optional<InkReading> read_ink(const Image& rgb, const Box& region);

/// How well a part stands out: the contrast between what lies just outside `part` and the strongest colour of
/// its rim, the weakest of its four sides. 1: no visible rim. `rim_px`: how far inside the rim is looked for.
[[nodiscard]] double rim_contrast(const Image& rgb, const Box& part, double rim_px);

/// Rows of marks that look like lines of text between 1.5 and 9 mm high: many strokes side by side. For
/// finding text that the device's UI tree keeps quiet about.
[[nodiscard]] std::vector<Box> text_like_rows(const Image& rgb, double px_per_mm);

}  // namespace shogo::conformance
