#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {
namespace {

/// Weight of the cautious start, in units of the root of the cluster size. 1 lets a device at the limit pass
/// in up to 5.8 % of simulated studies of large clusters (500 x 30, correlation 0.3), 1.5 in at most 5.0 %;
/// more only costs trials.
constexpr double kCaution = 1.5;

/// Of pairs, for the interval: 1.5 holds the truth in 92.8 % of studies of 775 people with a share of
/// 0.3, 2.5 in 95.6 %.
constexpr double kPairCaution = 2;

struct Sums {
  double errors = 0, trials = 0, variance = 0;  ///< variance of the error count over what independence gives
  double worst = 0;                             ///< most errors of one cluster
  double weighted_size = 1;                     ///< mean cluster size as a trial sees it: sum m² / sum m
};

Sums sums_of(std::span<const ClusterCount> clusters) {
  Sums sums;
  double squares = 0;
  std::size_t used = 0;
  for (const ClusterCount& cluster : clusters) {
    assert(cluster.errors >= 0 && cluster.errors <= cluster.trials);
    if (cluster.trials == 0) continue;
    ++used;
    sums.errors += static_cast<double>(cluster.errors);
    sums.worst = std::max(sums.worst, static_cast<double>(cluster.errors));
    sums.trials += static_cast<double>(cluster.trials);
    squares += static_cast<double>(cluster.trials) * static_cast<double>(cluster.trials);
  }
  assert(used > 0);
  sums.weighted_size = squares / sums.trials;
  const double rate = sums.errors / sums.trials;
  if (sums.errors == 0 || sums.errors == sums.trials) return sums;
  for (const ClusterCount& cluster : clusters) {
    const double away = static_cast<double>(cluster.errors) - rate * static_cast<double>(cluster.trials);
    sums.variance += away * away;
  }
  if (used > 1) sums.variance *= static_cast<double>(used) / static_cast<double>(used - 1);
  // Divided by (1 - rate) only: what remains is compared with the number of errors, as in a Poisson process.
  sums.variance /= 1 - rate;
  return sums;
}

double from_data(const Sums& sums) {
  if (sums.errors == 0) return 1;
  return std::clamp(sums.variance / sums.errors, 1.0, sums.weighted_size);
}

double correlation(double effect, double size) {
  return size > 1 ? std::clamp((effect - 1) / (size - 1), 0.0, 1.0) : 0;
}

}  // namespace

DesignEffect independent() {
  return {1, 1, 1, 0, "independent"};
}

DesignEffect clustered(std::span<const ClusterCount> clusters) {
  const Sums sums = sums_of(clusters);
  if (sums.weighted_size <= 1) return independent();
  const double assumed = sums.weighted_size, weight = kCaution * std::sqrt(assumed);
  DesignEffect effect;
  effect.lower = from_data(sums);
  // All trials failed: no variance between clusters to look at, so again nothing is known.
  effect.upper = sums.errors == sums.trials
                     ? assumed
                     : std::clamp((sums.variance + weight * assumed) / (sums.errors + weight), 1.0, assumed);
  if (sums.errors == sums.trials) effect.lower = assumed;
  // As if two more clusters were as bad as the worst one seen.
  constexpr double kUnseen = 2;
  effect.interval = sums.errors == 0 ? effect.upper
                                     : std::clamp((sums.variance + kUnseen * sums.worst * sums.worst) /
                                                      (sums.errors + kUnseen * sums.worst),
                                                  effect.lower, std::max(effect.lower, effect.upper));
  effect.icc = correlation(effect.lower, sums.weighted_size);
  effect.method = "clusters";
  return effect;
}

DesignEffect clustered_declared(std::span<const ClusterCount> clusters, double icc) {
  assert(icc >= 0 && icc <= 1);
  const Sums sums = sums_of(clusters);
  if (sums.weighted_size <= 1) return independent();
  const double seen = from_data(sums);
  const double effect = std::max(design_effect(sums.weighted_size, icc), seen);
  return {effect, effect, effect, correlation(seen, sums.weighted_size),
          fmt::format("clusters, ICC declared {}", icc)};
}

double design_effect(double cluster_size, double icc) {
  return 1 + (cluster_size - 1) * icc;
}

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
  const auto n = static_cast<double>(counts.trials), k = static_cast<double>(counts.errors);
  const double rate = k / n;
  double touch_ee = 0, touch_et = 0, touch_tt = 0;
  for (const ClusterCount& subject : counts.subjects) {
    const auto e = static_cast<double>(subject.errors), t = static_cast<double>(subject.trials);
    touch_ee += e * e;
    touch_et += e * t;
    touch_tt += t * t;
  }
  // Two trials that share both subjects are in two of the subject sums: take one of them off again.
  const double ee = touch_ee - counts.cell_ee, et = touch_et - counts.cell_et, tt = touch_tt - counts.cell_tt;
  const double variance = rate < 1 ? std::max(0.0, ee - 2 * rate * et + rate * rate * tt) / (1 - rate) : 0;

  // Trials of one cell are taken as one; a neighbour (one shared subject) by the normal model.
  const double both = (joint_tail(limit, subject_share) - limit * limit) / (limit * (1 - limit));
  const double cell = counts.cell_tt / n;
  const double neighbours = std::max(0.0, (touch_tt - 2 * counts.cell_tt) / n);
  const double most = cell + neighbours;
  const double assumed = cell + both * neighbours;
  DesignEffect effect;
  effect.lower = k > 0 ? std::clamp(variance / k, 1.0, most) : 1;
  effect.upper = std::max(effect.lower, std::min(assumed, most));
  const double weight = kPairCaution * std::sqrt(effect.upper);
  effect.interval = std::clamp((variance + weight * effect.upper) / (k + weight), effect.lower, effect.upper);
  effect.icc = correlation(effect.lower, most);
  effect.method = fmt::format("pairs, subject share assumed {}", subject_share);
  return effect;
}

double assumed_pair_effect(std::uint32_t subjects, double rate, double subject_share) {
  const double both = (joint_tail(rate, subject_share) - rate * rate) / (rate * (1 - rate));
  return 1 + 2 * (static_cast<double>(subjects) - 2) * both;
}

}  // namespace shogo::statistics
