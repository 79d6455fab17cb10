// Motion: how a person before a camera moves. A pure function of seed and time: the same moment always shows
// the same pose, and no stretch of time comes back. Times, amplitudes and rates are *synthetic*, shaped after
// what is commonly known of blinking (10 to 20 a minute, about a quarter of a second each), of speech (about
// seven morae a second in Japanese) and of standing still (which nobody does).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/people/render.h>

namespace shogo::camera {

enum class Behaviour : std::uint8_t {
  kStill,     ///< stands as a photographer asks for, but breathes and blinks
  kCalm,      ///< waits for a machine to be done
  kTalking,   ///< speaks to somebody, with pauses
  kRestless,  ///< turns about, leans, looks elsewhere
};
/// "still", "calm", "talking", "restless"; kNotFound names them.
[[nodiscard]] Result<Behaviour> find_behaviour(std::string_view name);

/// One moment, as differences to a person who stands straight and looks into the camera.
struct Instant {
  people::HeadPose pose;                       ///< degrees, added to the shot's
  people::Vec3 stand_mm;                       ///< the whole person: to their left, up, to the camera
  float look_azimuth = 0, look_elevation = 0;  ///< of the eyes past the camera, degrees
  std::array<float, 2> lids{};                 ///< right, left: 0 as they rest … 1 shut
  bool speaking = false;
  people::Expression
      expression;  ///< lids, mouth, brows; every weight within [0, 1], the mouth's together too
};

class Motion {
 public:
  Motion(std::uint64_t seed, Behaviour behaviour);
  /// `time` >= 0. Any thread.
  [[nodiscard]] Instant at(Nanoseconds time) const;

 private:
  Behaviour behaviour_;
  std::uint32_t key_;
};

}  // namespace shogo::camera
