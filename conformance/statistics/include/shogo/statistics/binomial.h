// Exact binomial bounds: the ground under every rate. Counts may be fractional, because dependence turns k
// errors of n trials into fewer effective ones. Pure functions, any thread.
#pragma once

#include <cstdint>

namespace shogo::statistics {

/// P(X <= k) for X ~ Binomial(n, p), by the regularised incomplete beta function; exact to about 1e-12.
/// 0 <= k <= n, 0 <= p <= 1.
[[nodiscard]] double binomial_cdf(double k, double n, double p);

/// Clopper-Pearson: the largest p under which k or fewer errors still happen with probability 1 - confidence.
/// One-sided: `confidence` 0.95 leaves 5 % above. 1 when k >= n. 0 <= k <= n, n > 0, 0 < confidence < 1.
[[nodiscard]] double upper_bound(double k, double n, double confidence);

/// Clopper-Pearson from below; 0 when k is 0.
[[nodiscard]] double lower_bound(double k, double n, double confidence);

/// P(X < k) + P(X = k) / 2: what was seen counts half. Falls from 1 to 0 as p rises, for 0 < k < n.
[[nodiscard]] double mid_p_tail(double k, double n, double p);

/// Two-sided interval of an estimate.
struct Interval {
  double lower = 0, upper = 1;
};
/// Mid-P: what was seen counts half towards either tail. Clopper-Pearson's bounds are too wide because counts
/// come in whole numbers; these hold the truth about as often as `confidence` says on the average, but not
/// for every rate. They describe; they prove nothing. 0 <= k <= n, n > 0, 0.5 < confidence < 1.
[[nodiscard]] Interval mid_p_interval(double k, double n, double confidence);

/// Fewest trials, all of them beyond none, at which k errors prove a rate below `limit`: 299 for k = 0,
/// limit 1 %, confidence 95 %. 0 < limit < 1.
[[nodiscard]] std::int64_t trials_to_prove(std::int64_t k, double limit, double confidence, bool strict);

/// Upper tail of the standard normal distribution, and its inverse.
[[nodiscard]] double normal_tail(double x);
[[nodiscard]] double normal_tail_inverse(double probability);

/// P(both > t) of two standard normals with correlation rho, where t leaves the tail `p`. 0 <= rho < 1.
[[nodiscard]] double joint_tail(double p, double rho);

}  // namespace shogo::statistics
