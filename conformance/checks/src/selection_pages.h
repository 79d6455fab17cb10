// The pages on which subsidies, e-prescriptions and referral letters are chosen by name (1-13.j, 1-13.k),
// with synthetic names in the eligibility system's register that can be searched for.
#pragma once

#include "canary_names.h"
#include "journey.h"
#include <string>
#include <vector>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Lets the eligibility system's register hold them for this patient.
Result<void> give_names(Stage& stage, sim::Patient patient, const CanaryNames& names);

/// The node with exactly this text; null: the device's tree does not tell of it.
[[nodiscard]] const UiNode* node_with(const UiTree& tree, const std::string& text);
/// Whatever leads to the next page; none of the names does. Null: nothing does.
[[nodiscard]] const UiNode* onward(const UiTree& tree, const std::vector<std::string>& names);

}  // namespace shogo::conformance
