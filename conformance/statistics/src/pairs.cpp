#include "correlation.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {
namespace {

/// What the errors of pairs show, the rate seen taken as the rate.
struct Seen {
  double errors = 0, trials = 0, people = 0;
  double variance = 0;    ///< of the error count, over 1 - rate: k for k independent errors
  double cells = 0;       ///< the part of it that arises within cells
  double fourth = 0;      ///< sum over people of (what each adds to the variance)²
  double cell_size = 1;   ///< trials of its own cell, as a trial sees them
  double neighbours = 0;  ///< trials that share one subject with it
};

Seen seen_in(const PairCounts& counts) {
  Seen seen;
  const double k = seen.errors = static_cast<double>(counts.errors);
  const double n = seen.trials = static_cast<double>(counts.trials);
  const double rate = k / n;
  double touch_ee = 0, touch_et = 0, touch_tt = 0;
  for (const ClusterCount& subject : counts.subjects) {
    const auto e = static_cast<double>(subject.errors), t = static_cast<double>(subject.trials);
    touch_ee += e * e;
    touch_et += e * t;
    touch_tt += t * t;
    seen.people += subject.trials > 0 ? 1 : 0;
  }
  seen.cell_size = counts.cell_tt / n;
  seen.neighbours = std::max(0.0, (touch_tt - 2 * counts.cell_tt) / n);
  if (k == 0 || k == n) return seen;
  const auto variance = [&](double ee, double et, double tt) {
    return std::max(0.0, ee - 2 * rate * et + rate * rate * tt) / (1 - rate);
  };
  // Two trials that share both subjects are in two of the subject sums: take one of them off again.
  seen.variance = variance(touch_ee - counts.cell_ee, touch_et - counts.cell_et, touch_tt - counts.cell_tt);
  seen.cells = variance(counts.cell_ee, counts.cell_et, counts.cell_tt);
  for (const ClusterCount& subject : counts.subjects) {
    const auto e = static_cast<double>(subject.errors), t = static_cast<double>(subject.trials);
    const double away = e - rate * t, own = away * away - e * seen.cells / k;
    seen.fourth += own * own;
  }
  return seen;
}

/// Correlation of two comparisons that share one subject, in the normal model.
double between_neighbours(double rate, double subject_share) {
  return (joint_tail(rate, subject_share) - rate * rate) / (rate * (1 - rate));
}

/// A study that happens to lack the few people whom everybody resembles sees too low a rate and, for the same
/// reason, too little dependence. What such people bring is about the same share of any rate, so each end of
/// the interval takes the variance at the rate that it supposes, not at the one seen. `cautious`: the effect
/// of the upper bound.
IntervalEffect interval_effect(const Seen& seen, double cautious, double subject_share) {
  // Errors (on different pairs) and people below which an interval can be safe, but not exact.
  constexpr double kFewErrors = 30, kFewPeople = 100;
  // Assumed dependence mixed in, in errors: too few of them to show it look independent.
  constexpr double kAssumed = 0.25, kAssumedOfFew = 1;
  // Satterthwaite's 2, less a quarter: fourth moments of few people come out too small.
  constexpr double kFreedom = 1.5, kLeastFreedom = 4;

  const double k = seen.errors, n = seen.trials, most = seen.cell_size + seen.neighbours;
  IntervalEffect effect;
  if (k == n) return {most, most};
  effect.at_least = k < kFewErrors * seen.cell_size || seen.people < kFewPeople;
  effect.most = effect.at_least ? cautious : most;
  const double weight = (effect.at_least ? kAssumedOfFew : kAssumed) * seen.cell_size;
  effect.lower = effect.upper =
      std::clamp((seen.cells + weight * seen.cell_size) / (k + weight), 1.0, seen.cell_size);
  const double rate = std::min(0.5, std::max(k, seen.cell_size) / n);
  const double assumed = seen.neighbours * between_neighbours(rate, subject_share);
  const double shared = std::max(0.0, seen.variance - seen.cells);
  effect.spread = k == 0 ? assumed : (shared + weight * assumed) / (k * (k + weight));
  if (seen.fourth > 0) {
    const double all = seen.cells + shared;
    effect.freedom = std::max(kLeastFreedom, kFreedom * all * all / seen.fourth);
  }
  return effect;
}

}  // namespace

PairCounts count_pairs(std::span<const PairTrial> trials) {
  PairCounts counts;
  std::map<std::pair<std::uint32_t, std::uint32_t>, ClusterCount> cells;
  for (const PairTrial& trial : trials) {
    assert(trial.a != trial.b);
    const std::uint32_t last = std::max(trial.a, trial.b);
    if (counts.subjects.size() <= last) counts.subjects.resize(last + 1U);
    ClusterCount& cell = cells[{std::min(trial.a, trial.b), last}];
    for (ClusterCount* count : {&cell, &counts.subjects[trial.a], &counts.subjects[trial.b]}) {
      count->errors += trial.errors;
      count->trials += trial.trials;
    }
    counts.errors += trial.errors;
    counts.trials += trial.trials;
  }
  for (const auto& [pair, cell] : cells) {
    const auto e = static_cast<double>(cell.errors), t = static_cast<double>(cell.trials);
    counts.cell_ee += e * e;
    counts.cell_et += e * t;
    counts.cell_tt += t * t;
  }
  return counts;
}

PairCounts count_complete_pairs(std::uint32_t subjects,
                                std::span<const std::pair<std::uint32_t, std::uint32_t>> errors) {
  assert(subjects >= 2);
  PairCounts counts;
  counts.subjects.assign(subjects, {0, static_cast<std::int64_t>(subjects) - 1});
  counts.trials = static_cast<std::int64_t>(subjects) * (static_cast<std::int64_t>(subjects) - 1) / 2;
  counts.errors = static_cast<std::int64_t>(errors.size());
  for (const auto& [a, b] : errors) {
    assert(a != b && a < subjects && b < subjects);
    ++counts.subjects[a].errors;
    ++counts.subjects[b].errors;
  }
  counts.cell_ee = counts.cell_et = static_cast<double>(errors.size());
  counts.cell_tt = static_cast<double>(counts.trials);
  return counts;
}

DesignEffect paired(const PairCounts& counts, double limit, double subject_share) {
  assert(counts.trials > 0 && limit > 0 && limit < 1);
  const Seen seen = seen_in(counts);
  // Trials of one cell are taken as one; a neighbour (one shared subject) by the normal model.
  const double most = seen.cell_size + seen.neighbours;
  const double assumed = seen.cell_size + between_neighbours(limit, subject_share) * seen.neighbours;
  DesignEffect effect;
  effect.lower = seen.errors > 0 ? std::clamp(seen.variance / seen.errors, 1.0, most) : 1;
  effect.upper = std::max(effect.lower, std::min(assumed, most));
  effect.interval = interval_effect(seen, effect.upper, subject_share);
  effect.icc = correlation(effect.lower, most);
  effect.method = fmt::format("pairs, subject share assumed {}", subject_share);
  return effect;
}

double assumed_pair_effect(std::uint32_t subjects, double rate, double subject_share) {
  return 1 + 2 * (static_cast<double>(subjects) - 2) * between_neighbours(rate, subject_share);
}

}  // namespace shogo::statistics
