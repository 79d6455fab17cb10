// One script for what keys sound like: 1-13.d (screen), 1-13.i (physical keypad), 1-13.l (both, and that
// nobody can hear which). Some presses in real time, for their latency; the rest in virtual time where the
// device has it.
#pragma once

#include "sound_trace.h"
#include <optional>
#include <string_view>

#include <shogo/conformance/check.h>
#include <shogo/sound/guess.h>

namespace shogo::conformance {

inline constexpr std::string_view kKeySounds = "key_sounds";
inline constexpr std::string_view kScreenPart = "screen", kKeypadPart = "keypad";
/// Presses so far apart that a word could follow each (1-13.f).
inline constexpr std::string_view kSlowScreenPart = "screen_slow", kSlowKeypadPart = "keypad_slow";
/// What follows the name of a part that was heard again, with fresh presses, because the first hearing was
/// suspicious. Chance alone makes one hearing in a hundred so: only the second one refuses a device.
inline constexpr std::string_view kAgain = "_again";
inline constexpr int kPressesAgain = 20;     ///< of each digit, in every profile
inline constexpr int kSlowPressesAgain = 6;  ///< a word's length apart
inline constexpr double kSuspicionP = 0.01, kRefusalP = 0.001;
inline constexpr int kRefusalShuffles = 9'999;  ///< p is known to 1e-4
/// Event of the search for spoken digits.
inline constexpr std::string_view kDigitSearch = "digit_search";
/// Presses of each part: all of them, and of each digit. In the profile quick fewer of each digit.
inline constexpr int kQuickPressesPerDigit = 5;

struct KeyPress {
  std::string part;
  std::string key;  ///< "0" to "9", "delete"
  Nanoseconds at{0};
  bool real_time = false;
  const HeardTone* heard = nullptr;  ///< the first that began after it and before the next press
  int onsets = 0;                    ///< how many did
  double sounding_ms = 0;            ///< how long they are together
};

/// Gives each press the tones between it and the next one. `tones` must outlive the result.
[[nodiscard]] std::vector<KeyPress> heard_after(std::vector<KeyPress> presses,
                                                const std::vector<HeardTone>& tones);

/// How well a digit is guessed by what was heard after it, each way of listening by itself.
struct DigitGuesses {
  sound::Guess by_sound, by_time;
  std::int64_t sounds = 0, times = 0;  ///< presses behind each
};
[[nodiscard]] DigitGuesses guess_digits(const std::vector<KeyPress>& presses,
                                        int shuffles = sound::kShuffles);
/// The same for all that follows a key: how many sounds, and how long (1-13.f).
[[nodiscard]] sound::Guess guess_by_what_follows(const std::vector<KeyPress>& presses,
                                                 int shuffles = sound::kShuffles);

/// A first hearing and, where that was suspicious, the second one.
struct Hearings {
  sound::Guess first;
  std::optional<sound::Guess> second;  ///< of enough fresh presses of each digit
  [[nodiscard]] bool suspicious(double suspicion_p) const { return first.p <= suspicion_p; }
  [[nodiscard]] bool refused(double suspicion_p, double refusal_p) const {
    return suspicious(suspicion_p) && second && second->p <= refusal_p;
  }
  [[nodiscard]] bool open(double suspicion_p) const { return suspicious(suspicion_p) && !second; }
};

/// What was pressed and what was heard of it.
class KeyTrace {
 public:
  explicit KeyTrace(const Transcript& transcript);
  [[nodiscard]] std::vector<KeyPress> presses(std::string_view part) const;
  /// The keys of this part did something on the screen: silence is then the device's.
  [[nodiscard]] bool felt(std::string_view part) const;
  /// A reason why nothing can be said at all.
  [[nodiscard]] const std::optional<Judgement>& trouble() const { return trouble_; }

 private:
  std::vector<HeardTone> tones_;
  std::vector<KeyPress> presses_;
  std::vector<std::string> felt_;
  std::optional<Judgement> trouble_;
};

Result<void> stimulate_key_sounds(Stage& stage);
Judgement judge_screen_key_tones(const Transcript& transcript, const CheckContext& context);
Judgement judge_keypad_tones(const Transcript& transcript, const CheckContext& context);
Judgement judge_spoken_digits(const Transcript& transcript, const CheckContext& context);
Judgement judge_key_sound_secrecy(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
