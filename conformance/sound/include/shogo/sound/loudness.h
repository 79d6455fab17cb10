// How loud a recording is, as broadcasters measure it (EBU R 128, ITU-R BS.1770).
#pragma once

#include <shogo/base/wave.h>

namespace shogo::sound {

struct Loudness {
  double lufs = 0;       ///< integrated loudness, gated
  double peak_dbfs = 0;  ///< true peak: between samples too, so it may pass 0
};

/// kInvalid: silence, or shorter than the 400 ms over which loudness is defined.
[[nodiscard]] Result<Loudness> loudness(const Sound& sound);

}  // namespace shogo::sound
