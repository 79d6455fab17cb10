#include <algorithm>
#include <cmath>

#include <shogo/sound/phrase.h>
#include <shogo/sound/same_sound.h>

namespace shogo::sound {
namespace {

/// Spectra of one sound, cut 5 ms apart, differ by up to 0.1 where it changes fast.
constexpr float kUnlike = 0.25F;
/// So many frames before and after count as the same moment: two sounds that overlap need not keep step to
/// the millisecond.
constexpr std::ptrdiff_t kReach = 2;

bool is_silent(const float* frame) {
  return std::all_of(frame, frame + Spectrogram::kWidth, [](float band) { return band == 0; });
}

bool alike(const float* a, const float* b) {
  const bool silent = is_silent(a);
  if (silent || is_silent(b)) return silent == is_silent(b);
  float dot = 0;
  for (std::size_t i = 0; i < Spectrogram::kWidth; ++i) dot += a[i] * b[i];
  return 1 - dot <= kUnlike;
}

/// Whether `to` has at `at` or near it what `from` has at `i`; before its beginning and behind its end there
/// is silence.
bool is_there(const Spectrogram& from, std::size_t i, const Spectrogram& to, std::ptrdiff_t at) {
  const auto end = static_cast<std::ptrdiff_t>(to.frames());
  for (std::ptrdiff_t j = at - kReach; j <= at + kReach; ++j) {
    const bool outside = j < 0 || j >= end;
    if (outside ? is_silent(from.frame(i)) : alike(from.frame(i), to.frame(static_cast<std::size_t>(j))))
      return true;
  }
  return false;
}

struct Count {
  std::size_t apart = 0, first = 0;
};

Count count_apart(const Spectrogram& a, const Spectrogram& b, std::ptrdiff_t shift, std::size_t enough) {
  Count count;
  for (std::size_t i = 0; i < a.frames() && count.apart <= enough; ++i) {
    if (is_there(a, i, b, static_cast<std::ptrdiff_t>(i) + shift)) continue;
    if (count.apart++ == 0) count.first = i;
  }
  for (std::size_t j = 0; j < b.frames() && count.apart <= enough; ++j) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(j) - shift;
    if (is_there(b, j, a, at)) continue;
    if (count.apart++ == 0) count.first = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at, 0));
  }
  return count;
}

}  // namespace

Difference difference(const Sound& first, const Sound& second) {
  const Spectrogram a(first), b(second);
  const auto most = static_cast<std::ptrdiff_t>(kMostShift / Spectrogram::kFrame);
  Count best{a.frames() + b.frames() + 1, 0};
  std::ptrdiff_t shift = 0;
  // The smallest shift first: of equal ones it is the likely one.
  for (std::ptrdiff_t step = 0; step <= 2 * most && best.apart > 0; ++step) {
    const std::ptrdiff_t by = step % 2 == 0 ? step / 2 : -(step + 1) / 2;
    const Count count = count_apart(a, b, by, best.apart);
    if (count.apart < best.apart) best = count, shift = by;
  }
  if (best.apart > a.frames() + b.frames()) best = {};
  return {Spectrogram::kFrame * static_cast<std::int64_t>(best.apart),
          Nanoseconds(Spectrogram::kFrame) * static_cast<std::int64_t>(best.first),
          Nanoseconds(Spectrogram::kFrame) * static_cast<std::int64_t>(shift)};
}

}  // namespace shogo::sound
