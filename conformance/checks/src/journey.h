// Moves that several stimulus scripts share: what a patient does at the counter, seen from the bench.
#pragma once

#include <optional>
#include <string_view>

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

/// Last line of every script: without its note no judge lets the transcript pass (whole_script.h).
Result<void> end_script(Stage& stage);

/// A PIN of four digits that is not this patient's, drawn from the stage's stream.
std::string wrong_pin_for(Stage& stage, sim::Patient patient);

}  // namespace shogo::conformance
