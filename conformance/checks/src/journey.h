// Moves that several stimulus scripts share: what a patient does at the counter, seen from the bench.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <shogo/conformance/keypad.h>
#include <shogo/conformance/stage.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {

/// Begins a part of the script with a name; the judge finds the part by it (card_trace.h). Notes the card's
/// counter, too.
void begin_step(Stage& stage, std::string_view name, sim::Patient patient, boost::json::object more = {});
/// Writes down how many tries the card has left now.
void note_tries(Stage& stage, sim::Patient patient);

/// The screen keypad as a patient meets it: digit keys found in pixels, the words 消す and 確定 by the UI
/// tree.
class PinPad {
 public:
  static Result<PinPad> find(Stage& stage);
  Result<void> type(Stage& stage, std::string_view digits);
  Result<void> type(Stage& stage, const Secret& digits);
  Result<void> done(Stage& stage);
  Result<void> erase(Stage& stage);
  [[nodiscard]] const Keypad& keypad() const { return keypad_; }

 private:
  Keypad keypad_;
};

/// Touches the choice "PIN" on the method page.
Result<void> tap_pin_method(Stage& stage);
/// Card on, method page, "PIN": leaves the device at the PIN page.
Result<void> go_to_pin(Stage& stage, sim::Patient patient);
/// Card on and PIN chosen; the state in which the device then rests: pin, or the refusal of a card that
/// cannot use one.
Result<Event> choose_pin(Stage& stage, sim::Patient patient, milliseconds timeout = kLongWait);
/// From the PIN page back to the choice of method.
Result<void> leave_pin(Stage& stage);
/// Card away; waits until the device is idle again.
Result<void> finish(Stage& stage);

/// Words that a button may carry, in any language; the first enabled button with one of them is meant.
using Words = std::vector<std::string_view>;
namespace words {
inline const Words kAgree{"同意する", "提供する", "登録する", "Agree", "Share", "Register", "Allow"};
inline const Words kDisagree{"同意しない",   "提供しない",      "登録しない", "Do not agree",
                             "Do not share", "Do not register", "Decline"};
inline const Words kNext{"次へ", "続ける", "Next", "Continue", "OK"};
inline const Words kOneByOne{"1つずつ", "個別", "One by one", "one by one"};
inline const Words kLanguage{"English", "日本語", "中文", "한국어"};
inline const Words kStaff{"職員", "Call staff"};
inline const Words kEnd{"終了", "End"};
}  // namespace words
/// Nothing when the screen offers none. A refusal contains the words of the agreement in many languages, so
/// for kAgree a button with words of kDisagree does not count.
[[nodiscard]] const UiNode* find_button(const UiTree& tree, const Words& words);
Result<void> press(Stage& stage, const Words& words, std::string_view what);

/// From the card to the answer of card and server: PIN chosen, typed right, sent. Returns the state that
/// follows.
Result<Event> enter_right_pin(Stage& stage, sim::Patient patient);

/// Writes down what the eligibility server's register holds of the patient now: (server, "register",
/// {state}).
void note_register(Stage& stage, sim::Patient patient);
/// The flags of one handed-over file: <OperationInfoConsFlg>1</…> becomes {"OperationInfoConsFlg": "1"}.
[[nodiscard]] boost::json::object flags_of_hand_over(std::string_view text);
/// Writes down what has reached the clinic's other programs since the case began, one event a session:
/// (host, "hand_over", {flags…}); waits a moment for `expected` of them.
Result<void> note_hand_overs(Stage& stage, std::size_t expected);

/// The same of those that have come since `known` of them were there, so that each lies in the step that made
/// it; waits a moment for one.
Result<void> note_new_hand_overs(Stage& stage, std::size_t& known);

/// Last line of every script: without its note no judge lets the transcript pass (whole_script.h).
Result<void> end_script(Stage& stage);

/// A PIN of four digits that is not this patient's, drawn from the stage's stream.
std::string wrong_pin_for(Stage& stage, sim::Patient patient);

}  // namespace shogo::conformance
