// The claim of requirement 3-6, "FNMR is at most L at the threshold where FMR is F", with the uncertainty of
// that threshold carried in. Nobody in both halves: on one half of the people two thresholds are set, one at
// which FMR is proven to be at most F (stricter than the true one) and one at which it is proven to be no
// less (laxer). FNMR rises with the threshold, so on the other half
//   proven kept    the upper bound of FNMR at the strict one keeps L:   so it does where FMR is F
//   proven broken  the lower bound of FNMR at the lax one breaks L:     so it does where FMR is F
// Two bounds at 5 % each stand behind either word; how often both together are wrong is counted in
// tests/claim_test.cpp.
#pragma once

#include <optional>
#include <string>

#include <shogo/base/json_reader.h>
#include <shogo/evaluation/matching.h>

namespace shogo::evaluation {

struct OperatingClaim {
  statistics::RateVerdict verdict = statistics::RateVerdict::kNotShown;
  /// FNMR of the second half at each threshold, with bounds; none where the first half is too small to set
  /// it.
  std::optional<float> strict_threshold, lax_threshold;
  std::optional<statistics::Rate> fnmr_strict, fnmr_lax;
  scores::OperatingPoint estimate;  ///< all scores, threshold set on themselves: for "shown"
};

/// input: target_fmr, fnmr (the limit), confidence, subject_share, seed. Needs subjects.
[[nodiscard]] Result<OperatingClaim> judge_fnmr_at_fmr(const scores::ScoreSet& set,
                                                       const MatchingInput& input);
[[nodiscard]] json::object to_json(const OperatingClaim& claim);

}  // namespace shogo::evaluation
