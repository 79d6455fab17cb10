#include "plot_area.h"

#include <cmath>

namespace shogo::evaluation {

Drawing begin_plot(std::string title, std::string x_name, std::string y_name) {
  Drawing plot{title, kPlotWidth, kPlotHeight, {}};
  Text head{{kPlotLeft, 24}, std::move(title)};
  head.size = 15;
  head.bold = true;
  plot.shapes.emplace_back(std::move(head));
  plot.shapes.emplace_back(
      Text{{(kPlotLeft + kPlotRight) / 2, kPlotHeight - 16}, std::move(x_name), Anchor::kMiddle});
  Text side{{20, (kPlotTop + kPlotBottom) / 2}, std::move(y_name), Anchor::kMiddle};
  side.upwards = true;
  plot.shapes.emplace_back(std::move(side));
  return plot;
}

void mark_x(Drawing& plot, double at, std::string label) {
  plot.shapes.emplace_back(Line{{{at, kPlotTop}, {at, kPlotBottom}}, "#dddddd"});
  plot.shapes.emplace_back(Text{{at, kPlotBottom + 20}, std::move(label), Anchor::kMiddle});
}

void mark_y(Drawing& plot, double at, std::string label) {
  plot.shapes.emplace_back(Line{{{kPlotLeft, at}, {kPlotRight, at}}, "#dddddd"});
  plot.shapes.emplace_back(Text{{kPlotLeft - 8, at + 4}, std::move(label), Anchor::kEnd});
}

std::vector<double> round_numbers(double from, double to) {
  constexpr double kAbout = 6;
  const double rough = (to - from) / kAbout, power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough <= 1.5 * power   ? 1
                               : rough <= 3.5 * power ? 2
                               : rough <= 7.5 * power ? 5
                                                      : 10);
  std::vector<double> numbers;
  // Whole multiples: adding steps up would turn 0 into 1e-17. Adding 0 turns -0 into 0.
  for (double i = std::ceil(from / step - 1e-9) + 0.0; i * step <= to + 1e-9 * step; ++i)
    numbers.push_back(i * step);
  return numbers;
}

Point legend_entry(Drawing& plot, double x, std::string label) {
  constexpr double kLine = 24;
  plot.shapes.emplace_back(Text{{x, kLine}, std::move(label)});
  return {x - 12, kLine - 4};
}

void limit_x(Drawing& plot, double at, std::string label) {
  plot.shapes.emplace_back(Line{{{at, kPlotTop}, {at, kPlotBottom}}, "#555555", 1, true});
  plot.shapes.emplace_back(Text{{at + 5, kPlotTop + 14}, std::move(label), Anchor::kStart, "#555555"});
}

void limit_y(Drawing& plot, double at, std::string label) {
  plot.shapes.emplace_back(Line{{{kPlotLeft, at}, {kPlotRight, at}}, "#555555", 1, true});
  plot.shapes.emplace_back(Text{{kPlotRight - 5, at - 5}, std::move(label), Anchor::kEnd, "#555555"});
}

}  // namespace shogo::evaluation
