// The physical keypad of a device (1-14) as scripts press it and judges ask for it: the one in the housing,
// or the bench's own on a cable.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {

/// Whether the device's hello says that it has a keypad that this clause is about. kUnsupported when it says
/// nothing of keypads.
[[nodiscard]] Result<bool> has_keypad(const Stage& stage, bool external_only = false);
/// The judgement of a clause about a part that the device does not have, or does not tell of.
[[nodiscard]] std::optional<Judgement> without_keypad(const CheckContext& context,
                                                      bool external_only = false);

/// Where 1-14.b puts a digit: "r1c1" for 1 … "r3c3" for 9; 0 in the middle below.
[[nodiscard]] std::string_view place_of(char digit);
/// Presses a key at its place. kUnsupported when the device takes no keys.
Result<void> press_place(Stage& stage, std::string_view place);
/// The same, and nothing of it is written down: digits of a PIN.
Result<void> press_unseen(Stage& stage, std::string_view place);
Result<void> press_digits(Stage& stage, std::string_view digits);
/// The bench's keypad in the device's port.
Result<sim::BenchKeypad*> keypad_in_port(Stage& stage);

/// Ends the entry on the PIN page by touch and waits for what comes of it.
Result<void> send_entry(Stage& stage);
/// What the card was last shown as PIN, as (card, "shown", {digits}). Only for entries whose digits may lie
/// in the evidence.
void note_shown(Stage& stage, sim::Patient patient);

/// A button that says which key means it.
struct Legend {
  const UiNode* button = nullptr;
  char told = 0;  ///< by the UI tree
  char seen = 0;  ///< in the picture; 0: it could not be read
};
[[nodiscard]] std::vector<Legend> legends_of(const Screen& screen);

}  // namespace shogo::conformance
