// Sounds for judges' tests, written down as a stage would have heard them.
#pragma once

#include "transcript_builder.h"
#include <cmath>
#include <numbers>

#include <shogo/base/wave.h>

namespace shogo::conformance {

/// `hz` over time: a steady tone, or anything else that a test wants to be heard.
inline Sound tone_of(double length_ms, double hz = 1'000, double level = 1'500) {
  Sound sound;
  sound.rate = 16'000;
  sound.samples.resize(static_cast<std::size_t>(16 * length_ms));
  for (std::size_t i = 0; i < sound.samples.size(); ++i)
    sound.samples[i] = static_cast<std::int16_t>(
        std::lround(level * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / sound.rate)));
  return sound;
}

/// Syllables of overtones that glide, parted by soft moments: what a voice does.
inline Sound words_of(double length_ms, double level = 3'000) {
  Sound sound = tone_of(length_ms, 1, 0);
  double phase = 0;
  std::uint32_t breath = 1;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const double at = static_cast<double>(i) / sound.rate;
    const double syllable = std::pow(std::abs(std::sin(2 * std::numbers::pi * 2.5 * at)), 2);
    phase += (180 + 60 * std::sin(2 * std::numbers::pi * 1.7 * at)) / sound.rate;
    const double colour = 600 + 500 * std::sin(2 * std::numbers::pi * 3.1 * at);
    double value = 0;
    for (int overtone = 1; overtone < 24; ++overtone)
      value += std::exp(-std::pow((180 * overtone - colour) / 500, 2)) *
               std::sin(2 * std::numbers::pi * overtone * phase);
    breath = breath * 1'664'525U + 1'013'904'223U;
    value += 0.15 * (static_cast<double>(breath >> 16) / 32'768.0 - 1);
    sound.samples[i] = static_cast<std::int16_t>(std::lround(level * syllable * value / 2));
  }
  return sound;
}

inline TranscriptBuilder& heard(TranscriptBuilder& t, double at_ms, const Sound& sound) {
  const auto begin = static_cast<std::int64_t>(at_ms * 1e6);
  return t.file(source::kDevice, "sound",
                {{"t_dev_ns", begin}, {"t_dev_end_ns", begin + sound.length().count()}}, "sound", "wav",
                write_wave(sound));
}

}  // namespace shogo::conformance
