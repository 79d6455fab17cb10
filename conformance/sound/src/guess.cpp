#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include <shogo/base/rng.h>
#include <shogo/sound/guess.h>

namespace shogo::sound {
namespace {

/// Who is nearest to each, ties included: shuffling labels does not change it.
std::vector<std::vector<std::size_t>> neighbours(const std::vector<Observed>& observed) {
  // Equal bytes make equal features; what differs by less than this differs by rounding only.
  constexpr double kSame = 1e-9;
  std::vector<std::vector<std::size_t>> nearest(observed.size());
  for (std::size_t i = 0; i < observed.size(); ++i) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < observed.size(); ++j) {
      if (i == j) continue;
      double distance = 0;
      const auto& a = observed[i].features;
      const auto& b = observed[j].features;
      for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
        distance += (a[k] - b[k]) * (a[k] - b[k]);
      if (distance < best - kSame) {
        best = distance;
        nearest[i].clear();
      }
      if (distance <= best + kSame) nearest[i].push_back(j);
    }
  }
  return nearest;
}

double share_right(const std::vector<std::vector<std::size_t>>& nearest, const std::vector<char>& labels) {
  double right = 0;
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    const auto same = std::count_if(nearest[i].begin(), nearest[i].end(),
                                    [&](std::size_t j) { return labels[j] == labels[i]; });
    right += static_cast<double>(same) / static_cast<double>(std::max<std::size_t>(1, nearest[i].size()));
  }
  return right / static_cast<double>(nearest.size());
}

/// Power at one frequency over that of the whole, both as amplitudes squared: 1 for a pure tone.
double share_at(const Sound& sound, double hz) {
  double re = 0, im = 0, power = 0;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / sound.rate;
    const double sample = sound.samples[i];
    re += sample * std::cos(angle);
    im += sample * std::sin(angle);
    power += sample * sample;
  }
  if (power <= 0) return 0;
  return 2 * (re * re + im * im) / (power * static_cast<double>(sound.samples.size()));
}

}  // namespace

Guess guess_labels(const std::vector<Observed>& observed, int shuffles) {
  std::map<char, int> counts;
  std::vector<char> labels;
  for (const Observed& one : observed) {
    ++counts[one.label];
    labels.push_back(one.label);
  }
  Guess guess;
  if (counts.size() < 2 ||
      std::any_of(counts.begin(), counts.end(), [](const auto& entry) { return entry.second < 2; }))
    return guess;
  const auto all = static_cast<double>(observed.size());
  for (const auto& [label, count] : counts) guess.chance += count / all * (count - 1) / (all - 1);
  const auto nearest = neighbours(observed);
  guess.right = share_right(nearest, labels);
  Rng rng(1, "sound.guess");
  int as_good = 1;
  for (int shuffle = 0; shuffle < shuffles; ++shuffle) {
    rng.shuffle(labels);
    if (share_right(nearest, labels) >= guess.right - 1e-12) ++as_good;
  }
  guess.p = static_cast<double>(as_good) / (shuffles + 1);
  return guess;
}

char dialled_digit(const Sound& sound) {
  constexpr double kRows[] = {697, 770, 852, 941};
  constexpr double kColumns[] = {1209, 1336, 1477};
  constexpr double kEach = 0.2;  // of the power; together they would hold all of it
  constexpr const char* kKeys = "123456789*0#";
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      if (share_at(sound, kRows[row]) > kEach && share_at(sound, kColumns[column]) > kEach)
        return kKeys[3 * row + column];
  return 0;
}

}  // namespace shogo::sound
