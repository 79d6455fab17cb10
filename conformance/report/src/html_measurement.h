// One measurement as a row with a small plot: the value as a bar, the limit as a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

/// The number in ">= 10.0 mm"; nothing when there is none.
[[nodiscard]] std::optional<double> limit_value(std::string_view limit);
/// At most six digits, without trailing zeros.
[[nodiscard]] std::string number_text(double value);
/// An inline SVG, empty when there is no limit or the scale would have to leave zero.
[[nodiscard]] std::string limit_plot(const Measurement& measurement);
[[nodiscard]] std::string measurement_row(const Measurement& measurement);

}  // namespace shogo::conformance
