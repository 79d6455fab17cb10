// 1-13.k: a key calls the staff where names are chosen that are not said aloud.
#pragma once

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

Result<void> stimulate_staff_key(Stage& stage);
Judgement judge_staff_key(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
