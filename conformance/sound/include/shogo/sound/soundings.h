// What can be heard in a recording, one after another, and whether it is words or only a tone (1-13). No
// speech is recognised: words differ from tones by how fast their spectrum changes. docs/sound-measurement.md
// has the measured margins. Pure functions.
#pragma once

#include <string_view>
#include <vector>

#include <shogo/base/wave.h>

namespace shogo::sound {

enum class Kind {
  kTone,    ///< a beep, a chime: a steady spectrum, or a few of them in a row
  kSpeech,  ///< words: at least 300 ms of a spectrum that keeps changing
  kNoise,   ///< no pitch: a click, a hiss
};
[[nodiscard]] std::string_view to_string(Kind kind);

struct Sounding {
  Nanoseconds begin{0}, end{0};  ///< from the recording's start
  Kind kind = Kind::kNoise;
  double level_dbfs = 0;  ///< root mean square over its length; 0 is a full-scale square wave
};

struct Hearing {
  double floor_dbfs = -50;  ///< what is softer over 5 ms is silence
  milliseconds pause{200};  ///< a longer silence parts two soundings; words have pauses of their own
};

[[nodiscard]] std::vector<Sounding> soundings(const Sound& sound, const Hearing& hearing = {});

}  // namespace shogo::sound
