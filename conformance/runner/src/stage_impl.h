// What the parts of Stage share: the recording under one lock, and the one way to wait.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include <shogo/conformance/stage.h>
#include <shogo/contract/screen_change.h>

namespace shogo::conformance {

struct Stage::Impl {
  explicit Impl(const StageSetup& given)
      : setup(given),
        clock(*given.clock),
        start(clock.now()),
        last_activity(start),
        rng(given.seed, "clause." + given.clause),
        doubt(given.seed, "doubt." + given.clause) {}

  struct RawFrame {
    std::shared_ptr<const Bytes> payload;
    std::uint64_t seq = 0;
    std::int64_t t_ns = 0;
    std::int64_t t_dev_ns = 0;
  };

  /// Adds an event; the caller holds the lock.
  void add(std::string_view source, std::string_view kind, boost::json::object data, std::string blob = "");
  /// Waits until done() or an end; the caller holds `lock`. Errors: kTimeout (with `what`), kCancelled,
  /// kUnavailable.
  Result<void> wait(std::unique_lock<std::mutex>& lock, milliseconds timeout, std::string_view what,
                    const std::function<bool()>& done);
  [[nodiscard]] Nanoseconds left() const { return start + Nanoseconds(setup.limit) - clock.now(); }
  /// Takes in a frame from the device's thread; the caller holds the lock.
  void receive(RawFrame raw);
  /// The newest frame as a picture; the caller holds the lock.
  Result<Frame> newest_frame();
  /// Waits until the screen has been quiet for a short wait since `from`; the caller holds `lock`. False: a
  /// state or a frame came.
  Result<bool> quiet(std::unique_lock<std::mutex>& lock, Nanoseconds from);

  const StageSetup setup;
  Clock& clock;
  const Nanoseconds start;
  bool trusts_tree = true;  ///< the script's thread only: the frame that a UI tree names is at rest

  std::mutex mutex;
  std::condition_variable changed;
  Transcript transcript;
  std::size_t device_events = 0;
  std::optional<Event> last_state;
  bool watching_screen = false;
  std::vector<RawFrame> waiting;  ///< frames that nobody has looked at yet, in order
  contract::ScreenDecoder decoder;
  std::optional<Error> unreadable;  ///< a frame that breaks the protocol: no later one can be relied on
  RawFrame newest;                  ///< without payload
  std::size_t frames = 0;
  Nanoseconds last_activity;  ///< of the device's screen: a frame or a state
  std::map<std::uint64_t, std::shared_ptr<const Bytes>> logs;
  std::optional<std::string> lost;
  bool cancelled = false;
  bool finished = false;

  Rng rng;
  Rng doubt;  ///< when to test a device's word
  int doubts_left = 2;
};

}  // namespace shogo::conformance
