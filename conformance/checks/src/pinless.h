// 3-14.c: eligibility without PIN, 3-14.d: and first registration; only after a face match or staff's visual
// check.
#pragma once

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Staff look at the next patient. kUnsupported where neither the bench nor the adapter can arm it.
Result<void> arm_visual_check(Stage& stage);

Result<void> stimulate_pinless_eligibility(Stage& stage);
Judgement judge_pinless_eligibility(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_pinless_registration(Stage& stage);
Judgement judge_pinless_registration(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
