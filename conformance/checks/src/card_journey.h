// The way of any card by PIN, tried without expecting that it works, and what card and server saw of it.
#pragma once

#include "card_trace.h"
#include <string>
#include <string_view>
#include <vector>

#include <shogo/conformance/stage.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {

/// Card on, PIN chosen and typed rightly, card away, as a step of this name. What the device does not do is
/// the judge's business: a card of a new kind may be refused at any point. `answer`: a device that died keeps
/// us no longer.
Result<void> try_journey(Stage& stage, std::string_view name, sim::Patient patient, milliseconds answer);

struct Seen {
  bool played = false;
  bool ok = false;        ///< the device's word
  std::string reason;     ///< of its first result
  bool eligible = false;  ///< the server's word
  int verified = 0;
  int signatures = 0;
  bool asked_card = false;
};

[[nodiscard]] Seen seen_in(const std::vector<Step>& steps, std::string_view name);
/// The whole flow as card and server saw it, not only the device's word.
[[nodiscard]] bool works(const Seen& seen);

}  // namespace shogo::conformance
