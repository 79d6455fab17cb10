// Texts of the chip as pictures: the real characters in real fonts (BIZ UDGothic, Noto Sans CJK for what it
// lacks, with variation selectors), one bit a pixel. Sizes of the pictures are known from public client code,
// the typeface of real cards is not: *synthetic*.
#pragma once

#include <string>

#include <shogo/base/image.h>

namespace shogo::sim {

/// Black on white, left-aligned from the top, in the largest size up to `most_px` at which all lines fit;
/// what does not fit at 8 pixels is cut off. Same fonts, same text = same pixels. kUnavailable when a font is
/// not installed.
[[nodiscard]] Result<Image> draw_text(const std::string& utf8, int width, int height, int most_px);

}  // namespace shogo::sim
