#include "audible.h"
#include "spectrum.h"
#include <algorithm>
#include <cmath>

#include <shogo/sound/soundings.h>

namespace shogo::sound {
namespace {

/// Spoken phrases are longer; a key's tone is shorter.
constexpr milliseconds kShortestSpeech{300};
/// Two frames 10 ms apart differ when the cosine of their spectra falls below this.
constexpr float kSame = 0.999F;
// The margins of the next four are measured in docs/sound-measurement.md.
constexpr double kChanging = 0.55;     ///< share of frames that differ from the one before
constexpr double kSyllables_db = 3.0;  ///< standard deviation of the level: words come in syllables
constexpr double kRich = 0.0006;       ///< median flatness: a voice has overtones and breath
constexpr double kNoPitch = 0.35;      ///< mean flatness: above this there is only noise

struct Character {
  double changing = 0, syllables_db = 0, median_flatness = 0, mean_flatness = 0;
};

Character character(const std::vector<SpectrumFrame>& frames) {
  float loudest = -200;
  for (const SpectrumFrame& frame : frames) loudest = std::max(loudest, frame.level_db);
  // Attack, decay and pauses say nothing about what sounds.
  std::vector<const SpectrumFrame*> loud;
  for (const SpectrumFrame& frame : frames)
    if (frame.level_db > loudest - 30) loud.push_back(&frame);
  Character found;
  double level = 0, squares = 0;
  std::vector<float> flatness;
  for (std::size_t i = 0; i < loud.size(); ++i) {
    level += loud[i]->level_db;
    squares += double{loud[i]->level_db} * loud[i]->level_db;
    flatness.push_back(loud[i]->flatness);
    found.mean_flatness += loud[i]->flatness;
    float cosine = 0;
    for (std::size_t b = 0; b < kBands; ++b) cosine += loud[i]->bands[b] * loud[i == 0 ? 0 : i - 1]->bands[b];
    if (cosine < kSame) found.changing += 1;
  }
  if (loud.empty()) return found;
  const auto count = static_cast<double>(loud.size());
  found.changing /= count;
  found.mean_flatness /= count;
  found.syllables_db = std::sqrt(std::max(0.0, squares / count - level / count * level / count));
  const auto middle = flatness.begin() + static_cast<std::ptrdiff_t>(flatness.size() / 2);
  std::nth_element(flatness.begin(), middle, flatness.end());
  found.median_flatness = *middle;
  return found;
}

Kind kind_of(const Character& heard, Nanoseconds length) {
  if (heard.mean_flatness > kNoPitch) return Kind::kNoise;
  const bool speech = length >= kShortestSpeech && heard.changing > kChanging &&
                      heard.syllables_db > kSyllables_db && heard.median_flatness > kRich;
  return speech ? Kind::kSpeech : Kind::kTone;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kTone:
      return "tone";
    case Kind::kSpeech:
      return "speech";
    case Kind::kNoise:
      return "noise";
  }
  return "noise";
}

std::vector<Sounding> soundings(const Sound& sound, const Hearing& hearing) {
  std::vector<Sounding> heard;
  const auto moment = [&](std::size_t sample) {
    return Nanoseconds(static_cast<std::int64_t>(sample) * 1'000'000'000 / sound.rate);
  };
  for (const Part& stretch : audible(sound, hearing)) {
    Sounding sounding{moment(stretch.begin), moment(stretch.end), Kind::kNoise,
                      level_db(sound, stretch.begin, stretch.end)};
    sounding.kind =
        kind_of(character(spectrum(sound, stretch.begin, stretch.end)), sounding.end - sounding.begin);
    heard.push_back(sounding);
  }
  return heard;
}

}  // namespace shogo::sound
