// The two tests that judges of layouts need. Error rates have an engine of their own (conformance/statistics,
// to come).
#pragma once

#include <cstdint>
#include <vector>

namespace shogo::conformance {

/// Pearson's chi-square test of `counts` against equal expectation: the upper tail probability with size-1
/// degrees of freedom. The caller provides at least two cells and an expectation of 5 or more for the
/// approximation to hold.
[[nodiscard]] double chi_square_uniform_p(const std::vector<std::int64_t>& counts);

/// Upper tail of the chi-square distribution.
[[nodiscard]] double chi_square_tail(double statistic, double degrees_of_freedom);

}  // namespace shogo::conformance
