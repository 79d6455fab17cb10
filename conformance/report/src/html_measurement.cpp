#include "html_measurement.h"

#include "markup.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/core.h>

namespace shogo::conformance {

std::optional<double> limit_value(std::string_view limit) {
  const std::size_t start = limit.find_first_of("0123456789.-");
  if (start == std::string_view::npos) return std::nullopt;
  const std::string digits(limit.substr(start));
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  if (end == digits.c_str() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "–";
  return fmt::format("{:.6g}", value);
}

std::string limit_plot(const Measurement& measurement) {
  const auto limit = limit_value(measurement.limit);
  if (!limit || !std::isfinite(measurement.value) || measurement.value < 0 || *limit < 0) return {};
  const double scale = 1.25 * std::max(measurement.value, *limit);
  if (scale <= 0) return {};
  constexpr double kWidth = 180;
  const double bar = kWidth * measurement.value / scale;
  const double line = kWidth * *limit / scale;
  return fmt::format(
      "<svg width=\"180\" height=\"18\" viewBox=\"0 0 180 18\" aria-hidden=\"true\">"
      "<rect x=\"0\" y=\"6\" width=\"180\" height=\"6\" fill=\"#e4e9f1\"/>"
      "<rect x=\"0\" y=\"6\" width=\"{:.1f}\" height=\"6\" fill=\"#16213a\"/>"
      "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"1\" y2=\"17\" stroke=\"#0b4fd6\" stroke-width=\"2\"/></svg>",
      bar, line, line);
}

std::string measurement_row(const Measurement& measurement) {
  const std::string unit = measurement.unit.empty() ? "" : " " + escape(measurement.unit);
  return fmt::format(
      "<tr><td><code>{}</code></td><td class=\"num\">{}{}</td><td>{}</td><td>{}</td><td "
      "class=\"num\">{}</td></tr>\n",
      escape(measurement.name), number_text(measurement.value), unit, escape(measurement.limit),
      limit_plot(measurement), measurement.n);
}

}  // namespace shogo::conformance
