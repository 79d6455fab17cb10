// The staff's mirror of the patient's screen (1-22.c, 1-22.d): one script for both.
#pragma once

#include <string_view>

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Name of the shared script (Check::shared_script).
inline constexpr std::string_view kScreenMirror = "screen_mirror";

Result<void> stimulate_screen_mirror(Stage& stage);
/// 1-22.c: it follows.
Judgement judge_mirror_follows(const Transcript& transcript, const CheckContext& context);
/// 1-22.d: what staff may not know is not in it, nor in when it changes.
Judgement judge_mirror_discretion(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
