#include "card_journey.h"

#include "journey.h"

#include <fmt/core.h>

namespace shogo::conformance {

Result<void> try_journey(Stage& stage, std::string_view name, sim::Patient patient, milliseconds answer) {
  begin_step(stage, name, patient);
  const Mark start = stage.mark();
  const auto state = choose_pin(stage, patient, answer);
  if (state.ok() && text_of(state->data, "name") == "pin") {
    SHOGO_TRY(PinPad pad, PinPad::find(stage));
    SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(patient)));
    if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
      SHOGO_CHECK_OK(pad.done(stage));
    const auto result = stage.wait_result(start, answer);
    if (!result.ok() && result.error().code() != Code::kTimeout) return result.error();
  } else if (!state.ok() && state.error().code() != Code::kTimeout) {
    return state.error();
  }
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("after_{}", name)));
  note_tries(stage, patient);
  stage.world().take_card();
  const auto idle = stage.wait_state({"idle"}, answer);
  return idle.ok() || idle.error().code() == Code::kTimeout ? Result<void>() : Result<void>(idle.error());
}

Seen seen_in(const std::vector<Step>& steps, std::string_view name) {
  Seen seen;
  const Step* step = find_step(steps, name);
  if (step == nullptr) return seen;
  seen.played = true;
  for (const CardCommand& command : step->commands()) {
    seen.asked_card = true;
    if (command.carries_pin && command.sw == 0x9000) ++seen.verified;
    if (command.name == "COMPUTE_SIGNATURE" && command.sw == 0x9000) ++seen.signatures;
  }
  for (const Event* event : step->select(source::kServer, "request"))
    seen.eligible = seen.eligible || text_of(event->data, "outcome") == "eligible";
  for (const Event* event : step->select(source::kDevice, "result")) {
    seen.ok = seen.ok || text_of(event->data, "outcome") == "ok";
    if (seen.reason.empty()) seen.reason = text_of(event->data, "reason");
  }
  return seen;
}

bool works(const Seen& seen) {
  return seen.ok && seen.eligible && seen.verified > 0 && seen.signatures > 0;
}

}  // namespace shogo::conformance
