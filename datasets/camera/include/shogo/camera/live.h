// A live person: somebody before a camera for as long as one looks. Every moment is drawn anew from (person,
// shot, seed, time), so the same time gives the same bytes, whatever was looked at before, and nothing loops.
#pragma once

#include <memory>

#include <shogo/camera/motion.h>
#include <shogo/camera/shutter.h>

namespace shogo::camera {

struct Filming {
  Shot shot;  ///< where the camera and the lamps stand; what the person wears; the pose that motion adds to
  Behaviour behaviour = Behaviour::kCalm;
  Shutter shutter;
  std::uint64_t seed = 1;  ///< of the motion and of the sensor's noise
};

struct LiveFrame {
  Capture capture;
  Shot shot;  ///< of this moment: pose, expression, place, gaze
  Instant instant;
};

/// Holds its person's figure; immutable, so any number of threads may look at once.
class LivePerson {
 public:
  LivePerson(std::shared_ptr<const people::HeadModel> head, people::Person person, Filming filming);
  /// `time` >= 0: the middle of the exposure of the middle row.
  [[nodiscard]] LiveFrame at(Nanoseconds time, int threads = 1) const;
  /// The shot of a moment, without drawing it.
  [[nodiscard]] Shot shot_at(Nanoseconds time) const;

 private:
  [[nodiscard]] Shot apply(const Instant& instant, Nanoseconds time) const;
  std::shared_ptr<const people::HeadModel> head_;
  people::Person person_;
  Filming filming_;
  Motion motion_;
  people::Figure neutral_;
};

/// What is true of a frame, for those who judge it: time_ns, person, landmarks, face box, pose, all factors,
/// lids (right, left) and whether the person speaks.
[[nodiscard]] boost::json::object to_json(const LiveFrame& frame, std::uint64_t person, Nanoseconds time);

}  // namespace shogo::camera
