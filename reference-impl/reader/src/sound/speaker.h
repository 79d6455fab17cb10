// The device's loudspeaker as a timeline: what it was told to play, cut where something more urgent came, and
// handed out sample by sample once its time has passed. It owns no thread and no clock; whoever has the loop
// tells it the time, which never goes back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/base/wave.h>

namespace shogo::reader {

constexpr std::uint32_t kSpeakerRate = 48'000;
/// Long enough that words cost the loop one waking a second.
constexpr milliseconds kPiece{1'000};
constexpr int kSoftestVolume = 1, kLoudestVolume = 5;
/// 1-13.e: from the softest to the loudest step 16 dB; the loudest plays sounds as they were made.
constexpr double kVolumeStep_db = 4;

/// Samples that have been heard; between two pieces there was silence wherever their times leave a gap.
struct Heard {
  Nanoseconds at{0};  ///< of the first sample
  std::vector<std::int16_t> samples;
};

class Speaker {
 public:
  enum class Urgency {
    kNow,    ///< takes the place of what is being said
    kAfter,  ///< waits until it has been said: a result must not be cut by what follows it
  };

  /// Takes effect with the next sound. `step` is clamped.
  void set_volume(int step);
  /// Cuts whatever sounds: a finger must be answered at once.
  void tone(const Sound& tone, Nanoseconds now);
  /// Lets a tone finish. kInvalid: not of kSpeakerRate.
  Result<void> say(const Sound& speech, Urgency urgency, Nanoseconds now);
  /// What has sounded since the last call, in pieces of at most kPiece.
  [[nodiscard]] std::vector<Heard> pump(Nanoseconds now);
  /// When pump() has something to tell; nothing: silence until the next sound.
  [[nodiscard]] std::optional<Nanoseconds> due() const;
  /// Forgets everything, as if it had never been played.
  void clear() { parts_.clear(); }

 private:
  struct Part {
    Nanoseconds begin;
    bool is_tone;
    std::vector<std::int16_t> samples;
    std::size_t heard = 0;  ///< samples handed out
    [[nodiscard]] Nanoseconds end() const;
  };
  void cut(Nanoseconds now);
  void add(const Sound& sound, bool is_tone, Nanoseconds begin);

  std::deque<Part> parts_;  ///< in the order of their time, none overlaps
  int volume_ = kLoudestVolume;
};

}  // namespace shogo::reader
