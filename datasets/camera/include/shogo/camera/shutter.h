// The shutter: what a moving head and a lamp on the mains do to one picture. Rows are read one after the
// other (rolling shutter), each after its own exposure (motion blur), under light that swells twice a period
// of the mains (flicker). The head moves as a rigid body; lids and lips are taken as standing still within
// one picture.
#pragma once

#include <shogo/base/clock.h>
#include <shogo/camera/shot.h>

namespace shogo::camera {

struct Shutter {
  Nanoseconds exposure = milliseconds{8};  ///< of each row
  Nanoseconds readout = milliseconds{20};  ///< from the first row to the last; 0: global shutter
  int mains_hz = 50;                       ///< 50 (east Japan), 60 (west)
  float flicker = 0;                       ///< swing of the lamps' light, share of its mean: 0 none … 1
};

/// How fast the head turns and the person moves: what they do in one second.
struct Speed {
  people::HeadPose turn;  ///< degrees
  people::Vec3 stand_mm;
};

/// Changes `frame.light` from what an instant shows to what the shutter lets through, and the landmarks with
/// it. The middle row is exposed around `time`.
void expose_rows(people::Frame& frame, const people::Scene& scene, people::Vec3 neck, const Speed& speed,
                 const Shutter& shutter, Nanoseconds time);

/// The lamps' light, mean 1, averaged over an exposure around `time`.
[[nodiscard]] float lamp_light(const Shutter& shutter, Nanoseconds time);

}  // namespace shogo::camera
