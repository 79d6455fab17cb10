// A screen in a transcript: the frame and what the device's UI tree says of it, recorded at the same moment.
// Scripts write it with record_screen(), judges read it back with screens_of().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/image.h>
#include <shogo/conformance/keypad.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Records the settled screen as (device, "screen", {moment, tree, width, height}, png). `moment` tells
/// screens apart that have the same name: "2_digits", "pressed key_7".
Result<Screen> record_screen(Stage& stage, std::string_view moment);
/// The same of a screen the script holds already.
Result<void> record_screen(Stage& stage, const Screen& screen, std::string_view moment);

struct RecordedScreen {
  std::string moment;
  UiTree tree;
  Image image;
  /// "pin.ja pressed key_7": for sentences in verdicts.
  [[nodiscard]] std::string name() const;
};
/// Every recorded screen whose frame and tree can be read, in order. `unreadable`: how many could not.
[[nodiscard]] std::vector<RecordedScreen> screens_of(const Transcript& transcript, int& unreadable);

/// Pixels a millimetre of the device's panel as its hello declares it; 0 when it does not.
[[nodiscard]] double px_per_mm(const Hello& hello);

[[nodiscard]] inline Box box_of(const UiNode& node) {
  return {static_cast<double>(node.x), static_cast<double>(node.y), static_cast<double>(node.x + node.width),
          static_cast<double>(node.y + node.height)};
}

}  // namespace shogo::conformance
