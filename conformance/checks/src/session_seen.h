// What card, server and device showed of one step's session, whichever way the patient was told apart.
#pragma once

#include "card_trace.h"
#include <string>

namespace shogo::conformance {

struct SessionSeen {
  bool played = false;
  bool reached = false;  ///< a command came to the card or phone
  bool ok = false;       ///< the device's word
  std::string reason;    ///< of its first result
  bool asked_server = false;
  bool eligible = false;  ///< the server's word, with a good signature
  int registrations = 0;
  int pins = 0;
  int signatures = 0;
};

/// `step`: null when the step was not played.
[[nodiscard]] SessionSeen session_seen(const Step* step);
/// Card, server and device agree that it came to a good end.
[[nodiscard]] bool works(const SessionSeen& seen);

}  // namespace shogo::conformance
