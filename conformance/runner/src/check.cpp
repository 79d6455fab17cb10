#include <stdexcept>

#include <shogo/conformance/check.h>

namespace shogo::conformance {

double CheckContext::number(const std::string& name) const {
  const auto found = numbers.find(name);
  if (found == numbers.end())
    throw std::out_of_range("the catalogue has no number \"" + name + "\" in clause " + clause);
  return found->second;
}

}  // namespace shogo::conformance
