#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <shogo/base/wave.h>

namespace shogo {
namespace {

constexpr int kHalfWidth = 24;  // zero crossings of the sinc on each side

double sinc(double x) {
  return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

}  // namespace

Sound resampled(const Sound& sound, std::uint32_t rate) {
  if (sound.rate == rate) return sound;
  // Output n lies at n * from / to: the fraction takes `to` values, each with a kernel of its own.
  const std::uint32_t common = std::gcd(sound.rate, rate);
  const std::uint64_t from = sound.rate / common, to = rate / common;
  const double cutoff = std::min(1.0, static_cast<double>(rate) / sound.rate);
  const int reach = static_cast<int>(std::ceil(kHalfWidth / cutoff));
  const auto taps = static_cast<std::size_t>(2 * reach + 1);
  std::vector<double> kernels(taps * to);
  for (std::uint64_t phase = 0; phase < to; ++phase) {
    double sum = 0;
    double* kernel = kernels.data() + phase * taps;
    for (std::size_t i = 0; i < taps; ++i) {
      const double x = static_cast<double>(static_cast<int>(i) - reach) -
                       static_cast<double>(phase) / static_cast<double>(to);
      const double window =
          std::abs(x) >= reach ? 0 : 0.5 + 0.5 * std::cos(std::numbers::pi * x / static_cast<double>(reach));
      kernel[i] = sinc(x * cutoff) * window;
      sum += kernel[i];
    }
    for (std::size_t i = 0; i < taps; ++i) kernel[i] /= sum;
  }
  Sound result;
  result.rate = rate;
  const auto size = static_cast<std::int64_t>(sound.samples.size());
  result.samples.resize((sound.samples.size() * to + from - 1) / from);
  for (std::size_t n = 0; n < result.samples.size(); ++n) {
    const auto place = static_cast<std::int64_t>(n * from / to);
    const double* kernel = kernels.data() + (n * from % to) * taps;
    double value = 0;
    const std::int64_t first = std::max<std::int64_t>(0, place - reach),
                       last = std::min<std::int64_t>(size - 1, place + reach);
    for (std::int64_t i = first; i <= last; ++i)
      value += kernel[i - place + reach] * sound.samples[static_cast<std::size_t>(i)];
    result.samples[n] = static_cast<std::int16_t>(std::clamp(std::lround(value), -32'768L, 32'767L));
  }
  return result;
}

}  // namespace shogo
