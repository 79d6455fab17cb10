#include <stdexcept>

#include <shogo/conformance/check.h>

namespace shogo::conformance {

std::optional<std::string_view> keypad_of(std::string_view dut) {
  if (dut == kReference || dut == kReferenceTwoAreas) return "none";
  if (dut == kReferenceKeypad) return "built_in";
  if (dut == kReferenceExternalKeypad) return "external";
  return std::nullopt;
}

double CheckContext::number(const std::string& name) const {
  const auto found = numbers.find(name);
  if (found == numbers.end())
    throw std::out_of_range("the catalogue has no number \"" + name + "\" in clause " + clause);
  return found->second;
}

}  // namespace shogo::conformance
