// A rate that may be looked at after every trial. Bounds for a fixed sample must not: who stops at the first
// good moment passes a device at the limit far more often than once in twenty. This rule may stop at any
// time, with the same error probability: it gathers evidence as a bet against the claim "the rate is at or
// above the limit", with stakes spread over all rates below it; under the claim the stake cannot be expected
// to grow, so it reaches 20 times its start with probability 5 % at most (Ville's inequality). The other way
// round for the claim "at or below".
//
// For independent trials: one a person, card and artefact. Costs about a quarter more trials than the best
// fixed plan when nothing goes wrong, and saves most of them on bad devices. Not for certification, which has
// fixed plans.
#pragma once

#include <cstdint>
#include <optional>

#include <shogo/base/result.h>
#include <shogo/statistics/rate.h>

namespace shogo::statistics {

class SequentialRate {
 public:
  /// limit in (0, 1), confidence in (0.5, 1).
  static Result<SequentialRate> start(Limit limit, double confidence = kConfidence);

  /// One more trial. Once proven, a verdict stays.
  void add(bool error);
  [[nodiscard]] std::int64_t errors() const { return errors_; }
  [[nodiscard]] std::int64_t trials() const { return trials_; }
  /// Evidence against "at or above the limit", and against "at or below": times the stake has grown.
  [[nodiscard]] double evidence_kept() const;
  [[nodiscard]] double evidence_broken() const;
  /// Proven kept or broken; none while undecided.
  [[nodiscard]] std::optional<RateVerdict> verdict() const { return verdict_; }
  /// Further trials without an error until proven kept.
  [[nodiscard]] std::int64_t more_without_error() const;

 private:
  SequentialRate(Limit limit, double confidence) : limit_(limit), confidence_(confidence) {}
  [[nodiscard]] double log_evidence(std::int64_t errors, std::int64_t trials, bool below) const;
  Limit limit_;
  double confidence_;
  std::int64_t errors_ = 0, trials_ = 0;
  std::optional<RateVerdict> verdict_;
};

}  // namespace shogo::statistics
