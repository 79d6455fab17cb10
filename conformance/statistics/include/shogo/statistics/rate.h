// One rule for every rate of the requirements (1-1, 3-6, 3-9). Counts and a limit in, a verdict out:
//
//   proven kept     the one-sided upper bound, adjusted for dependence, keeps the limit      -> PASS
//   proven broken   the one-sided lower bound breaks it                                      -> FAIL
//   shown           between: the planned sample is complete and the estimate keeps the limit ->
//   INCONCLUSIVE(SHOWN) not shown       between, otherwise -> INCONCLUSIVE(NOT_SHOWN)
//
// A point estimate alone never passes. "Under 1 %" (未満) and "0.3 % or less" (以下) are two different
// limits. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/statistics/binomial.h>
#include <shogo/statistics/dependence.h>

namespace shogo::statistics {

constexpr double kConfidence = 0.95;

/// The largest rate allowed: `value` itself only when not strict. A success rate is judged by its error rate.
struct Limit {
  double value = 0;
  bool strict = false;  ///< "<" instead of "<="
};

enum class RateVerdict { kProvenKept, kProvenBroken, kShown, kNotShown };
/// "proven_kept", …: the words of the JSON.
[[nodiscard]] std::string_view to_string(RateVerdict verdict);

struct RateInput {
  std::string name;                 ///< ISO name: "IAPAR", "FNMR"
  std::int64_t errors = 0;          ///< k
  std::int64_t trials = 0;          ///< n, at least 1
  DesignEffect effect;              ///< independent() unless trials share something
  double confidence = kConfidence;  ///< of each bound by itself
  std::optional<Limit> limit{};     ///< none: bounds without a verdict
  std::int64_t planned = 0;         ///< trials of the plan; 0: what came is what was planned
};

/// Everything that may be said about one rate.
struct Rate {
  std::string name;
  std::int64_t errors = 0, trials = 0;
  double effective_trials = 0;        ///< n_effective: what the trials are worth for the upper bound
  double effective_trials_lower = 0;  ///< the same for the lower bound, and the lower end of the interval
  IntervalEffect interval_effect;     ///< for the interval that describes
  double point = 0, lower = 0, upper = 0;
  double confidence = kConfidence;
  std::string method;  ///< "Clopper-Pearson, one-sided, clusters"
  std::optional<Limit> limit;
  std::optional<RateVerdict> verdict;
  /// When nothing is proven: how many more trials without any further error would prove it, and how many more
  /// if errors go on as seen (absent when the estimate itself breaks the limit).
  std::optional<std::int64_t> more_without_error, more_at_this_rate;
};

/// Refuses counts that cannot be (negative, more errors than trials, no trials) and a limit outside (0, 1).
[[nodiscard]] Result<Rate> judge_rate(const RateInput& input);

/// Two-sided interval of the estimate, mid-P. It describes: verdicts come from the one-sided bounds, which
/// promise more. Each end takes the dependence of IntervalEffect at the rate it supposes, and with few
/// degrees of freedom Student's quantile in place of the normal one.
[[nodiscard]] Interval interval_of(const Rate& rate);

/// The point estimate as a number without bounds may not stand alone: {name, k, n, n_effective, point, lower,
/// upper, confidence, method, interval, limit, verdict, …}.
[[nodiscard]] json::object to_json(const Rate& rate);

/// "FNMR 0.12 % (12/10000, n_eff 9200; 95 % bounds 0.07 % .. 0.19 %) <= 0.3 %: proven kept"
[[nodiscard]] std::string describe(const Rate& rate);

/// A share for people: "0.0102 %", "12.3 %".
[[nodiscard]] std::string percent(double share);

}  // namespace shogo::statistics
