#include <algorithm>
#include <cassert>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/tools/roots.hpp>

#include <shogo/statistics/binomial.h>

namespace shogo::statistics {
namespace {

/// Plain doubles: Boost would compute in 80 bits, five times slower, for digits that no count of trials has.
constexpr auto kDoubles = boost::math::policies::make_policy(boost::math::policies::promote_double<false>());

bool keeps(double bound, double limit, bool strict) {
  return strict ? bound < limit : bound <= limit;
}

}  // namespace

double binomial_cdf(double k, double n, double p) {
  assert(k >= 0 && n > 0 && p >= 0 && p <= 1);
  if (k >= n || p == 0) return 1;
  return boost::math::ibetac(k + 1, n - k, p, kDoubles);
}

double upper_bound(double k, double n, double confidence) {
  assert(k >= 0 && n > 0 && confidence > 0 && confidence < 1);
  if (k >= n) return 1;
  return boost::math::ibeta_inv(k + 1, n - k, confidence, kDoubles);
}

double lower_bound(double k, double n, double confidence) {
  assert(k >= 0 && n > 0 && confidence > 0 && confidence < 1);
  if (k <= 0) return 0;
  k = std::min(k, n);
  return boost::math::ibeta_inv(k, n - k + 1, 1 - confidence, kDoubles);
}

double mid_p_tail(double k, double n, double p) {
  assert(k >= 0 && n > 0 && k <= n && p >= 0 && p <= 1);
  const double less = k > 0 ? boost::math::ibetac(k, n - k + 1, p, kDoubles) : 0.0;
  const double most = k < n ? boost::math::ibetac(k + 1, n - k, p, kDoubles) : 1.0;
  return (less + most) / 2;
}

Interval mid_p_interval(double k, double n, double confidence) {
  assert(k >= 0 && n > 0 && k <= n && confidence > 0.5 && confidence < 1);
  const double tail = (1 - confidence) / 2;
  // Clopper-Pearson counts all of what was seen towards the tail, so its bounds lie outside of these.
  const auto where = [&](double wanted, double low, double high) {
    const auto over = [&](double p) { return mid_p_tail(k, n, p) - wanted; };
    std::uintmax_t steps = 100;
    const auto [from, to] = boost::math::tools::toms748_solve(
        over, low, high, boost::math::tools::eps_tolerance<double>(48), steps);
    return (from + to) / 2;
  };
  const double point = k / n;
  return {k > 0 ? where(1 - tail, lower_bound(k, n, 1 - tail), point) : 0.0,
          k < n ? where(tail, point, upper_bound(k, n, 1 - tail)) : 1.0};
}

std::int64_t trials_to_prove(std::int64_t k, double limit, double confidence, bool strict) {
  assert(k >= 0 && limit > 0 && limit < 1);
  const auto proves = [&](std::int64_t n) {
    return keeps(upper_bound(static_cast<double>(k), static_cast<double>(n), confidence), limit, strict);
  };
  std::int64_t low = k, high = k + 1;  // low does not prove, high shall
  while (!proves(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (proves(middle) ? high : low) = middle;
  }
  return high;
}

double normal_tail(double x) {
  return boost::math::erfc(x / std::sqrt(2.0)) / 2;
}

double normal_tail_inverse(double probability) {
  assert(probability > 0 && probability < 1);
  return std::sqrt(2.0) * boost::math::erfc_inv(2 * probability);
}

double joint_tail(double p, double rho) {
  assert(p > 0 && p < 1 && rho >= 0 && rho < 1);
  // Given the shared part u, both exceed independently: average their product over u. The trapezoid rule
  // converges faster than any power of the step for such a smooth integrand that vanishes at both ends.
  const double t = normal_tail_inverse(p);
  // Only a part close to all of the score makes the integrand steep.
  const int steps = rho <= 0.5 ? 400 : 2000;
  constexpr double kEdge = 10;
  const double step = 2 * kEdge / steps;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double u = -kEdge + i * step;
    const double exceed = normal_tail((t - std::sqrt(rho) * u) / std::sqrt(1 - rho));
    sum += std::exp(-u * u / 2) * exceed * exceed;
  }
  return sum * step / std::sqrt(2 * 3.14159265358979323846);
}

}  // namespace shogo::statistics
