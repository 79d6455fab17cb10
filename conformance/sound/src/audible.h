// Where in a sound something can be heard.
#pragma once

#include <shogo/sound/soundings.h>

namespace shogo::sound {

struct Part {
  std::size_t begin, end;  ///< samples
};

/// Level of samples [begin, end); 0 is a full-scale square wave.
[[nodiscard]] double level_db(const Sound& sound, std::size_t begin, std::size_t end);
/// Parts above the floor, in blocks of 5 ms, parted by silences of more than the pause.
[[nodiscard]] std::vector<Part> audible(const Sound& sound, const Hearing& hearing);

}  // namespace shogo::sound
