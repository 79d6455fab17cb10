// Reads one printed digit by comparing it with templates of twelve typefaces (data/digit_templates.png).
#pragma once

#include <optional>

#include <shogo/base/image.h>

namespace shogo::conformance {

struct DigitReading {
  int digit = 0;
  double score = 0;   ///< normalised correlation with the best template, at most 1
  double margin = 0;  ///< how much better than the best template of any other digit
};

/// `grey` shows the ground and one digit. Nothing when there is no ink, more than one piece of ink, or no
/// clear winner: an unread digit is honest, a wrong one would turn a verdict.
[[nodiscard]] std::optional<DigitReading> read_digit(const Image& grey);

}  // namespace shogo::conformance
