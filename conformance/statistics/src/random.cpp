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

ClusterSampler::ClusterSampler(std::vector<double> chance)
    : size_(static_cast<std::int64_t>(chance.size()) - 1),
      none_(chance.at(0)),
      log_none_(std::log(chance.at(0))) {
  assert(size_ >= 1 && none_ > 0);
  double sum = 0;
  for (std::size_t y = 1; y < chance.size(); ++y) up_to_.push_back(sum += chance[y]);
  for (double& share : up_to_) share /= sum > 0 ? sum : 1;
}

void ClusterSampler::fill(Rng& rng, std::span<ClusterCount> clusters) const {
  std::fill(clusters.begin(), clusters.end(), ClusterCount{0, size_});
  if (none_ >= 1) return;
  const auto jump = [&] { return std::floor(std::log(1 - rng.unit()) / log_none_); };
  for (double at = jump(); at < static_cast<double>(clusters.size()); at += jump() + 1) {
    const auto found = std::upper_bound(up_to_.begin(), up_to_.end(), rng.unit());
    const auto errors = std::min(found - up_to_.begin() + 1, static_cast<std::ptrdiff_t>(size_));
    clusters[static_cast<std::size_t>(at)].errors = errors;
  }
}

std::vector<double> beta_binomial(std::int64_t size, double rate, double icc) {
  assert(size >= 1 && rate > 0 && rate < 1 && icc >= 0 && icc < 1);
  // Rising factorials: with a = rate t, b = (1 - rate) t, t = (1 - icc) / icc, all divided by t so that icc 0
  // is the binomial distribution.
  const double step = icc / (1 - icc);
  std::vector<double> chance(static_cast<std::size_t>(size) + 1);
  for (std::int64_t y = 0; y <= size; ++y) {
    double log_chance = std::lgamma(static_cast<double>(size) + 1) - std::lgamma(static_cast<double>(y) + 1) -
                        std::lgamma(static_cast<double>(size - y) + 1);
    for (std::int64_t i = 0; i < y; ++i) log_chance += std::log(rate + static_cast<double>(i) * step);
    for (std::int64_t i = 0; i < size - y; ++i)
      log_chance += std::log(1 - rate + static_cast<double>(i) * step);
    for (std::int64_t i = 0; i < size; ++i) log_chance -= std::log1p(static_cast<double>(i) * step);
    chance[static_cast<std::size_t>(y)] = std::exp(log_chance);
  }
  return chance;
}

}  // namespace shogo::statistics
