// Statistics of a long run; pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

/// Theil-Sen: the median of the slopes of all pairs; Sen's interval from Kendall's S, 95 %, normal
/// approximation. Robust against the steps in which memory grows. Fewer than 3 points: all zero.
struct Slope {
  double value = 0, low = 0, high = 0;
};
[[nodiscard]] Slope theil_sen(const std::vector<double>& x, const std::vector<double>& y);

/// How much larger the 95th percentile of the last third is than that of the first, in percent; `low_percent`
/// compares the lower end of the one's order-statistic interval (95 %) with the upper end of the other's.
/// Fewer than 60 values: zero, nothing is claimed.
struct Drift {
  double percent = 0, low_percent = 0;
};
[[nodiscard]] Drift p95_drift(const std::vector<double>& values);

/// What the "session" events tell.
struct SoakSummary {
  std::int64_t count = 0;
  std::int64_t faulty = 0;
  /// Sessions without a fault that were not answered with success, and sessions after which the device was
  /// not idle again.
  std::int64_t unrecovered = 0;
  double hours = 0;                  ///< of the device's clock, from "soak_begins" to "soak_ends"
  std::vector<double> cpu_ms;        ///< of each session without a fault
  std::string broken_en, broken_ja;  ///< the first unrecovered one
};
[[nodiscard]] SoakSummary summarize_sessions(const Transcript& transcript);

}  // namespace shogo::conformance
