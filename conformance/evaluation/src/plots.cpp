#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <shogo/evaluation/plots.h>
#include <shogo/statistics/rate.h>

namespace shogo::evaluation {
namespace {

constexpr double kWidth = 720, kHeight = 520, kLeft = 86, kRight = 24, kTop = 40, kBottom = 64;
// Distinguishable for the colour-blind (Okabe and Ito's palette), and by dash where there are more than two.
constexpr std::array<std::string_view, 4> kColours{"#0072B2", "#D55E00", "#009E73", "#CC79A7"};

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe;
}

std::string open_svg(std::string_view title) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<title>{2}</title>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n"
      "<text x=\"{3}\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{2}</text>\n",
      kWidth, kHeight, escaped(title), kLeft);
}

/// A decade axis from 10^low to 1.
struct LogAxis {
  int low = -6;
  [[nodiscard]] double share(double rate) const {
    if (rate <= 0) return 0;
    return std::clamp((std::log10(rate) - low) / -low, 0.0, 1.0);
  }
};

struct Frame {
  LogAxis x, y;
  [[nodiscard]] double px(double rate) const { return kLeft + x.share(rate) * (kWidth - kLeft - kRight); }
  [[nodiscard]] double py(double rate) const {
    return kHeight - kBottom - y.share(rate) * (kHeight - kTop - kBottom);
  }
};

std::string decade(int power) {
  return power >= -6 ? fmt::format("{:g} %", 100 * std::pow(10.0, power)) : fmt::format("1e{} %", power + 2);
}

std::string log_grid(const Frame& frame) {
  std::string svg;
  for (int power = frame.x.low; power <= 0; ++power) {
    const double at = frame.px(std::pow(10.0, power));
    svg += fmt::format(
        "<path d=\"M{0:.1f} {1}V{2}\" stroke=\"#ddd\"/><text x=\"{0:.1f}\" y=\"{3}\" "
        "text-anchor=\"middle\">{4}</text>\n",
        at, kTop, kHeight - kBottom, kHeight - kBottom + 20, decade(power));
  }
  for (int power = frame.y.low; power <= 0; ++power) {
    const double at = frame.py(std::pow(10.0, power));
    svg += fmt::format(
        "<path d=\"M{1} {0:.1f}H{2}\" stroke=\"#ddd\"/><text x=\"{3}\" y=\"{4:.1f}\" "
        "text-anchor=\"end\">{5}</text>\n",
        at, kLeft, kWidth - kRight, kLeft - 8, at + 4, decade(power));
  }
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">false match rate (FMR)</text>\n",
                     (kLeft + kWidth - kRight) / 2, kHeight - 16);
  svg += fmt::format(
      "<text x=\"20\" y=\"{0}\" text-anchor=\"middle\" transform=\"rotate(-90 20 {0})\">false non-match rate "
      "(FNMR)</text>\n",
      (kTop + kHeight - kBottom) / 2);
  return svg;
}

int low_power(double smallest) {
  return std::clamp(static_cast<int>(std::floor(std::log10(smallest))), -9, -2);
}

/// A step line with one point for each pixel at most: neighbours closer than that are left out.
std::string curve_path(const DetCurve& curve, const Frame& frame) {
  std::string path;
  double last_x = -10, last_y = -10;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const scores::DetPoint& point = curve.points[i];
    const double x = frame.px(static_cast<double>(point.false_matches) / static_cast<double>(curve.impostor));
    const double y =
        frame.py(static_cast<double>(point.false_non_matches) / static_cast<double>(curve.genuine));
    if (std::abs(x - last_x) < 0.5 && std::abs(y - last_y) < 0.5 && i + 1 < curve.points.size()) continue;
    path += path.empty() ? fmt::format("M{:.1f} {:.1f}", x, y) : fmt::format("H{:.1f}V{:.1f}", x, y);
    last_x = x;
    last_y = y;
  }
  return path;
}

std::string limit_line(const Frame& frame, const statistics::Limit& limit, bool vertical) {
  const std::string label = fmt::format("{} {}", limit.strict ? "<" : "≤", statistics::percent(limit.value));
  if (vertical) {
    const double at = frame.px(limit.value);
    return fmt::format(
        "<path d=\"M{0:.1f} {1}V{2}\" stroke=\"#555\" stroke-dasharray=\"6 4\"/><text x=\"{3:.1f}\" "
        "y=\"{4}\" "
        "fill=\"#555\">FMR {5}</text>\n",
        at, kTop, kHeight - kBottom, at + 5, kTop + 14, escaped(label));
  }
  const double at = frame.py(limit.value);
  return fmt::format(
      "<path d=\"M{1} {0:.1f}H{2}\" stroke=\"#555\" stroke-dasharray=\"6 4\"/><text x=\"{3}\" y=\"{4:.1f}\" "
      "fill=\"#555\" text-anchor=\"end\">FNMR {5}</text>\n",
      at, kLeft, kWidth - kRight, kWidth - kRight - 5, at - 5, escaped(label));
}

}  // namespace

std::string det_svg(std::span<const DetCurve> curves, std::optional<statistics::Limit> fmr,
                    std::optional<statistics::Limit> fnmr) {
  Frame frame;
  double least_x = fmr ? fmr->value / 2 : 0.01, least_y = fnmr ? fnmr->value / 2 : 0.01;
  for (const DetCurve& curve : curves) {
    least_x = std::min(least_x, 1 / static_cast<double>(curve.impostor));
    least_y = std::min(least_y, 1 / static_cast<double>(curve.genuine));
  }
  frame.x.low = low_power(least_x);
  frame.y.low = low_power(least_y);
  std::string svg = open_svg("Detection error trade-off") + log_grid(frame);
  if (fmr) svg += limit_line(frame, *fmr, true);
  if (fnmr) svg += limit_line(frame, *fnmr, false);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const DetCurve& curve = curves[i];
    const std::string_view colour = kColours[i % kColours.size()];
    const double legend = kTop + 34 + 20 * static_cast<double>(i);
    svg += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n",
                       curve_path(curve, frame), colour, i % 2 == 1 ? " stroke-dasharray=\"9 3\"" : "");
    svg += fmt::format(
        "<path d=\"M{0} {1}h24\" stroke=\"{2}\" stroke-width=\"2\"/><text x=\"{3}\" y=\"{4}\">{5}</text>\n",
        kWidth - 230, legend, colour, kWidth - 198, legend + 4, escaped(curve.label));
    if (!curve.fmr || !curve.fnmr) continue;
    const double x = frame.px(curve.fmr->point), y = frame.py(curve.fnmr->point);
    svg += fmt::format(
        "<path d=\"M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}V{:.1f}\" stroke=\"{}\" stroke-width=\"1.5\"/>\n",
        frame.px(curve.fmr->lower), y, frame.px(curve.fmr->upper), x, frame.py(curve.fnmr->lower),
        frame.py(curve.fnmr->upper), colour);
    svg += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"><title>{}; {}</title></circle>\n", x, y,
        colour, escaped(statistics::describe(*curve.fmr)), escaped(statistics::describe(*curve.fnmr)));
  }
  return svg + "</svg>\n";
}

std::string histogram_svg(const scores::ScoreSet& set, std::optional<float> threshold) {
  constexpr std::size_t kBins = 120;
  float low = set.genuine()[0], high = low;
  for (const auto side : {set.genuine(), set.impostor()}) {
    const auto [least, most] = std::minmax_element(side.begin(), side.end());
    low = std::min(low, *least);
    high = std::max(high, *most);
  }
  const double from = static_cast<double>(low), span = std::max(static_cast<double>(high) - from, 1e-30);
  std::string svg = open_svg("Scores");
  const double x_scale = (kWidth - kLeft - kRight) / span, base = kHeight - kBottom;
  std::array<std::array<double, kBins>, 2> shares{};
  double top = 0;
  std::size_t which = 0;
  for (const auto side : {set.impostor(), set.genuine()}) {
    for (const float score : side) {
      const auto bin = static_cast<std::size_t>((static_cast<double>(score) - from) / span * kBins);
      shares[which][std::min(bin, kBins - 1)] += 1 / static_cast<double>(side.size());
    }
    top = std::max(top, *std::max_element(shares[which].begin(), shares[which].end()));
    ++which;
  }
  constexpr std::array<std::string_view, 2> kNames{"impostor", "genuine"};
  for (std::size_t side = 0; side < 2; ++side) {
    std::string path = fmt::format("M{} {}", kLeft, base);
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      const double x = kLeft + (static_cast<double>(bin) + 1) * (kWidth - kLeft - kRight) / kBins;
      path += fmt::format("V{:.1f}H{:.1f}", base - shares[side][bin] / top * (kHeight - kTop - kBottom), x);
    }
    svg += fmt::format("<path d=\"{}V{}Z\" fill=\"{}\" fill-opacity=\"0.45\" stroke=\"{}\"/>\n", path, base,
                       kColours[1 - side], kColours[1 - side]);
    svg += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"12\" fill=\"{}\" fill-opacity=\"0.6\"/><text x=\"{}\" "
        "y=\"{}\">{}</text>\n",
        kWidth - 130, kTop + 20 * static_cast<double>(side), kColours[1 - side], kWidth - 110,
        kTop + 11 + 20 * static_cast<double>(side), kNames[side]);
  }
  for (int i = 0; i <= 5; ++i) {
    const double value = from + span * i / 5;
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.3g}</text>\n",
                       kLeft + (value - from) * x_scale, base + 20, value);
  }
  svg += fmt::format(
      "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">score (match if score ≥ threshold)</text>\n",
      (kLeft + kWidth - kRight) / 2, kHeight - 16);
  if (threshold && std::isfinite(*threshold)) {
    const double x = kLeft + (static_cast<double>(*threshold) - from) * x_scale;
    svg += fmt::format(
        "<path d=\"M{0:.1f} {1}V{2}\" stroke=\"#555\" stroke-dasharray=\"6 4\"/><text x=\"{3:.1f}\" "
        "y=\"{4}\" "
        "fill=\"#555\">threshold {5:.6g}</text>\n",
        x, kTop, base, x + 5, kTop + 12, *threshold);
  }
  return svg + "</svg>\n";
}

std::string det_csv(const DetCurve& curve) {
  std::string csv = "threshold,false_matches,false_non_matches,fmr,fnmr\n";
  for (const scores::DetPoint& point : curve.points)
    csv += fmt::format("{},{},{},{},{}\n", point.threshold, point.false_matches, point.false_non_matches,
                       static_cast<double>(point.false_matches) / static_cast<double>(curve.impostor),
                       static_cast<double>(point.false_non_matches) / static_cast<double>(curve.genuine));
  return csv;
}

}  // namespace shogo::evaluation
