// What all plots share: size, margins, colours, and axes with names.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/evaluation/drawing.h>

namespace shogo::evaluation {

constexpr double kPlotWidth = 720, kPlotHeight = 520;
constexpr double kPlotLeft = 86, kPlotRight = kPlotWidth - 24, kPlotTop = 40, kPlotBottom = kPlotHeight - 64;
// Distinguishable for the colour-blind (Okabe and Ito's palette), and by dash where there are more than two.
constexpr std::array<std::string_view, 4> kPlotColours{"#0072B2", "#D55E00", "#009E73", "#CC79A7"};

/// An empty plot with its title and the names of both axes.
[[nodiscard]] Drawing begin_plot(std::string title, std::string x_name, std::string y_name);

/// Numbers along an axis: a line across the plot with its label.
void mark_x(Drawing& plot, double at, std::string label);
void mark_y(Drawing& plot, double at, std::string label);

/// Round numbers (1, 2 or 5 times a power of ten apart) from `from` to `to`, about six of them.
[[nodiscard]] std::vector<double> round_numbers(double from, double to);

/// A name beside the title, where no curve runs; returns where its mark goes, left of `x`.
[[nodiscard]] Point legend_entry(Drawing& plot, double x, std::string label);

/// A dashed line across the plot at a limit or threshold.
void limit_x(Drawing& plot, double at, std::string label);
void limit_y(Drawing& plot, double at, std::string label);

}  // namespace shogo::evaluation
