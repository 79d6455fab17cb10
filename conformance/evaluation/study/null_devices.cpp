#include "null_devices.h"

#include <algorithm>
#include <cmath>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/random.h>

namespace shogo::evaluation {

std::string_view to_string(Shape shape) {
  switch (shape) {
    case Shape::kBeta:
      return "beta";
    case Shape::kNormal:
      return "normal";
    case Shape::kClumps:
      return "clumps";
  }
  return "";
}

std::vector<double> cluster_chances(Shape shape, double rate, double icc, std::int64_t size) {
  if (icc <= 0 || size == 1 || shape == Shape::kBeta)
    return statistics::beta_binomial(size, rate, size == 1 ? 0 : icc);
  std::vector<double> chance(static_cast<std::size_t>(size) + 1, 0.0);
  if (shape == Shape::kClumps) {
    const double bad = icc * (1 - rate) + rate;
    chance[0] = 1 - rate / bad;
    const auto within = statistics::beta_binomial(size, bad, 0);
    for (std::size_t y = 0; y < chance.size(); ++y) chance[y] += rate / bad * within[y];
    return chance;
  }
  // The share of the score that gives the errors the correlation asked for: joint_tail grows with it.
  const double threshold = statistics::normal_tail_inverse(rate),
               both = rate * rate + icc * rate * (1 - rate);
  double low = 0, high = 0.9999;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (statistics::joint_tail(rate, middle) < both ? low : high) = middle;
  }
  constexpr int kSteps = 4000;
  double sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double u = -10 + 20.0 * i / kSteps, weight = std::exp(-u * u / 2);
    const double own = std::clamp(
        statistics::normal_tail((threshold - std::sqrt(low) * u) / std::sqrt(1 - low)), 1e-300, 1 - 1e-12);
    const auto within = statistics::beta_binomial(size, own, 0);
    for (std::size_t y = 0; y < chance.size(); ++y) chance[y] += weight * within[y];
    sum += weight;
  }
  for (double& share : chance) share /= sum;
  return chance;
}

PairDevice::PairDevice(std::uint32_t subjects, double rate, double share)
    : subjects_(subjects), threshold_(statistics::normal_tail_inverse(rate)), share_(share) {}

std::vector<std::pair<std::uint32_t, std::uint32_t>> PairDevice::draw(Rng& rng) const {
  std::vector<double> part(subjects_);
  for (double& u : part) u = std::sqrt(share_) * statistics::draw_normal(rng);
  std::sort(part.begin(), part.end());  // who is who does not matter
  const double rest = std::sqrt(1 - 2 * share_);
  const auto chance = [&](double a, double b) {
    return statistics::normal_tail((threshold_ - a - b) / rest);
  };
  std::vector<std::pair<std::uint32_t, std::uint32_t>> matches;
  constexpr std::uint32_t kGroup = 32;
  for (std::uint32_t first = 0; first < subjects_; first += kGroup) {
    const std::uint32_t first_end = std::min(subjects_, first + kGroup);
    for (std::uint32_t second = first; second < subjects_; second += kGroup) {
      const std::uint32_t second_end = std::min(subjects_, second + kGroup);
      // No pair of these groups is likelier than that of their highest members: jump from candidate to
      // candidate.
      const double most = chance(part[first_end - 1], part[second_end - 1]);
      const double log_miss = std::log1p(-most);
      const std::uint64_t width = second_end - second, all = width * (first_end - first);
      for (double at = std::floor(std::log(1 - rng.unit()) / log_miss); at < static_cast<double>(all);
           at += std::floor(std::log(1 - rng.unit()) / log_miss) + 1) {
        const auto index = static_cast<std::uint64_t>(at);
        const auto a = static_cast<std::uint32_t>(first + index / width),
                   b = static_cast<std::uint32_t>(second + index % width);
        if (a < b && rng.unit() * most < chance(part[a], part[b])) matches.emplace_back(a, b);
      }
    }
  }
  return matches;
}

}  // namespace shogo::evaluation
