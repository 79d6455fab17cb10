#include <algorithm>

#include <shogo/contract/states.h>

namespace shogo::contract {

std::string_view to_string(State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::optional<State> state_from(std::string_view name) {
  const auto it = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (it == kStateNames.end()) return std::nullopt;
  return static_cast<State>(it - kStateNames.begin());
}

}  // namespace shogo::contract
