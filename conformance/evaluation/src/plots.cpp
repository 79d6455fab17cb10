#include "plot_area.h"
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <shogo/evaluation/plots.h>

namespace shogo::evaluation {
namespace {

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
  [[nodiscard]] double px(double rate) const { return kPlotLeft + x.share(rate) * (kPlotRight - kPlotLeft); }
  [[nodiscard]] double py(double rate) const {
    return kPlotBottom - y.share(rate) * (kPlotBottom - kPlotTop);
  }
};

std::string decade(int power) {
  return power >= -6 ? fmt::format("{:g} %", 100 * std::pow(10.0, power)) : fmt::format("1e{} %", power + 2);
}

int low_power(double smallest) {
  return std::clamp(static_cast<int>(std::floor(std::log10(smallest))), -9, -2);
}

/// A step line with one point for each pixel at most: neighbours closer than that are left out.
std::vector<Point> steps(const DetCurve& curve, const Frame& frame) {
  std::vector<Point> line;
  Point last{-10, -10};
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const scores::DetPoint& point = curve.points[i];
    const double x = frame.px(static_cast<double>(point.false_matches) / static_cast<double>(curve.impostor));
    const double y =
        frame.py(static_cast<double>(point.false_non_matches) / static_cast<double>(curve.genuine));
    if (std::abs(x - last.x) < 0.5 && std::abs(y - last.y) < 0.5 && i + 1 < curve.points.size()) continue;
    if (!line.empty()) line.push_back({x, last.y});
    line.push_back({x, y});
    last = {x, y};
  }
  return line;
}

std::string limit_name(std::string_view rate, const statistics::Limit& limit) {
  return fmt::format("{} {} {}", rate, limit.strict ? "<" : "≤", statistics::percent(limit.value));
}

/// Counts of one side in equal bins from `from` over `span`, as shares of the side.
constexpr std::size_t kBins = 120;
std::array<double, kBins> bins_of(std::span<const float> side, double from, double span) {
  std::array<double, kBins> shares{};
  for (const float score : side) {
    const auto bin = static_cast<std::size_t>((static_cast<double>(score) - from) / span * kBins);
    shares[std::min(bin, kBins - 1)] += 1 / static_cast<double>(side.size());
  }
  return shares;
}

}  // namespace

Drawing draw_det(std::span<const DetCurve> curves, std::optional<statistics::Limit> fmr,
                 std::optional<statistics::Limit> fnmr) {
  Frame frame;
  double least_x = fmr ? fmr->value / 2 : 0.01, least_y = fnmr ? fnmr->value / 2 : 0.01;
  for (const DetCurve& curve : curves) {
    least_x = std::min(least_x, 1 / static_cast<double>(curve.impostor));
    least_y = std::min(least_y, 1 / static_cast<double>(curve.genuine));
  }
  frame.x.low = low_power(least_x);
  frame.y.low = low_power(least_y);
  Drawing plot =
      begin_plot("Detection error trade-off", "false match rate (FMR)", "false non-match rate (FNMR)");
  for (int power = frame.x.low; power <= 0; ++power)
    mark_x(plot, frame.px(std::pow(10.0, power)), decade(power));
  for (int power = frame.y.low; power <= 0; ++power)
    mark_y(plot, frame.py(std::pow(10.0, power)), decade(power));
  if (fmr) limit_x(plot, frame.px(fmr->value), limit_name("FMR", *fmr));
  if (fnmr) limit_y(plot, frame.py(fnmr->value), limit_name("FNMR", *fnmr));
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const DetCurve& curve = curves[i];
    const std::string colour(kPlotColours[i % kPlotColours.size()]);
    const double legend = kPlotTop + 34 + 20 * static_cast<double>(i);
    plot.shapes.emplace_back(Line{steps(curve, frame), colour, 2, i % 2 == 1});
    plot.shapes.emplace_back(
        Line{{{kPlotWidth - 230, legend}, {kPlotWidth - 206, legend}}, colour, 2, i % 2 == 1});
    plot.shapes.emplace_back(Text{{kPlotWidth - 198, legend + 4}, curve.label});
    if (!curve.fmr || !curve.fnmr) continue;
    const Point at{frame.px(curve.fmr->point), frame.py(curve.fnmr->point)};
    const auto bar = [&](const Point& from, const Point& to, const Point& cap) {
      plot.shapes.emplace_back(Line{{from, to}, colour, 1.5});
      for (const Point& end : {from, to})  // else a bar along a level curve could not be seen
        plot.shapes.emplace_back(
            Line{{{end.x - cap.x, end.y - cap.y}, {end.x + cap.x, end.y + cap.y}}, colour, 1.5});
    };
    bar({frame.px(curve.fmr->lower), at.y}, {frame.px(curve.fmr->upper), at.y}, {0, 5});
    bar({at.x, frame.py(curve.fnmr->lower)}, {at.x, frame.py(curve.fnmr->upper)}, {5, 0});
    plot.shapes.emplace_back(
        Dot{at, 4, colour, statistics::describe(*curve.fmr) + "; " + statistics::describe(*curve.fnmr)});
  }
  return plot;
}

Drawing draw_histogram(const scores::ScoreSet& set, std::optional<float> threshold) {
  float low = set.genuine()[0], high = low;
  for (const auto side : {set.genuine(), set.impostor()}) {
    const auto [least, most] = std::minmax_element(side.begin(), side.end());
    low = std::min(low, *least);
    high = std::max(high, *most);
  }
  const double from = static_cast<double>(low), span = std::max(static_cast<double>(high) - from, 1e-30);
  const double to_x = (kPlotRight - kPlotLeft) / span;
  Drawing plot = begin_plot("Scores", "score (match if score ≥ threshold)", "share of comparisons");
  for (const double value : round_numbers(from, from + span))
    mark_x(plot, kPlotLeft + (value - from) * to_x, fmt::format("{:.6g}", value));
  const std::array shares{bins_of(set.impostor(), from, span), bins_of(set.genuine(), from, span)};
  double top = 0;
  for (const auto& side : shares) top = std::max(top, *std::max_element(side.begin(), side.end()));
  top *= 1.08;  // room for the threshold's label
  const double to_y = (kPlotBottom - kPlotTop) / top;
  for (const double share : round_numbers(0, top))
    mark_y(plot, kPlotBottom - share * to_y, fmt::format("{:.3g} %", 100 * share));
  constexpr std::array<std::string_view, 2> kNames{"impostor", "genuine"};
  for (std::size_t side = 0; side < 2; ++side) {
    const std::string colour(kPlotColours[1 - side]);
    std::vector<Point> edge{{kPlotLeft, kPlotBottom}};
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      const double y = kPlotBottom - shares[side][bin] * to_y;
      edge.push_back({edge.back().x, y});
      edge.push_back({kPlotLeft + (static_cast<double>(bin) + 1) * (kPlotRight - kPlotLeft) / kBins, y});
    }
    edge.push_back({kPlotRight, kPlotBottom});
    plot.shapes.emplace_back(Area{std::move(edge), colour});
    const Point at =
        legend_entry(plot, kPlotRight - 160 + 90 * static_cast<double>(side), std::string(kNames[side]));
    plot.shapes.emplace_back(Area{
        {{at.x - 8, at.y - 6}, {at.x + 6, at.y - 6}, {at.x + 6, at.y + 6}, {at.x - 8, at.y + 6}}, colour});
  }
  if (threshold && std::isfinite(*threshold))
    limit_x(plot, kPlotLeft + (static_cast<double>(*threshold) - from) * to_x,
            fmt::format("threshold {:.4g}", *threshold));
  return plot;
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
