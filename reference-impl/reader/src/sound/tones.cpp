#include "sound/tones.h"

#include "sound/speaker.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace shogo::reader {
namespace {

constexpr double kPitch_hz = 1'000;
constexpr double kLength_s = 0.060;
constexpr double kRamp_s = 0.004;  // without it the tone begins and ends with a click
constexpr double kPeak = 0.1414;   // a sine of this peak is −20 dBFS, as loud as the voice

Sound make_key_tone() {
  Sound tone;
  tone.rate = kSpeakerRate;
  tone.samples.resize(static_cast<std::size_t>(kLength_s * kSpeakerRate));
  for (std::size_t i = 0; i < tone.samples.size(); ++i) {
    const double at = static_cast<double>(i) / kSpeakerRate;
    const double ramp = std::min({1.0, at / kRamp_s, (kLength_s - at) / kRamp_s});
    tone.samples[i] = static_cast<std::int16_t>(
        std::lround(32'767 * kPeak * ramp * std::sin(2 * std::numbers::pi * kPitch_hz * at)));
  }
  return tone;
}

}  // namespace

const Sound& key_tone() {
  static const Sound tone = make_key_tone();
  return tone;
}

}  // namespace shogo::reader
