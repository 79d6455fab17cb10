// What a loudspeaker plays, as it comes over the device protocol: pieces with the times of their first
// samples. Handed out as stretches between silences, one channel at 16 kHz, whatever the device's rate: that
// is what evidence keeps and judges hear. The same samples give the same stretch, wherever the pieces were
// cut. Not synchronised.
#pragma once

#include <shogo/sound/soundings.h>

namespace shogo::sound {

constexpr std::uint32_t kEvidenceRate = 16'000;

struct Stretch {
  Nanoseconds begin{0};  ///< on the clock of the pieces
  Sound sound;           ///< at kEvidenceRate; begins and ends with what can be heard
  [[nodiscard]] Nanoseconds end() const { return begin + sound.length(); }
};

class Recording {
 public:
  /// `at`: when the piece's first sample sounded. A piece that begins where the last one ended goes on with
  /// it.
  void take(Nanoseconds at, Sound piece);
  /// What has been taken since the last call, in the order of time; silence longer than `hearing.pause` parts
  /// two stretches.
  [[nodiscard]] std::vector<Stretch> stretches(const Hearing& hearing = {});
  /// Seconds of sound that wait for stretches().
  [[nodiscard]] double waiting_s() const;

 private:
  struct Run {
    Nanoseconds at{0};
    Sound sound;
  };
  std::vector<Run> runs_;
};

}  // namespace shogo::sound
