// One script for what a device says (1-13.a, .b, .c, .h): a patient who listens to every page to its end, and
// faults while somebody and while nobody is served. What was said is found by comparing with recordings of
// the texts (ci/voice-pack); the recordings and what was heard lie in the evidence, the comparison is the
// bench's.
#pragma once

#include "card_trace.h"
#include "sound_trace.h"
#include <optional>
#include <string>
#include <vector>

#include <shogo/conformance/check.h>

namespace shogo::conformance {

inline constexpr std::string_view kSpokenPages = "spoken_pages";
/// Event kinds of the script.
inline constexpr std::string_view kPage = "spoken_page", kRecognised = "recognised",
                                  kNoRecordings = "no_recordings";

enum class Meaning { kNone, kSuccess, kFailure };
/// What a phrase of a result tells, in any of its languages; kNone: nothing of a result.
[[nodiscard]] Meaning meaning_of(std::string_view text);
/// A sentence that tells somebody to do something.
[[nodiscard]] bool is_instruction(std::string_view text);

struct Phrase {
  std::string text, role;
  bool shown = false;  ///< it stands on the page
  bool heard = false;
  bool recorded = true;  ///< there is a recording to compare with
  Nanoseconds begin{0}, end{0};
};
struct SpokenPage {
  std::string step, state, substate, screen;
  Nanoseconds shown{0}, left{0};
  bool waits = false;  ///< the device waited for somebody else: it was over before all could be said
  std::vector<Phrase> phrases;
  /// Words begin so long after the page; nothing: none were heard on it.
  std::optional<Nanoseconds> words_after;
  [[nodiscard]] bool is_notice() const;
  [[nodiscard]] std::string name() const;
};
/// Every page that was listened to, in order.
[[nodiscard]] std::vector<SpokenPage> spoken_pages(const Transcript& transcript);
/// Why nothing can be judged: no recordings to compare with, a text without one, or pieces of sound are lost.
[[nodiscard]] std::optional<Judgement> cannot_hear(const Transcript& transcript,
                                                   const std::vector<SpokenPage>& pages);

Result<void> stimulate_spoken_pages(Stage& stage);
Judgement judge_spoken_results(const Transcript& transcript, const CheckContext& context);
Judgement judge_spoken_faults(const Transcript& transcript, const CheckContext& context);
Judgement judge_spoken_instructions(const Transcript& transcript, const CheckContext& context);
Judgement judge_spoken_screens(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
