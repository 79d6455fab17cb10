#include <cassert>
#include <numeric>

#include <boost/math/special_functions/gamma.hpp>

#include <shogo/conformance/statistics_basic.h>

namespace shogo::conformance {

double chi_square_tail(double statistic, double degrees_of_freedom) {
  return boost::math::gamma_q(degrees_of_freedom / 2, statistic / 2);
}

double chi_square_uniform_p(const std::vector<std::int64_t>& counts) {
  assert(counts.size() >= 2);
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  const double expected = total / static_cast<double>(counts.size());
  double statistic = 0;
  for (const std::int64_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    statistic += difference * difference / expected;
  }
  return chi_square_tail(statistic, static_cast<double>(counts.size() - 1));
}

}  // namespace shogo::conformance
