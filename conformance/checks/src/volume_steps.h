// 1-13.e: the volume, on the screen and nowhere else. 1-13.m: it is the same after a restart. One script.
#pragma once

#include <string_view>

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

inline constexpr std::string_view kVolumeSteps = "volume_steps";

Result<void> stimulate_volume_steps(Stage& stage);
Judgement judge_volume_steps(const Transcript& transcript, const CheckContext& context);
Judgement judge_volume_kept(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
