#include "sound/speaker.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace shogo::reader {
namespace {

constexpr std::size_t kPieceSamples = kSpeakerRate * kPiece.count() / 1'000;
/// Speech that is cut dies away over this time; a hard cut would be a click.
constexpr std::size_t kFade = kSpeakerRate / 200;

/// The moment of a sample, rounded up: when it has come, the sample has sounded.
Nanoseconds length_of(std::size_t samples) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return Nanoseconds((static_cast<std::int64_t>(samples) * kSecond + kSpeakerRate - 1) / kSpeakerRate);
}

std::size_t samples_in(Nanoseconds time) {
  if (time.count() <= 0) return 0;
  return static_cast<std::size_t>(time.count() / 1'000'000'000) * kSpeakerRate +
         static_cast<std::size_t>(time.count() % 1'000'000'000 * kSpeakerRate / 1'000'000'000);
}

}  // namespace

Nanoseconds Speaker::Part::end() const {
  return begin + length_of(samples.size());
}

void Speaker::set_volume(int step) {
  volume_ = std::clamp(step, kSoftestVolume, kLoudestVolume);
}

void Speaker::cut(Nanoseconds now) {
  while (!parts_.empty() && parts_.back().begin >= now) parts_.pop_back();
  if (parts_.empty() || parts_.back().end() <= now) return;
  auto& samples = parts_.back().samples;
  const std::size_t from = samples_in(now - parts_.back().begin);
  const std::size_t to = std::min(samples.size(), from + kFade);
  for (std::size_t i = from; i < to; ++i)
    samples[i] = static_cast<std::int16_t>(samples[i] * static_cast<std::int64_t>(to - i) / (to - from));
  samples.resize(to);
}

void Speaker::add(const Sound& sound, bool is_tone, Nanoseconds begin) {
  if (sound.samples.empty()) return;
  Part part{begin, is_tone, sound.samples};
  const double gain = std::pow(10, kVolumeStep_db * (volume_ - kLoudestVolume) / 20);
  for (std::int16_t& sample : part.samples) sample = static_cast<std::int16_t>(std::lround(gain * sample));
  parts_.push_back(std::move(part));
}

void Speaker::tone(const Sound& tone, Nanoseconds now) {
  cut(now);
  add(tone, true, parts_.empty() ? now : std::max(now, parts_.back().end()));
}

Result<void> Speaker::say(const Sound& speech, Urgency urgency, Nanoseconds now) {
  if (speech.rate != kSpeakerRate)
    return Error{Code::kInvalid, fmt::format("the speaker plays {} samples a second, this speech has {}: run "
                                             "ci/voice-pack",
                                             kSpeakerRate, speech.rate)};
  if (urgency == Urgency::kNow) {
    const auto sounding = std::find_if(parts_.rbegin(), parts_.rend(),
                                       [&](const Part& part) { return part.end() > now && part.is_tone; });
    cut(sounding == parts_.rend() ? now : sounding->end());
  }
  add(speech, false, parts_.empty() ? now : std::max(now, parts_.back().end()));
  return {};
}

std::vector<Heard> Speaker::pump(Nanoseconds now) {
  std::vector<Heard> all;
  for (Part& part : parts_) {
    const std::size_t played = std::min(part.samples.size(), samples_in(now - part.begin));
    while (part.heard < played) {
      const std::size_t count = std::min(kPieceSamples, played - part.heard);
      const auto from = part.samples.begin() + static_cast<std::ptrdiff_t>(part.heard);
      all.push_back({part.begin + length_of(part.heard), {from, from + static_cast<std::ptrdiff_t>(count)}});
      part.heard += count;
    }
  }
  while (!parts_.empty() && parts_.front().heard == parts_.front().samples.size()) parts_.pop_front();
  return all;
}

std::optional<Nanoseconds> Speaker::due() const {
  if (parts_.empty()) return std::nullopt;
  const Part& part = parts_.front();
  return part.begin + length_of(std::min(part.samples.size(), part.heard + kPieceSamples));
}

}  // namespace shogo::reader
