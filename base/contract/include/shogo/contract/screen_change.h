// Screen frames that carry only what changed (channel 1, format 2): a rectangle on top of an earlier frame,
// its pixels in runs. Lossless; a key under a finger is 2 KB instead of 3 MB. A device sends them to a
// harness that asked for them in subscribe_frames, and whole frames (format 1) to any other.
//
//   u32 width, u32 height, u32 format = 2, u64 base, u32 x, u32 y, u32 w, u32 h, then runs until w * h pixels
//   are told, row by row; little-endian.
//   run: u16 n. n < 0x8000: n + 1 pixels follow, R G B each. Otherwise one pixel follows, to be repeated
//   n - 0x8000 + 1 times.
//
// `base` is the seq of the frame that the rectangle lies on; 0: on nothing, so it covers the whole panel.
#pragma once

#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/base/image.h>
#include <shogo/base/result.h>

namespace shogo::contract {

/// Formats of the screen channel, as subscribe_frames lists them.
constexpr std::uint32_t kScreenWhole = 1;
constexpr std::uint32_t kScreenChange = 2;

/// The whole frame in runs (base 0).
[[nodiscard]] Bytes encode_screen_runs(const Image& now);
/// What turns `before` (frame number `base`, of the same size) into `now`; nothing when they are equal.
[[nodiscard]] std::optional<Bytes> encode_screen_change(const Image& now, const Image& before,
                                                        std::uint64_t base);

/// The frame on which this payload lies; 0: on none, it can be read by itself.
[[nodiscard]] std::uint64_t screen_base(ByteView payload);

/// A harness's side: keeps the screen as the frames so far have made it.
class ScreenDecoder {
 public:
  /// Takes in the payload of the frame `seq`, whole or change. kInvalid: the payload is malformed; kConflict:
  /// it lies on a frame that this decoder has not seen. The screen stays what it was then.
  [[nodiscard]] Result<void> take(ByteView payload, std::uint64_t seq);
  /// The newest frame; empty (0 x 0) before the first.
  [[nodiscard]] const Image& screen() const { return screen_; }
  [[nodiscard]] std::uint64_t seq() const { return seq_; }

 private:
  Image screen_;
  std::uint64_t seq_ = 0;
};

}  // namespace shogo::contract
