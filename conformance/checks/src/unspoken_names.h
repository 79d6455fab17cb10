// 1-13.j: where subsidies, prescriptions and referral letters are chosen, their names are not said.
#pragma once

#include "canary_names.h"

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Event kinds of the script. A moment of a page: it has come, or a name has been chosen on it.
inline constexpr std::string_view kNamePage = "name_page", kNameSearch = "name_search",
                                  kSearchControl = "name_search_control";

Result<void> stimulate_unspoken_names(Stage& stage);
Judgement judge_unspoken_names(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
