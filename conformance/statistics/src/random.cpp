#include <algorithm>
#include <cassert>
#include <cmath>

#include <shogo/statistics/random.h>

namespace shogo::statistics {

double draw_normal(Rng& rng) {
  // Polar method; the second value is thrown away so that the state is the generator alone.
  for (;;) {
    const double x = 2 * rng.unit() - 1, y = 2 * rng.unit() - 1, r = x * x + y * y;
    if (r > 0 && r < 1) return x * std::sqrt(-2 * std::log(r) / r);
  }
}

double draw_gamma(Rng& rng, double shape) {
  assert(shape > 0);
  // Marsaglia and Tsang (2000); shapes below 1 by the power of a uniform, in logarithms because tiny shapes
  // underflow.
  if (shape < 1) {
    const double u = 1 - rng.unit();
    return std::exp(std::log(draw_gamma(rng, shape + 1)) + std::log(u) / shape);
  }
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = draw_normal(rng), v = 1 + c * x;
    if (v <= 0) continue;
    const double cube = v * v * v;
    if (std::log(1 - rng.unit()) < x * x / 2 + d - d * cube + d * std::log(cube)) return d * cube;
  }
}

double draw_cluster_rate(Rng& rng, double rate, double icc) {
  assert(rate > 0 && rate < 1 && icc > 0 && icc < 1);
  const double total = (1 - icc) / icc;
  const double a = draw_gamma(rng, rate * total), b = draw_gamma(rng, (1 - rate) * total);
  return a + b > 0 ? a / (a + b) : (rng.unit() < rate ? 1.0 : 0.0);
}

std::int64_t draw_binomial(Rng& rng, std::int64_t n, double p) {
  assert(n >= 0 && p >= 0 && p <= 1);
  if (p > 0.5) return n - draw_binomial(rng, n, 1 - p);
  if (n == 0 || p <= 0) return 0;
  // Waiting times: jump from success to success. About n p draws.
  const double log_miss = std::log1p(-p);
  std::int64_t successes = 0;
  double position = 0;
  for (;;) {
    position += std::floor(std::log(1 - rng.unit()) / log_miss) + 1;
    if (position > static_cast<double>(n)) return successes;
    ++successes;
  }
}

}  // namespace shogo::statistics
