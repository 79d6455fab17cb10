// Sound as samples, and as WAV files: what a device's loudspeaker gets, and what a judge hears.
#pragma once

#include <cstdint>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>

namespace shogo {

/// One channel, 16 bits, full scale 32768.
struct Sound {
  std::uint32_t rate = 48'000;  ///< samples a second
  std::vector<std::int16_t> samples;

  [[nodiscard]] Nanoseconds length() const;
  /// Index of the sample that is heard at `at`; the end when that is later.
  [[nodiscard]] std::size_t index(Nanoseconds at) const;
};

/// RIFF WAVE, linear PCM, 16 bits, one channel, 8000 to 96000 samples a second; other chunks are skipped. A
/// data chunk that goes on behind the file's end (a recording that was cut off) is an error.
[[nodiscard]] Result<Sound> read_wave(ByteView bytes);
/// At another rate, 8000 to 96000 samples a second, free of what that rate cannot hold.
[[nodiscard]] Sound resampled(const Sound& sound, std::uint32_t rate);
[[nodiscard]] Bytes write_wave(const Sound& sound);

}  // namespace shogo
