// Camera feed: frames of a scene, on time. The scene is somebody else's (datasets/camera draws people); here
// is only transport and timing. A scene is a pure function of time and is asked by several threads at once,
// each for another frame, some frames before they are due; nothing is kept and played again.
//
//   play     live: paced by the clock, in virtual time too; a slow machine drops frames (feed_schedule.h)
//   record   into files: every frame, in order, as fast as it goes; the same bytes however many threads
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <shogo/base/clock.h>
#include <shogo/base/image.h>
#include <shogo/sim/feed_report.h>

namespace shogo::sim {

struct Picture {
  Image image;
  std::string truth;  ///< what is true of it, as JSON
};
/// `time` since the start of the feed. Any thread.
using Scene = std::function<Picture(Nanoseconds time)>;

struct FeedFrame {
  std::uint64_t number = 0;  ///< from 1; the same number always shows the same moment
  Nanoseconds time{0};       ///< since the start of the feed
  Nanoseconds timestamp{0};  ///< of the clock, when it was due
  Picture picture;
};

/// Where frames go. One thread, in order. kCancelled: enough, end the feed in order; any other error ends it
/// as that error.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual Result<void> take(const FeedFrame& frame) = 0;
  /// After the last frame; a sink that is destroyed without it leaves no finished file behind.
  virtual Result<void> finish() { return {}; }
};

struct FeedPlan {
  int fps = 30;              ///< 1 … 1000
  std::uint64_t frames = 0;  ///< 0: without end (play only)
  int threads = 1;           ///< draw at once
  int ahead = 4;             ///< frames drawn before they are due
};

/// Asked after every frame; false ends the feed.
using KeepGoing = std::function<bool(std::uint64_t done)>;

/// Returns when the feed is over. The sinks are finished, unless there was an error.
[[nodiscard]] Result<FeedReport> play(const Scene& scene, const FeedPlan& plan, Clock& clock,
                                      std::span<FrameSink* const> sinks, const KeepGoing& keep_going);
/// kCancelled when `keep_going` ended it: no file is finished.
[[nodiscard]] Result<void> record(const Scene& scene, const FeedPlan& plan, std::span<FrameSink* const> sinks,
                                  const KeepGoing& keep_going);

}  // namespace shogo::sim
