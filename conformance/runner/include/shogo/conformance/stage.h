// Stage: what a stimulus script may do and see during one case. Everything that passes through it, both ways,
// is recorded in the case's Transcript. One thread plays the script; the device's and the world's threads
// record.
//
//   Result<void> wrong_pin_once(Stage& stage) {
//     const Mark start = stage.mark();
//     SHOGO_CHECK_OK(stage.ours(stage.world().place_card(...)));   // our own trouble is no fault of the
//     device SHOGO_TRY(Event pin, stage.wait_state({"pin"}, start));
//     ...
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/image.h>
#include <shogo/base/result.h>
#include <shogo/base/rng.h>
#include <shogo/conformance/device.h>
#include <shogo/conformance/recorder.h>
#include <shogo/conformance/transcript.h>
#include <shogo/conformance/ui_tree.h>

namespace shogo::sim {
class World;
}

namespace shogo::conformance {

class HostSide;
struct EngineOffer;

/// Two named waits: short where nothing must happen, long where something must.
constexpr milliseconds kShortWait{400};
constexpr milliseconds kLongWait{10'000};
/// An adapter's answer to a simple request.
constexpr milliseconds kAnswerWait{5'000};

/// A point in the transcript. "Since mark" makes a wait see what came between a stimulus and the call of the
/// wait.
struct Mark {
  std::size_t position = 0;  ///< events so far
  std::size_t frames = 0;    ///< screen frames so far
};

struct Frame {
  Image image;                ///< RGB, the whole panel
  std::uint64_t seq = 0;      ///< the device's number of it
  std::int64_t t_ns = 0;      ///< since the start of the case, harness clock
  std::int64_t t_dev_ns = 0;  ///< the device's clock
};

/// What the device shows and what it says that it shows, of the same moment.
struct Screen {
  UiTree tree;
  Frame frame;
};

struct StageSetup {
  std::string clause;
  std::uint64_t seed = 0;
  std::string profile = "quick";
  milliseconds limit{60'000};           ///< the watchdog: afterwards every wait ends with kTimeout
  Clock* clock = nullptr;               ///< required
  Device* device = nullptr;             ///< required
  sim::World* world = nullptr;          ///< may be null for a device without one
  HostSide* host = nullptr;             ///< may be null: the host software runs elsewhere
  const EngineOffer* engine = nullptr;  ///< may be null: no matcher was handed in
  std::optional<boost::json::object> state_before;  ///< the device's last "state" before this case
};

class Stage final : public Recorder {
 public:
  explicit Stage(const StageSetup& setup);
  ~Stage() override;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // --- the bench
  [[nodiscard]] Device& device();
  [[nodiscard]] const Hello& hello() const;
  [[nodiscard]] sim::World& world();
  /// The device's software on the clinic PC; kUnsupported when the bench does not run it.
  [[nodiscard]] Result<HostSide*> host();
  /// The device's matcher as a library; kUnsupported when none was handed in.
  [[nodiscard]] Result<const EngineOffer*> engine();
  /// The random stream of this clause: the same for the same seed, whatever else runs.
  [[nodiscard]] Rng& rng();
  [[nodiscard]] const std::string& profile() const;
  /// Repetitions: `quick` in the profile quick, else `full`.
  [[nodiscard]] int count(int quick, int full) const;
  /// Marks a failure of the bench itself (kInternal), so that it cannot be held against the device.
  template <typename T>
  [[nodiscard]] static Result<T> ours(Result<T> result) {
    if (result.ok() || result.error().code() == Code::kInternal) return result;
    return Error{Code::kInternal, "the bench failed", result.error()};
  }

  // --- doing
  /// A remark of the script: what it is about to do, with which values.
  void note(std::string_view kind, boost::json::object data = {});
  Result<boost::json::value> call(std::string_view method, boost::json::object params = {},
                                  milliseconds timeout = kAnswerWait);
  /// Finger down and up.
  Result<void> touch(int x, int y);
  /// A key of the keypad in the housing by its place, "r1c1" (top left) to "r4c3".
  Result<void> key(std::string_view place);
  /// Touches the middle of a node of the UI tree. kUnsupported without one, kNotFound when the screen has no
  /// such node.
  Result<void> tap(std::string_view node_id);
  Result<void> tap(std::string_view role, std::string_view text);
  Result<void> set_settings(const boost::json::object& settings);
  /// Subscribes to frames (once a connection); latest_frame() does it by itself.
  Result<void> watch_screen();

  // --- seeing
  [[nodiscard]] Mark mark() const;
  /// The newest "state" event of this case, or nothing yet.
  [[nodiscard]] std::optional<Event> last_state() const;
  /// Level: at once when the device is in one of these states already, else the next time it is.
  Result<Event> wait_state(const std::set<std::string>& names, milliseconds timeout = kLongWait);
  /// Edge: the first entry into one of these states after `since`, even when it has been left again by now.
  Result<Event> wait_state(const std::set<std::string>& names, Mark since, milliseconds timeout = kLongWait);
  Result<Event> wait_result(Mark since, milliseconds timeout = kLongWait);
  /// The first event after `since` that `wanted` accepts. `what` names it in the error. `wanted` is called
  /// under the stage's lock: it must not call the stage.
  Result<Event> wait_event(std::string_view what, Mark since, const std::function<bool(const Event&)>& wanted,
                           milliseconds timeout = kLongWait);
  /// Lets time pass while the recording goes on: the judge will look for what must not have happened.
  Result<void> linger(milliseconds duration = kShortWait);
  /// The newest frame; waits only for the first one.
  Result<Frame> latest_frame();
  /// The newest frame that came after `since`.
  Result<Frame> frame_after(Mark since, milliseconds timeout = kLongWait);
  /// The newest frame once the screen is at rest: the one that the UI tree names, or, when it names none,
  /// once no other has come for a short wait; after `timeout` the newest there is. A device that names frames
  /// is tested now and then: what moves after all is recorded as (harness, "screen_not_at_rest"), which lets
  /// nothing pass, and is waited for from then on.
  Result<Frame> settled_frame(milliseconds timeout = milliseconds{3'000});
  /// settled_frame() with the UI tree of the same moment. kUnsupported without one.
  Result<Screen> settled_screen(milliseconds timeout = milliseconds{3'000});
  /// settled_frame(), kept in the transcript as NAME-n.png: event (device, "frame", {name, width, height}).
  Result<Frame> keep_frame(std::string_view name);
  Result<UiTree> ui_tree();
  /// The device's operation log as stored, kept in the transcript: event (device, "log").
  Result<Bytes> export_log();

  // --- recording, from any thread
  void record(std::string_view source, std::string_view kind, boost::json::object data) override;
  void record(std::string_view source, std::string_view kind, boost::json::object data, std::string_view stem,
              std::string_view extension, Bytes blob) override;

  // --- for the runner
  /// Receives the device's notifications and binary frames.
  void on_device_event(const DeviceEvent& event);
  /// Ends every wait at once (kCancelled).
  void cancel();
  /// The transcript so far; afterwards nothing more is recorded.
  [[nodiscard]] Transcript finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::conformance
