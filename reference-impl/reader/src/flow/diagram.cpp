#include "flow/diagram.h"

#include <fmt/core.h>

namespace shogo::reader {
namespace {

constexpr std::string_view kEverywhere[] = {"staff",     "end",          "timeout",    "reset",
                                            "host_lost", "card_removed", "card_other", "card_unreadable"};

}  // namespace

std::string state_diagram(const Journey& journey) {
  std::string text = "stateDiagram-v2\n";
  text += fmt::format("  [*] --> {}\n", journey.initial());
  for (const auto& [name, state] : journey.states())
    if (state.junction) text += fmt::format("  state {} <<choice>>\n", name);
  for (const auto& [name, state] : journey.states()) {
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || in_table(kEverywhere, t.on)) continue;
      const std::string label = state.junction   ? (t.when.empty() ? "otherwise" : t.when)
                                : t.when.empty() ? t.on
                                                 : t.on + " if " + t.when;
      text += fmt::format("  {} --> {}: {}\n", name, t.to, label);
    }
  }
  return text;
}

}  // namespace shogo::reader
