#include "thresholds.h"

#include <shogo/evaluation/claim.h>

namespace shogo::evaluation {
namespace {

using statistics::Rate;
using statistics::RateVerdict;

Result<Rate> fnmr_at(const scores::ScoreSet& half, float threshold, const MatchingInput& input) {
  SHOGO_TRY(const scores::OperatingPoint point,
            scores::at_threshold(half.genuine(), half.impostor(), threshold));
  const auto errors = static_cast<std::int64_t>(point.false_non_matches + half.genuine_failures);
  const auto trials = static_cast<std::int64_t>(point.genuine + half.genuine_failures);
  return statistics::judge_rate(
      {"FNMR", errors, trials, genuine_effect(half, threshold), input.confidence, input.fnmr, 0});
}

}  // namespace

Result<OperatingClaim> judge_fnmr_at_fmr(const scores::ScoreSet& set, const MatchingInput& input) {
  if (!set.has_subjects())
    return Error{Code::kUnsupported,
                 "the claim needs halves without common people, and these scores do not say who "
                 "was compared"};
  const std::vector<std::uint8_t> half_of = halves(set.subjects(), input.seed);
  SHOGO_TRY(const scores::ScoreSet first, part_of(set, half_of, 0));
  SHOGO_TRY(scores::ScoreSet second, part_of(set, half_of, 1));
  // Whose failures they were is not known: all of them count in the half that is judged.
  second.genuine_failures = set.genuine_failures;

  OperatingClaim claim;
  SHOGO_TRY(const auto all, scores::evaluate(set.genuine(), set.impostor(), input.target_fmr));
  claim.estimate = all.point;
  claim.estimate.genuine += set.genuine_failures;
  claim.estimate.false_non_matches += set.genuine_failures;
  claim.strict_threshold = strict_threshold(first, input);
  claim.lax_threshold = lax_threshold(first, input);
  if (claim.strict_threshold) {
    SHOGO_TRY(claim.fnmr_strict, fnmr_at(second, *claim.strict_threshold, input));
  }
  if (claim.lax_threshold) {
    SHOGO_TRY(claim.fnmr_lax, fnmr_at(second, *claim.lax_threshold, input));
  }
  const double estimate = claim.estimate.fnmr();
  if (claim.fnmr_strict && claim.fnmr_strict->verdict == RateVerdict::kProvenKept)
    claim.verdict = RateVerdict::kProvenKept;
  else if (claim.fnmr_lax && claim.fnmr_lax->verdict == RateVerdict::kProvenBroken)
    claim.verdict = RateVerdict::kProvenBroken;
  else if (input.fnmr.strict ? estimate < input.fnmr.value : estimate <= input.fnmr.value)
    claim.verdict = RateVerdict::kShown;
  return claim;
}

json::object to_json(const OperatingClaim& claim) {
  const auto rate = [](const std::optional<Rate>& one) -> json::value {
    if (!one) return nullptr;
    return statistics::to_json(*one);
  };
  const auto threshold = [](const std::optional<float>& one) -> json::value {
    if (!one) return nullptr;
    return static_cast<double>(*one);
  };
  return {{"verdict", statistics::to_string(claim.verdict)},
          {"threshold_strict", threshold(claim.strict_threshold)},
          {"FNMR_strict", rate(claim.fnmr_strict)},
          {"threshold_lax", threshold(claim.lax_threshold)},
          {"FNMR_lax", rate(claim.fnmr_lax)},
          {"estimate", json::object{{"threshold", static_cast<double>(claim.estimate.threshold)},
                                    {"FMR", claim.estimate.fmr()},
                                    {"FNMR", claim.estimate.fnmr()}}}};
}

}  // namespace shogo::evaluation
