// What a device offers that can be heard (audio.out): a Device may be one of these, too. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>

namespace shogo::conformance {

struct SoundPiece {
  std::uint64_t seq = 0;
  Nanoseconds at{0};                     ///< of its first sample, on the device's clock
  std::shared_ptr<const Bytes> payload;  ///< contract::parse_sound_payload reads it
};

class SoundSource {
 public:
  virtual ~SoundSource() = default;
  /// What has come since the last call, in order. Nobody asks: the oldest are forgotten, and their numbers
  /// missing.
  [[nodiscard]] virtual std::vector<SoundPiece> take_sounds() = 0;
};

}  // namespace shogo::conformance
