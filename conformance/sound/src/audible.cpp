#include "audible.h"

#include <algorithm>
#include <cmath>

namespace shogo::sound {
namespace {

constexpr double kBlock_s = 0.005;

}  // namespace

double level_db(const Sound& sound, std::size_t begin, std::size_t end) {
  double power = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double sample = sound.samples[i] / 32'768.0;
    power += sample * sample;
  }
  return 10 * std::log10(power / static_cast<double>(std::max<std::size_t>(1, end - begin)) + 1e-12);
}

std::vector<Part> audible(const Sound& sound, const Hearing& hearing) {
  const auto block = static_cast<std::size_t>(kBlock_s * sound.rate);
  const auto pause =
      static_cast<std::size_t>(std::chrono::duration<double>(hearing.pause).count() * sound.rate);
  std::vector<Part> parts;
  for (std::size_t at = 0; at < sound.samples.size(); at += block) {
    const std::size_t end = std::min(sound.samples.size(), at + block);
    if (level_db(sound, at, end) < hearing.floor_dbfs) continue;
    if (!parts.empty() && at - parts.back().end <= pause) {
      parts.back().end = end;
    } else {
      parts.push_back({at, end});
    }
  }
  return parts;
}

}  // namespace shogo::sound
