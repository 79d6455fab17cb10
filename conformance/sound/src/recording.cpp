#include "audible.h"
#include <algorithm>
#include <cstdlib>

#include <shogo/sound/recording.h>

namespace shogo::sound {
namespace {

/// Times are rounded, and a device's clock and its sound card need not agree to the sample.
constexpr Nanoseconds kSeam = milliseconds(2);

std::size_t samples_in(Nanoseconds time) {
  return static_cast<std::size_t>(time.count() * kEvidenceRate / 1'000'000'000);
}

Nanoseconds moment(std::size_t sample) {
  return Nanoseconds(static_cast<std::int64_t>(sample) * 1'000'000'000 / kEvidenceRate);
}

}  // namespace

void Recording::take(Nanoseconds at, Sound piece) {
  if (piece.samples.empty()) return;
  if (!runs_.empty()) {
    Run& last = runs_.back();
    const Nanoseconds seam = at - (last.at + last.sound.length());
    if (last.sound.rate == piece.rate && std::abs(seam.count()) <= kSeam.count()) {
      last.sound.samples.insert(last.sound.samples.end(), piece.samples.begin(), piece.samples.end());
      return;
    }
  }
  runs_.push_back({at, std::move(piece)});
}

std::vector<Stretch> Recording::stretches(const Hearing& hearing) {
  std::stable_sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.at < b.at; });
  std::vector<Stretch> all;
  for (const Run& run : runs_) {
    const Sound sound = resampled(run.sound, kEvidenceRate);
    for (const Part& part : audible(sound, hearing)) {
      const auto first = sound.samples.begin() + static_cast<std::ptrdiff_t>(part.begin);
      const auto last = sound.samples.begin() + static_cast<std::ptrdiff_t>(part.end);
      const Nanoseconds begin = run.at + moment(part.begin);
      const Nanoseconds gap = all.empty() ? Nanoseconds::max() : begin - all.back().end();
      if (gap <= Nanoseconds(hearing.pause)) {
        // Counted from the stretch's beginning, so that rounding does not add up.
        auto& samples = all.back().sound.samples;
        samples.resize(std::max(samples.size(), samples_in(begin - all.back().begin)));
        samples.insert(samples.end(), first, last);
      } else {
        all.push_back({begin, {kEvidenceRate, {first, last}}});
      }
    }
  }
  runs_.clear();
  return all;
}

double Recording::waiting_s() const {
  double sum = 0;
  for (const Run& run : runs_) sum += std::chrono::duration<double>(run.sound.length()).count();
  return sum;
}

}  // namespace shogo::sound
