// The spectrum of a sound over time, in bands as wide as the ear's (mel).
#pragma once

#include <array>
#include <vector>

#include <shogo/base/wave.h>

namespace shogo::sound {

constexpr int kBands = 24;

struct SpectrumFrame {
  std::array<float, kBands> bands{};  ///< magnitudes, 100 to 7000 Hz; their squares add up to 1
  float level_db = 0;                 ///< relative to full scale
  float flatness = 0;  ///< geometric over arithmetic mean of the power: 0 a tone, 1 white noise
};

/// Frames of about 32 ms, one every 10 ms, of samples [begin, end).
[[nodiscard]] std::vector<SpectrumFrame> spectrum(const Sound& sound, std::size_t begin, std::size_t end);

}  // namespace shogo::sound
