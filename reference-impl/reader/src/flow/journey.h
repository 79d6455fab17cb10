// The PIN journey: one state machine kept as data (data/pin_journey.json), and its interpreter. The
// interpreter is pure: state, event and facts in, new state and actions out. It owns no time and no PIN.
//
//   Journey   the parsed data; load() refuses unknown targets, state names, actions and facts
//   step()    first transition of the state, then of its groups in order, whose event and fact hold
//
// A state with "choose" is a junction: it has no page and is left at once by its first transition whose fact
// holds.
#pragma once

#include "flow/answers.h"
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/contract/states.h>

namespace shogo::reader {

/// The event that leaves a junction.
inline constexpr std::string_view kPass = "pass";

/// What the rest of the reader knows and transitions may ask for ("when").
/// Besides these there is "due_<question>" for every question. What of a person or of the settings makes a
/// question apply is in its "needs".
inline constexpr std::string_view kFacts[] = {
    "pin_complete",     "tries_known",  "tries_locked", "last_try",  "card_present",
    "transaction_open", "answers_open", "may_go_back",  "by_phone",  "phone_open",
    "android_here",     "iphone_here",  "visual_check", "has_camera"};
inline constexpr std::string_view kNeeds[] = {
    "identified",    "records",      "over_40",          "notice_soon", "notice_grace", "consent_bundle",
    "ask_high_cost", "ask_specific", "ask_prescription", "ask_subsidy", "ask_referral"};
/// What a transition may order; "report OUTCOME REASON" (docs/device-protocol.md, result) and "answer WORD"
/// besides.
inline constexpr std::string_view kActions[] = {
    "begin_transaction", "ask_tries",         "new_pin",   "type_digit",  "delete_digit", "clear_pin",
    "send_pin",          "send_registration", "take_back", "hand_over",   "call_staff",   "wipe",
    "begin_phone",       "send_phone",        "use_card",  "send_visual", "louder",       "softer"};
inline constexpr std::string_view kReasons[] = {"none",
                                                "wrong_pin",
                                                "pin_locked",
                                                "cert_expired",
                                                "cert_revoked",
                                                "not_registered",
                                                "not_eligible",
                                                "server_unreachable",
                                                "server_timeout",
                                                "server_error",
                                                "card_removed",
                                                "card_unreadable",
                                                "card_unsupported",
                                                "timeout",
                                                "user_ended",
                                                "phone_not_approved",
                                                "not_checked"};
inline constexpr std::string_view kOutcomes[] = {"ok", "ng", "cancelled"};

/// The table entry equal to `text`, so that it may be logged; nothing when the table has none.
template <std::size_t N>
[[nodiscard]] std::optional<std::string_view> in_table(const std::string_view (&table)[N],
                                                       std::string_view text) {
  for (const std::string_view entry : table)
    if (entry == text) return entry;
  return std::nullopt;
}

enum class Wait { kNone, kIdle, kAnswer, kReminder };

struct Transition {
  std::string on;
  std::string when;  ///< a fact that must hold; empty: always
  std::string to;    ///< empty: stay
  std::vector<std::string> actions;
};

struct JourneyState {
  std::string name;
  contract::State state = contract::State::kIdle;
  std::string substate;
  std::string screen;
  std::string question;   ///< which one this page asks; empty: none
  bool junction = false;  ///< "choose": no page, left at once
  Wait wait = Wait::kNone;
  std::vector<Transition> transitions;  ///< its own, then those of its groups
};

using Facts = std::set<std::string_view>;

class Journey {
 public:
  static Result<Journey> load(std::string_view text, std::string_view where);
  /// The journey built into this program.
  static const Journey& built_in();

  [[nodiscard]] const std::string& initial() const { return initial_; }
  [[nodiscard]] const std::vector<Question>& questions() const { return questions_; }
  [[nodiscard]] const JourneyState& state(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, JourneyState, std::less<>>& states() const { return states_; }
  /// Nothing when the state does not care about the event (a key of a screen that has gone, say).
  [[nodiscard]] const Transition* step(std::string_view state, std::string_view event,
                                       const Facts& facts) const;

 private:
  std::string initial_;
  std::vector<Question> questions_;
  std::map<std::string, JourneyState, std::less<>> states_;
};

}  // namespace shogo::reader
