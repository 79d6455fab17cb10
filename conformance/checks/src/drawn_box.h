// Where a button that the UI tree names is drawn: its edges in the frame, not the device's word for them.
#pragma once

#include <optional>

#include <shogo/base/image.h>
#include <shogo/conformance/keypad.h>
#include <shogo/conformance/ui_tree.h>

namespace shogo::conformance {

/// Walks outward from the middle of the declared box, along its middle lines, to the last change of colour
/// within `reach` pixels beyond each declared edge. Nothing when a side shows no edge near where the device
/// says that it is: then nothing is drawn there. Edges are whole pixels.
[[nodiscard]] std::optional<Box> drawn_box(const Image& rgb, const UiNode& declared, int reach = 8);

/// Whether anything but one colour lies inside the declared box.
[[nodiscard]] bool has_ink(const Image& rgb, const UiNode& declared);

}  // namespace shogo::conformance
