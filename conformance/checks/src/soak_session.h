// One visit of a patient in a long run under virtual time, and what the bench reads of the device's processes
// meanwhile (3-24).
#pragma once

#include "journey.h"
#include "virtual_time.h"
#include <optional>

#include <shogo/sim/world.h>

namespace shogo::conformance {

/// What goes wrong around a session, on purpose.
struct SoakFault {
  const char* name = "none";
  sim::RfFault card = sim::RfFault::kNone;
  sim::ServerFault server = sim::ServerFault::kNone;
};

class SoakSessions {
 public:
  SoakSessions(Stage& stage, VirtualTime& time) : stage_(stage), time_(time) {}

  /// Card down, PIN, result, card up. Records (harness, "session", {n, fault, outcome, cpu times …}); a
  /// device that lost the thread is recorded, not an error. False: it did not even come back to idle.
  Result<bool> play(int n, const SoakFault& fault = {});
  /// Records (harness, "vitals", {process, memory_kb, handles}) for every process the bench knows of.
  void note_vitals(int n);

 private:
  /// Waits in real time for what the device does by itself, and moves virtual time while nothing comes.
  Result<Event> await(std::string_view what, Mark since, const std::function<bool(const Event&)>& wanted);
  Result<Event> await_state(const std::set<std::string>& names, Mark since);
  Result<std::string> visit(const SoakFault& fault);

  Stage& stage_;
  VirtualTime& time_;
  std::optional<PinPad> pad_;
};

}  // namespace shogo::conformance
