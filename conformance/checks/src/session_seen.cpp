#include "session_seen.h"

namespace shogo::conformance {
namespace {

bool signature_was_good(const Event& request) {
  const boost::json::value* good = request.data.if_contains("signature_ok");
  return good != nullptr && good->is_bool() && good->get_bool();
}

}  // namespace

SessionSeen session_seen(const Step* step) {
  SessionSeen seen;
  if (step == nullptr) return seen;
  seen.played = true;
  for (const CardCommand& command : step->commands()) {
    seen.reached = true;
    seen.pins += command.carries_pin ? 1 : 0;
    seen.signatures += command.name == "COMPUTE_SIGNATURE" && command.sw == 0x9000 ? 1 : 0;
  }
  for (const Event* event : step->select(source::kServer, "request")) {
    const std::string path = text_of(event->data, "path");
    if (path != "/v1/eligibility" && path != "/v1/registration") continue;
    seen.asked_server = true;
    seen.registrations += path == "/v1/registration" ? 1 : 0;
    seen.eligible =
        seen.eligible || (text_of(event->data, "outcome") == "eligible" && signature_was_good(*event));
  }
  for (const Event* event : step->select(source::kDevice, "result")) {
    seen.ok = seen.ok || text_of(event->data, "outcome") == "ok";
    if (seen.reason.empty()) seen.reason = text_of(event->data, "reason");
  }
  return seen;
}

bool works(const SessionSeen& seen) {
  return seen.ok && seen.eligible && seen.signatures > 0;
}

}  // namespace shogo::conformance
