// One script for what keys sound like: 1-13.d (screen), 1-13.i (physical keypad), 1-13.l (both, and that
// nobody can hear which). Some presses in real time, for their latency; the rest in virtual time where the
// device has it.
#pragma once

#include "sound_trace.h"
#include <optional>
#include <string_view>

#include <shogo/conformance/check.h>

namespace shogo::conformance {

inline constexpr std::string_view kKeySounds = "key_sounds";
inline constexpr std::string_view kScreenPart = "screen", kKeypadPart = "keypad";
/// Presses so far apart that a word could follow each (1-13.f).
inline constexpr std::string_view kSlowScreenPart = "screen_slow", kSlowKeypadPart = "keypad_slow";
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
