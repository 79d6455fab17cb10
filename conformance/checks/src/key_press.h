// Pressing the keys of the PIN page one by one and writing down what each does to the screen, and when
// (3-10.k, 3-10.n, 1-18.c).
#pragma once

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Presses every digit, deletes it again, and leaves the PIN empty. For each press
///   (device, "key_before", {key}, png), (stimulus, "ask_clock"), (stimulus, "finger_down", {key, x, y}),
///   (device, "screen", {moment: "pressed KEY", …}), (device, "key_pressed", {key}, png),
///   (harness, "press", {key, seen, t_seen_ns, t_dev_before_ns, t_dev_seen_ns}): `seen` tells whether
///   anything changed at the key while the finger rested on it, the times when, in both clocks.
/// After digits (device, "after_digit", {digit, count, sha256}), with the frame when its hash is new.
Result<void> press_every_key(Stage& stage);
/// Presses the key that ends the entry (確定), in the same way; waits for nothing.
Result<void> press_done(Stage& stage);

}  // namespace shogo::conformance
