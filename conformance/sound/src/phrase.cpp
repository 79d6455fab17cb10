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
  for (std::size_t i = 0; i < silent.size(); ++i) {
    const float* frame = of.frame(i);
    silent[i] = std::all_of(frame, frame + Spectrogram::kWidth, [](float band) { return band == 0; }) ? 1 : 0;
  }
  return silent;
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

}  // namespace shogo::sound
