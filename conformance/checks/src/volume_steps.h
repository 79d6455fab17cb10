// 1-13.e: the volume, on the screen and nowhere else.
#pragma once

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

Result<void> stimulate_volume_steps(Stage& stage);
Judgement judge_volume_steps(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
