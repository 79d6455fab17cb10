// Names that can be searched for on the pages on which subsidies, e-prescriptions and referral letters are
// chosen (1-13.j, 1-13.k). All of them are synthetic.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shogo::conformance {

inline constexpr std::array<std::string_view, 3> kSelectionPages{"consent_prescription", "consent_subsidy",
                                                                 "consent_referral"};
[[nodiscard]] bool is_selection_page(std::string_view state);

/// By page; the sets are "first" and "second" (data/canary_names.json).
using CanaryNames = std::map<std::string, std::vector<std::string>, std::less<>>;
[[nodiscard]] const CanaryNames& canary_names(std::string_view set);
/// Of this page; empty: it has none.
[[nodiscard]] std::vector<std::string> names_on(const CanaryNames& names, std::string_view page);

}  // namespace shogo::conformance
