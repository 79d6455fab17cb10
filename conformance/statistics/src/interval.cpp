#include <algorithm>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/roots.hpp>

#include <shogo/statistics/rate.h>

namespace shogo::statistics {
namespace {

/// What is left beyond each end: half of what `confidence` leaves, less when few degrees of freedom make the
/// estimate of the variance itself uncertain.
double tail_of(double confidence, double freedom) {
  const double tail = (1 - confidence) / 2;
  if (!std::isfinite(freedom)) return tail;
  const boost::math::students_t student(freedom);
  return normal_tail(boost::math::quantile(boost::math::complement(student, tail)));
}

}  // namespace

Interval interval_of(const Rate& rate) {
  const IntervalEffect& effect = rate.interval_effect;
  const auto k = static_cast<double>(rate.errors), n = static_cast<double>(rate.trials);
  const double tail = tail_of(rate.confidence, effect.freedom);
  // From 1 at p = 0 over about a half at the rate seen to 0 at p = 1: each end has its sign change.
  const auto where = [&](double own, double wanted, double low, double high) {
    const auto over = [&](double p) {
      const double d = std::max(own, std::min(own + effect.spread * n * p, effect.most));
      return mid_p_tail(k / d, n / d, p) - wanted;
    };
    std::uintmax_t steps = 100;
    const auto [from, to] = boost::math::tools::toms748_solve(
        over, low, high, boost::math::tools::eps_tolerance<double>(48), steps);
    return (from + to) / 2;
  };
  return {k > 0 ? where(effect.lower, 1 - tail, 0, rate.point) : 0.0,
          k < n ? where(effect.upper, tail, rate.point, 1) : 1.0};
}

}  // namespace shogo::statistics
