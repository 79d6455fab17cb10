// Are two recordings of what should be the same moment the same sound (1-13.j)? Their spectra are laid over
// each other where they fit best, and moments that differ are counted. Pure.
#pragma once

#include <shogo/base/wave.h>

namespace shogo::sound {

struct Difference {
  milliseconds apart{0};  ///< of both together: moments of 10 ms whose sound the other has not
  Nanoseconds first{0};   ///< where the first of them lies in the first recording
  Nanoseconds shift{0};   ///< by how much the second one was moved
};
/// A recording may begin so much earlier or later than the other.
constexpr milliseconds kMostShift{500};

/// Silence is like silence; what is heard in one recording alone is a difference.
[[nodiscard]] Difference difference(const Sound& first, const Sound& second);

}  // namespace shogo::sound
