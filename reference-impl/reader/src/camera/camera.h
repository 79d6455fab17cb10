// The patient camera: the newest frame of a ring, if it is one of this moment. Nothing that lies in the ring
// is believed: a feed may be missing, end, stand still, be another's, or write while it is read. It opens one
// name only; what is true of a frame lies under a name that nobody has told the device.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/contract/frame_ring.h>

namespace shogo::reader {

/// What the camera is doing.
enum class Sight {
  kLive,
  kNoFeed,      ///< nobody writes under that name
  kNoAccess,    ///< somebody does, and we may not look
  kUnsuitable,  ///< no ring of frames, another version of it, or frames too large for this device
  kNoFrame,     ///< a feed without one whole frame: not yet, or torn
  kStale,       ///< its newest frame is older than kFreshest: the feed stands still
  kOtherClock,  ///< its frames are of the future: it does not keep this device's time
};
/// In the words of log and device protocol.
[[nodiscard]] std::string_view to_string(Sight sight);

struct View {
  Sight sight = Sight::kNoFeed;
  std::uint64_t number = 0;                  ///< of the newest frame; 0: none was seen
  Nanoseconds age{0};                        ///< of that frame, on this device's clock
  std::optional<contract::RingFrame> frame;  ///< when live
};

class Camera {
 public:
  static constexpr milliseconds kFreshest{1'000};  ///< a frame of just this age is still fresh
  static constexpr milliseconds kAhead{50};        ///< so far may a frame lie in the future
  static constexpr int kMostSide = 4'096;          ///< pixels

  /// `ring` as for shm_open; frames are stamped on `clock` (frame_ring.h).
  Camera(std::string ring, const Clock& clock) : name_(std::move(ring)), clock_(clock) {}
  /// Opens the ring when it is not open, or has ended or begun anew since. Never waits.
  [[nodiscard]] View look();

 private:
  /// Nothing when it is open.
  std::optional<Sight> open();

  std::string name_;
  const Clock& clock_;
  std::unique_ptr<contract::FrameRingReader> ring_;
};

}  // namespace shogo::reader
