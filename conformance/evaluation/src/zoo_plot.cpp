#include "plot_area.h"
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <shogo/evaluation/people.h>
#include <shogo/evaluation/plots.h>

namespace shogo::evaluation {
namespace {

struct Means {
  std::vector<double> sum, count;
  explicit Means(std::size_t people) : sum(people), count(people) {}
  void add(std::uint32_t person, float score) {
    sum[person] += static_cast<double>(score);
    ++count[person];
  }
  [[nodiscard]] double of(std::size_t person) const { return sum[person] / count[person]; }
};

/// From the least to the largest value seen, with a little room.
struct Axis {
  double from = std::numeric_limits<double>::infinity(), to = -from;
  void reach(double value) {
    from = std::min(from, value);
    to = std::max(to, value);
  }
  void finish() {
    const double room = std::max((to - from) / 20, 1e-12);
    from -= room;
    to += room;
  }
  [[nodiscard]] double share(double value) const { return (value - from) / (to - from); }
};

}  // namespace

Result<Drawing> draw_zoo(const scores::ScoreSet& set, float threshold) {
  SHOGO_TRY(const std::vector<Animal> animals, find_animals(set, threshold));
  const std::size_t people = set.subjects();
  Means own(people), foreign(people);
  for (std::size_t i = 0; i < set.genuine().size(); ++i) own.add(set.genuine_subject()[i], set.genuine()[i]);
  for (std::size_t i = 0; i < set.impostor().size(); ++i)
    for (const std::uint32_t person : {set.impostor_claimed()[i], set.impostor_probe()[i]})
      foreign.add(person, set.impostor()[i]);
  const auto seen = [&](std::size_t person) { return own.count[person] > 0 && foreign.count[person] > 0; };
  Axis x, y;
  std::size_t shown = 0;
  for (std::size_t person = 0; person < people; ++person) {
    if (!seen(person)) continue;
    ++shown;
    x.reach(own.of(person));
    y.reach(foreign.of(person));
  }
  if (shown == 0)
    return Error{Code::kInvalid,
                 "nobody has both genuine and impostor comparisons, so there is no zoo to draw"};
  x.finish();
  y.finish();
  const auto place = [&](std::size_t person) {
    return Point{kPlotLeft + x.share(own.of(person)) * (kPlotRight - kPlotLeft),
                 kPlotBottom - y.share(foreign.of(person)) * (kPlotBottom - kPlotTop)};
  };

  Drawing plot = begin_plot("Who makes the errors", "mean genuine score", "mean impostor score");
  for (const double value : round_numbers(x.from, x.to))
    mark_x(plot, kPlotLeft + x.share(value) * (kPlotRight - kPlotLeft), fmt::format("{:.6g}", value));
  for (const double value : round_numbers(y.from, y.to))
    mark_y(plot, kPlotBottom - y.share(value) * (kPlotBottom - kPlotTop), fmt::format("{:.6g}", value));
  for (std::size_t person = 0; person < people; ++person)
    if (seen(person)) plot.shapes.emplace_back(Dot{place(person), 2.5, "#999999"});

  std::size_t goats = 0, lambs = 0, named = 0;
  for (const Animal& animal : animals) {
    if (!seen(animal.number)) continue;
    ++(animal.goat ? goats : lambs);
    const Point at = place(animal.number);
    plot.shapes.emplace_back(
        Dot{at, 5, std::string(kPlotColours[animal.goat ? 1 : 0]),
            fmt::format("{}: {} of {} comparisons wrong", animal.subject, animal.errors, animal.trials)});
    constexpr std::size_t kNamed = 8;
    if (named++ < kNamed) {
      Text name{{at.x + 7, at.y - 4}, animal.subject};
      name.size = 11;
      plot.shapes.emplace_back(std::move(name));
    }
  }
  const auto legend = [&](double at, std::string_view colour, double radius, std::string label) {
    plot.shapes.emplace_back(Dot{legend_entry(plot, at, std::move(label)), radius, std::string(colour)});
  };
  legend(kPlotRight - 404, "#999999", 2.5, fmt::format("{} people", shown));
  legend(kPlotRight - 290, kPlotColours[1], 5, fmt::format("goats: refused ({})", goats));
  legend(kPlotRight - 126, kPlotColours[0], 5, fmt::format("lambs, wolves ({})", lambs));
  return plot;
}

}  // namespace shogo::evaluation
