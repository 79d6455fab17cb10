#include "screen_defects.h"

#include <shogo/reference/mutant.h>

namespace shogo::reader {

#ifdef SHOGO_MUTANTS

void bend_mirror(Hooks& hooks) {
  hooks.mirror_frozen = SHOGO_MUTANT("m.mirror.frozen");
  hooks.mirror = [](PageInput& seen, const PageInput& shown, contract::State state) {
    const bool pin = state == contract::State::kPin;
    if (SHOGO_MUTANT("m.mirror.highlight") && pin) {
      seen.screen = shown.screen;
      seen.pressed = shown.pressed;
    }
    if (SHOGO_MUTANT("m.mirror.layout") && pin) {
      seen.screen = shown.screen;
      seen.layout = shown.layout;
    }
    // The click of each key in a pitch of its own, written out for people who cannot hear.
    if (SHOGO_MUTANT("m.mirror.tone") && pin && !shown.pressed.empty())
      seen.clinic_name = "tone of " + shown.pressed;
    if (SHOGO_MUTANT("m.mirror.consent") && seen.screen == "mirror_questions") {
      seen.screen = shown.screen;
      seen.pressed = shown.pressed;
    }
  };
}

#else

void bend_mirror(Hooks&) {}

#endif

}  // namespace shogo::reader
