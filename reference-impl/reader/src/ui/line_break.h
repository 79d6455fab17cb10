// Breaking text into lines: Japanese and Chinese may break anywhere but where kinsoku forbids it (no 。 at
// the start of a line, no 「 at its end), words of Latin letters and digits stay whole (JIS X 4051, the part
// that short screen texts need). Korean breaks at blanks only. Which rule holds, the characters tell.
#pragma once

#include "ui/fonts.h"
#include <string>
#include <string_view>
#include <vector>

namespace shogo::reader {

/// '\n' breaks always. A word wider than the line is cut, since nothing else would fit.
[[nodiscard]] std::vector<std::string> break_lines(std::string_view utf8, const Font& font, double width);
/// The same number of lines, as equally long as can be: no single character is left over on the last one.
[[nodiscard]] std::vector<std::string> balanced_lines(std::string_view utf8, const Font& font, double width);

}  // namespace shogo::reader
