// Is this phrase heard in that recording, and where? A recording of the phrase is slid along the sound and
// may be stretched a little (subsequence dynamic time warping over mel spectra). Nothing is understood: it
// answers for phrases of which there is a recording, best of the same voice. docs/sound-measurement.md has
// the distances. Pure.
#pragma once

#include <memory>
#include <vector>

#include <shogo/base/wave.h>

namespace shogo::sound {

/// The spectrum of a sound over time, kept for many comparisons.
class Spectrogram {
 public:
  /// Of any rate from 8000; silence at both ends is left out when `trim`.
  explicit Spectrogram(const Sound& sound, bool trim = false);
  /// Only from frame `first` to before `last`, as far as it goes.
  [[nodiscard]] Spectrogram part(std::size_t first, std::size_t last) const;
  /// With silence from frame `first` to before `last`.
  [[nodiscard]] Spectrogram without(std::size_t first, std::size_t last) const;
  [[nodiscard]] bool is_silent(std::size_t i) const;
  [[nodiscard]] std::size_t frames() const { return vectors_.size() / kWidth; }
  /// Unit length, or all zero where there is silence.
  static constexpr std::size_t kWidth = 24;
  static constexpr milliseconds kFrame{10};
  [[nodiscard]] const float* frame(std::size_t i) const { return vectors_.data() + i * kWidth; }

 private:
  Spectrogram() = default;
  std::vector<float> vectors_;
};

struct Match {
  /// 0: the same spectra one after another; 1: nothing in common. Two different phrases are usually 0.1 and
  /// more apart.
  double distance = 1;
  Nanoseconds begin{0}, end{0};  ///< in the recording
};
/// Up to here a phrase of the same voice counts as heard.
constexpr double kSamePhrase = 0.04;

/// Where `phrase` fits best into `sound`; distance 1 when it does not fit at all.
[[nodiscard]] Match find_phrase(const Spectrogram& sound, const Spectrogram& phrase);

/// Would `rival` be the better name of what was said at the place of `found`? Phrases that differ in a number
/// alone are so alike that each is found where another was said: the nearest one is meant.
[[nodiscard]] bool fits_better(const Spectrogram& sound, const Match& found, const Spectrogram& rival);

/// A word shorter than this is found in other words: it counts only between silences.
constexpr milliseconds kShortWord{400};
/// Where a single word was said: not as a part of one of `sentences` that was said there, and, when it is
/// short, for itself. The nearest such place within kSamePhrase; distance 1 when there is none.
[[nodiscard]] Match find_word(const Spectrogram& sound, const Spectrogram& word,
                              const std::vector<Spectrogram>& sentences);

}  // namespace shogo::sound
