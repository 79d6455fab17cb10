// The walk over a device's screens, shared by every clause that looks at screens: each screen a patient can
// come to, in every language it offers, with the PIN page in all of its states and every key pressed.
#pragma once

#include <string_view>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Name of the shared script (Check::shared_script).
inline constexpr std::string_view kScreenWalk = "screen_walk";

Result<void> stimulate_screen_walk(Stage& stage);

}  // namespace shogo::conformance
