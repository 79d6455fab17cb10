// Verdicts: what a judge says of one clause. The words and their meaning are REQUIREMENTS' rule 1
// (docs/verdicts.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shogo::conformance {

enum class Verdict {
  kPass,
  kFail,
  kMet,     ///< PASS of a recommended or derived clause: never decides an item
  kNotMet,  ///< FAIL of a recommended or derived clause
  kInconclusive,
  kManualPending,
  kNotRun,
  kNotApplicable,
  kWaived,
  kHarnessError,
};

/// Why a clause is undecided. The numbered ones (PARTIAL k of n, FLAKY k/n) carry their numbers in the
/// explanation.
enum class Reason {
  kNone,
  kNoChannel,
  kPartial,
  kSampleTooSmall,
  kControlFailed,
  kCheckUnproven,
  kFlaky,
  kClockUnverified,
  kNoNumber,
  kToolUnavailable,
  kShown,
  kNotShown,
};

/// "PASS", "NOT_MET", … as they stand in report.json.
[[nodiscard]] std::string_view to_string(Verdict verdict);
/// "", "NO_CHANNEL", …
[[nodiscard]] std::string_view to_string(Reason reason);
[[nodiscard]] std::optional<Verdict> verdict_from(std::string_view text);
[[nodiscard]] std::optional<Reason> reason_from(std::string_view text);

/// One number a judge looked at, with the limit it was held against.
struct Measurement {
  std::string name;  ///< "key_width"
  double value = 0;
  std::string unit;    ///< "mm"
  std::string limit;   ///< ">= 10.0 mm", empty when the number only informs
  std::int64_t n = 1;  ///< sample size behind the value
};

/// What a judge returns. It says PASS or FAIL; the runner turns that into MET or NOT_MET by the clause's
/// level.
struct Judgement {
  Verdict verdict = Verdict::kInconclusive;
  Reason reason = Reason::kControlFailed;
  std::string because_en;  ///< the judge's own reasoning in one or two sentences
  std::string because_ja;
  std::vector<Measurement> measurements;
};

[[nodiscard]] Judgement pass(std::string because_en, std::string because_ja);
[[nodiscard]] Judgement fail(std::string because_en, std::string because_ja);
[[nodiscard]] Judgement inconclusive(Reason reason, std::string because_en, std::string because_ja);

}  // namespace shogo::conformance
