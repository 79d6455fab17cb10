#include "audible.h"
#include "spectrum.h"
#include <algorithm>
#include <cmath>
#include <limits>

#include <shogo/sound/phrase.h>
#include <shogo/sound/recording.h>

namespace shogo::sound {
namespace {

constexpr float kSilence_db = -55;
constexpr float kFar = std::numeric_limits<float>::infinity();
static_assert(Spectrogram::kWidth == kBands);

constexpr std::size_t kLanes = 8;
static_assert(Spectrogram::kWidth % kLanes == 0);

/// 1 − cosine of two frames that are not silent. Eight sums side by side: the compiler may then use vectors.
float unlike(const float* a, const float* b) {
  float lanes[kLanes] = {};
  for (std::size_t i = 0; i < Spectrogram::kWidth; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  float dot = 0;
  for (const float lane : lanes) dot += lane;
  return std::max(0.0F, 1 - dot);
}

std::vector<char> silent_frames(const Spectrogram& of) {
  std::vector<char> silent(of.frames());
  for (std::size_t i = 0; i < silent.size(); ++i) silent[i] = of.is_silent(i) ? 1 : 0;
  return silent;
}

std::size_t frame_at(Nanoseconds time) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, time / Nanoseconds(Spectrogram::kFrame)));
}
/// How far a match may begin or end beside the word itself.
constexpr std::size_t kLoose = 10;
/// What is nearer by less than this may be so by chance of where its frames begin.
constexpr double kClearly = 0.7;
/// A breath: silence as long as no consonant's.
constexpr std::size_t kBreath = 8;

/// As many silent frames in a row, begun at most kLoose away from `frame`, going by `step`; a recording's end
/// counts.
bool breath_at(const Spectrogram& sound, std::size_t frame, int step) {
  std::size_t row = 0;
  for (std::size_t n = 0; n < kLoose + kBreath; ++n) {
    if (step < 0 ? frame < n + 1 : frame + n >= sound.frames()) return true;
    row = sound.is_silent(step < 0 ? frame - n - 1 : frame + n) ? row + 1 : 0;
    if (row == kBreath) return true;
  }
  return false;
}

}  // namespace

Spectrogram::Spectrogram(const Sound& sound, bool trim) {
  const Sound even = resampled(sound, kEvidenceRate);
  std::size_t begin = 0, end = even.samples.size();
  if (trim) {
    const std::vector<Part> parts = audible(even, {});
    if (parts.empty()) return;
    begin = parts.front().begin;
    end = parts.back().end;
  }
  for (const SpectrumFrame& frame : spectrum(even, begin, end))
    for (const float band : frame.bands) vectors_.push_back(frame.level_db < kSilence_db ? 0 : band);
}

Spectrogram Spectrogram::part(std::size_t first, std::size_t last) const {
  Spectrogram found;
  last = std::min(last, frames());
  first = std::min(first, last);
  found.vectors_.assign(vectors_.begin() + static_cast<std::ptrdiff_t>(first * kWidth),
                        vectors_.begin() + static_cast<std::ptrdiff_t>(last * kWidth));
  return found;
}

Spectrogram Spectrogram::without(std::size_t first, std::size_t last) const {
  Spectrogram rest = *this;
  last = std::min(last, frames());
  first = std::min(first, last);
  std::fill(rest.vectors_.begin() + static_cast<std::ptrdiff_t>(first * kWidth),
            rest.vectors_.begin() + static_cast<std::ptrdiff_t>(last * kWidth), 0.0F);
  return rest;
}

bool Spectrogram::is_silent(std::size_t i) const {
  return std::all_of(frame(i), frame(i) + kWidth, [](float band) { return band == 0; });
}

Match find_phrase(const Spectrogram& sound, const Spectrogram& phrase) {
  const std::size_t n = phrase.frames(), m = sound.frames();
  if (n == 0 || m == 0) return {};
  // Rows of the phrase; each cell holds the cost so far and where the match began. Steps go on by one frame
  // in each, or by two in one of them: half to double the pace.
  struct Cell {
    float cost = kFar;
    std::size_t from = 0;
  };
  std::vector<Cell> before_last(m), last(m), row(m);
  std::vector<float> costs(m), last_costs(m);
  // Silence is like silence and unlike any sound.
  const std::vector<char> silent_there = silent_frames(sound), silent_here = silent_frames(phrase);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < m; ++j)
      costs[j] = silent_here[i] != 0 || silent_there[j] != 0
                     ? (silent_here[i] == silent_there[j] ? 0.0F : 1.0F)
                     : unlike(phrase.frame(i), sound.frame(j));
    for (std::size_t j = 0; j < m; ++j) {
      Cell best;
      if (i == 0) {
        best = {costs[j], j};
      } else {
        const auto offer = [&](const Cell& from, float cost) {
          if (from.cost + cost < best.cost) best = {from.cost + cost, from.from};
        };
        if (j >= 1) offer(last[j - 1], costs[j]);
        if (j >= 2) offer(last[j - 2], (costs[j] + costs[j - 1]) / 2);
        if (i >= 2 && j >= 1) offer(before_last[j - 1], costs[j] + last_costs[j]);
      }
      row[j] = best;
    }
    std::swap(before_last, last);
    std::swap(last, row);
    std::swap(last_costs, costs);
  }
  const auto best = std::min_element(last.begin(), last.end(),
                                     [](const Cell& a, const Cell& b) { return a.cost < b.cost; });
  if (best->cost == kFar) return {};
  const auto moment = [](std::size_t frame) {
    return Nanoseconds(Spectrogram::kFrame) * static_cast<std::int64_t>(frame);
  };
  return {static_cast<double>(best->cost) / static_cast<double>(n), moment(best->from),
          moment(static_cast<std::size_t>(best - last.begin()) + 1)};
}

bool fits_better(const Spectrogram& sound, const Match& found, const Spectrogram& rival) {
  const std::size_t begin = frame_at(found.begin), end = frame_at(found.end);
  const Spectrogram place = sound.part(begin - std::min(begin, kLoose), end + kLoose);
  return find_phrase(place, rival).distance < kClearly * found.distance;
}

Match find_word(const Spectrogram& sound, const Spectrogram& word,
                const std::vector<Spectrogram>& sentences) {
  const bool is_short = word.frames() * Spectrogram::kFrame < kShortWord;
  constexpr int kMostPlaces = 200;
  Spectrogram rest = sound;
  for (int place = 0; place < kMostPlaces; ++place) {
    const Match match = find_phrase(rest, word);
    if (match.distance > kSamePhrase) return {};
    const std::size_t begin = frame_at(match.begin), end = frame_at(match.end);
    const bool alone = breath_at(sound, begin, -1) && breath_at(sound, end, 1);
    const bool is_part = std::any_of(sentences.begin(), sentences.end(), [&](const Spectrogram& sentence) {
      // At half the pace it would be twice as long.
      const std::size_t reach = 2 * sentence.frames();
      const std::size_t from = begin - std::min(begin, reach);
      const Match whole = find_phrase(sound.part(from, end + reach), sentence);
      return whole.distance <= kSamePhrase && from + frame_at(whole.begin) <= begin + kLoose &&
             from + frame_at(whole.end) + kLoose >= end;
    });
    if (!is_part && (alone || !is_short)) return match;
    rest = rest.without(begin, std::max(end, begin + 1));
  }
  return {};
}

}  // namespace shogo::sound
