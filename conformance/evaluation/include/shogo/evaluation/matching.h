// FMR and FNMR of a matcher from its scores: where counts from shogo/scores meet verdicts from
// shogo/statistics.
//
// A rate at a threshold is only as honest as the way the threshold was found:
//   fixed  it was given, for example by the vendor's frozen setting. Both rates are judged on all scores.
//   split  it is set on one half of the people, as the lowest one at which the upper bound of FMR keeps the
//   target; FNMR
//          is judged on the other half. Nobody is in both. The bound of the first half proves the FMR: too
//          low a threshold means that the bound failed at the true one, which happens in 5 % of studies at
//          most. FMR of the second half stands beside it as a check.
//   swept  it is set and looked at on the same scores. That describes, and proves nothing: verdicts end at
//   "shown".
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/scores/operating_point.h>
#include <shogo/scores/score_set.h>
#include <shogo/statistics/rate.h>

namespace shogo::evaluation {

enum class ThresholdMode { kFixed, kSplit, kSwept };
[[nodiscard]] std::string_view to_string(ThresholdMode mode);

struct MatchingInput {
  double target_fmr = 1e-4;        ///< where split and swept put the threshold
  std::optional<float> threshold;  ///< given: mode fixed
  std::optional<ThresholdMode>
      mode{};  ///< none: fixed with a threshold, else split, else swept without subjects
  statistics::Limit fmr{1e-4, false}, fnmr{0.003, false};  ///< 3-6
  double confidence = statistics::kConfidence;
  /// Declared: every comparison is of people who are in no other one. Without subjects and without this
  /// declaration nothing is proven, because nobody knows what the comparisons share.
  bool independent = false;
  double subject_share = statistics::kAssumedSubjectShare;
  std::uint64_t seed = 1;  ///< of the halves
};

struct MatchingReport {
  ThresholdMode mode = ThresholdMode::kSwept;
  scores::OperatingPoint point;               ///< on the scores that FNMR is judged by
  statistics::Rate fmr, fnmr;                 ///< failures of genuine comparisons count as non-matches
  std::optional<statistics::Rate> fmr_check;  ///< split mode: FMR on the second half, without a verdict
  std::uint64_t left_out = 0;                 ///< split mode: impostor comparisons across the halves
  std::vector<std::string> notes;
};

[[nodiscard]] Result<MatchingReport> judge_matching(const scores::ScoreSet& set, const MatchingInput& input);
[[nodiscard]] json::object to_json(const MatchingReport& report);

/// Design effects of the two error counts at a threshold, from who was compared. Needs subjects.
[[nodiscard]] statistics::DesignEffect genuine_effect(const scores::ScoreSet& set, float threshold);
[[nodiscard]] statistics::DesignEffect impostor_effect(const scores::ScoreSet& set, float threshold,
                                                       double limit, double subject_share);

/// The genuine and impostor comparisons of which all people are in the half (0 or 1) that `half_of` gives
/// them.
[[nodiscard]] Result<scores::ScoreSet> part_of(const scores::ScoreSet& set,
                                               const std::vector<std::uint8_t>& half_of, std::uint8_t half);
/// A random half for each subject; sizes differ by one at most.
[[nodiscard]] std::vector<std::uint8_t> halves(std::uint32_t subjects, std::uint64_t seed);

}  // namespace shogo::evaluation
