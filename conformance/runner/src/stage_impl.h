// What the parts of Stage share: the recording under one lock, and the one way to wait.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

struct Stage::Impl {
  explicit Impl(const StageSetup& given)
      : setup(given),
        clock(*given.clock),
        start(clock.now()),
        last_activity(start),
        rng(given.seed, "clause." + given.clause) {}

  struct RawFrame {
    std::shared_ptr<const Bytes> payload;
    std::uint64_t seq = 0;
    std::int64_t t_ns = 0;
  };

  /// Adds an event; the caller holds the lock.
  void add(std::string_view source, std::string_view kind, boost::json::object data, std::string blob = "");
  /// Waits until done() or an end; the caller holds `lock`. Errors: kTimeout (with `what`), kCancelled,
  /// kUnavailable.
  Result<void> wait(std::unique_lock<std::mutex>& lock, milliseconds timeout, std::string_view what,
                    const std::function<bool()>& done);
  [[nodiscard]] Nanoseconds left() const { return start + Nanoseconds(setup.limit) - clock.now(); }
  [[nodiscard]] Result<Frame> decode(const RawFrame& raw) const;

  const StageSetup setup;
  Clock& clock;
  const Nanoseconds start;
  bool watching_screen = false;  ///< the script's thread only

  std::mutex mutex;
  std::condition_variable changed;
  Transcript transcript;
  std::size_t device_events = 0;
  std::optional<Event> last_state;
  std::optional<RawFrame> newest;
  std::size_t frames = 0;
  Nanoseconds last_activity;  ///< of the device's screen: a frame or a state
  std::map<std::uint64_t, std::shared_ptr<const Bytes>> logs;
  std::optional<std::string> lost;
  bool cancelled = false;
  bool finished = false;

  Rng rng;
};

}  // namespace shogo::conformance
