// Tones that are made, not recorded: the device has them without a voice, too.
#pragma once

#include <shogo/base/wave.h>

namespace shogo::reader {

/// What sounds when a key is touched or pressed (1-13.d, 1-13.i): 1 kHz, 60 ms, −20 dBFS. The same for every
/// key: it takes no argument, so that it cannot tell which digit of a PIN it was (1-13.l).
[[nodiscard]] const Sound& key_tone();

}  // namespace shogo::reader
