#include "spectrum.h"

#include <bit>
#include <cmath>
#include <numbers>

#include <opencv2/core.hpp>

namespace shogo::sound {
namespace {

constexpr double kLowest_hz = 100, kHighest_hz = 7'000;

double mel(double hz) {
  return 2595 * std::log10(1 + hz / 700);
}

/// Band of each bin; -1 outside.
std::vector<int> bands_of(std::size_t bins, double bin_hz) {
  std::vector<int> bands(bins, -1);
  for (std::size_t i = 0; i < bins; ++i) {
    const double hz = static_cast<double>(i) * bin_hz;
    if (hz < kLowest_hz || hz >= kHighest_hz) continue;
    bands[i] = static_cast<int>((mel(hz) - mel(kLowest_hz)) / (mel(kHighest_hz) - mel(kLowest_hz)) * kBands);
  }
  return bands;
}

}  // namespace

std::vector<SpectrumFrame> spectrum(const Sound& sound, std::size_t begin, std::size_t end) {
  const std::size_t size = std::bit_ceil(static_cast<std::size_t>(sound.rate) * 32 / 1000);
  const std::size_t hop = sound.rate / 100;
  const std::vector<int> bands =
      bands_of(size / 2, static_cast<double>(sound.rate) / static_cast<double>(size));
  std::vector<SpectrumFrame> frames;
  cv::Mat1f window(1, static_cast<int>(size)), transformed;
  for (std::size_t at = begin; at < end; at += hop) {
    double power = 0;
    for (std::size_t i = 0; i < size; ++i) {
      // Centred on `at`; silence outside of the part that is looked at.
      const std::size_t place = at + i;
      const bool inside = place >= begin + size / 2 && place - size / 2 < end;
      const double sample = inside ? sound.samples[place - size / 2] / 32'768.0 : 0.0;
      const double hann =
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size));
      power += sample * sample * hann;
      window(0, static_cast<int>(i)) = static_cast<float>(sample * hann);
    }
    cv::dft(window, transformed);  // packed: real, then pairs of real and imaginary
    std::array<double, kBands> sums{};
    double log_sum = 0, sum = 0;
    int counted = 0;
    for (std::size_t i = 1; i < size / 2; ++i) {
      if (bands[i] < 0) continue;
      const double re = transformed(0, static_cast<int>(2 * i - 1)),
                   im = transformed(0, static_cast<int>(2 * i));
      const double bin = re * re + im * im + 1e-12;
      sums[static_cast<std::size_t>(bands[i])] += bin;
      log_sum += std::log(bin);
      sum += bin;
      ++counted;
    }
    SpectrumFrame frame;
    for (std::size_t b = 0; b < kBands; ++b) frame.bands[b] = static_cast<float>(std::sqrt(sums[b] / sum));
    frame.flatness = static_cast<float>(std::exp(log_sum / counted) / (sum / counted));
    frame.level_db = static_cast<float>(10 * std::log10(2 * power / static_cast<double>(size) + 1e-12));
    frames.push_back(frame);
  }
  return frames;
}

}  // namespace shogo::sound
