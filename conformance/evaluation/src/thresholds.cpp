#include "thresholds.h"

#include <algorithm>
#include <functional>

#include <shogo/statistics/binomial.h>

namespace shogo::evaluation {
namespace {

using scores::ScoreSet;
using statistics::DesignEffect;

/// The highest `count` impostor scores, falling.
std::vector<float> highest(const ScoreSet& set, std::uint64_t count) {
  std::vector<float> top(set.impostor().begin(), set.impostor().end());
  const auto wanted = static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count, top.size()));
  std::partial_sort(top.begin(), top.begin() + wanted, top.end(), std::greater<>());
  top.resize(static_cast<std::size_t>(wanted));
  return top;
}

double matches_at(const ScoreSet& set, float threshold) {
  return static_cast<double>(
      std::count_if(set.impostor().begin(), set.impostor().end(), [&](float s) { return s >= threshold; }));
}

/// First rank in [0, size) that `holds`, when it holds from some rank on; size when never.
std::size_t first_that(std::size_t size, const std::function<bool(std::size_t)>& holds) {
  std::size_t low = 0, high = size;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (holds(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

std::optional<float> strict_threshold(const ScoreSet& set, const MatchingInput& input) {
  const std::vector<float> top =
      highest(set, scores::errors_allowed(input.target_fmr, set.impostor().size()) + 1);
  const auto trials = static_cast<double>(set.impostor().size());
  const std::size_t breaks = first_that(top.size(), [&](std::size_t rank) {
    const float threshold = scores::just_above(top[rank]);
    const DesignEffect effect = impostor_effect(set, threshold, input.fmr.value, input.subject_share);
    return statistics::upper_bound(matches_at(set, threshold) / effect.upper, trials / effect.upper,
                                   input.confidence) > input.target_fmr;
  });
  if (breaks == 0) return std::nullopt;
  return scores::just_above(top[breaks - 1]);
}

std::optional<float> lax_threshold(const ScoreSet& set, const MatchingInput& input) {
  // Far more errors than expected at the target: beyond them even strong dependence leaves no doubt.
  const std::uint64_t many = 8 * scores::errors_allowed(input.target_fmr, set.impostor().size()) + 200;
  const std::vector<float> top = highest(set, many);
  const auto trials = static_cast<double>(set.impostor().size());
  const std::size_t reaches = first_that(top.size(), [&](std::size_t rank) {
    const DesignEffect effect = impostor_effect(set, top[rank], input.fmr.value, input.subject_share);
    return statistics::lower_bound(matches_at(set, top[rank]) / effect.lower, trials / effect.lower,
                                   input.confidence) >= input.target_fmr;
  });
  if (reaches == top.size()) return std::nullopt;
  return top[reaches];
}

}  // namespace shogo::evaluation
