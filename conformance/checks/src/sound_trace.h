// What was heard of the loudspeaker, as judges read it, and what scripts do to hear it (1-13).
#pragma once

#include <set>
#include <string>
#include <vector>

#include <shogo/base/wave.h>
#include <shogo/conformance/sound_source.h>
#include <shogo/conformance/stage.h>
#include <shogo/sound/recording.h>
#include <shogo/sound/soundings.h>

namespace shogo::conformance {

/// One stretch of sound between silences, on the device's clock.
struct HeardStretch {
  Nanoseconds begin{0}, end{0};
  Sound sound;
  std::string file;
};
/// In the order of their beginnings; those whose recording cannot be read are left out, and `unreadable`
/// counts them.
[[nodiscard]] std::vector<HeardStretch> heard_in(const Transcript& transcript, int& unreadable);
/// Nothing may be said of silence when pieces of the recording are missing.
[[nodiscard]] bool sound_is_whole(const Transcript& transcript);

/// Within a stretch an onset is known to a block of 5 ms, and may so seem to come before its cause.
constexpr Nanoseconds kOnset = milliseconds(6);
/// One sound of a stretch with its own times: key tones that follow each other closely lie in one stretch.
struct HeardTone {
  Nanoseconds begin{0}, end{0};
  sound::Kind kind = sound::Kind::kNoise;
  double level_dbfs = 0;
  Sound sound;
};
[[nodiscard]] std::vector<HeardTone> tones_in(const std::vector<HeardStretch>& stretches);

/// The device's clock now. Not written down: who asks puts it into an event of his own, as a time.
Result<Nanoseconds> device_now(Stage& stage);

/// A script's ear at the device's loudspeaker, from begin() to the end of the case.
class Ear {
 public:
  /// kUnsupported when the device cannot be heard.
  static Result<Ear> begin(Stage& stage);
  /// Lets the device finish what it says: no sound for a while. In virtual time where it has one, so that it
  /// costs nothing; gives up after half a minute.
  Result<void> let_it_finish();
  /// What has been heard since the last call goes into the transcript: (device, "sound", {file, t_dev_ns,
  /// t_dev_end_ns}) for each stretch between silences, 16 kHz; equal sounds share a file. Missing pieces are
  /// (harness, "sound_lost"). Call it last, too: what nobody keeps is no evidence.
  Result<std::vector<sound::Stretch>> keep();

 private:
  Ear(Stage& stage, SoundSource& source) : stage_(&stage), source_(&source) {}
  /// Asks for the device's time, so that all it sent before has come, and takes it in.
  Result<Nanoseconds> catch_up();

  Stage* stage_;
  SoundSource* source_;
  sound::Recording recording_;
  std::uint64_t seq_ = 0;
  Nanoseconds last_{0};
  std::set<std::string> files_;
};

}  // namespace shogo::conformance
