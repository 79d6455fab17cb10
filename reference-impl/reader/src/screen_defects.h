// Deliberate defects of what the screen shows and of how it feels a finger (shogo/reference/mutant.h): they
// bend what goes into a page and what comes out, so that the drawing itself knows nothing of them.
#pragma once

#include "hooks.h"

namespace shogo::reader {

/// Sets the hooks before_draw, after_draw and touch.
void bend_screen(Hooks& hooks);
/// What gets into the staff's mirror though it must not (1-22.d).
void bend_mirror(Hooks& hooks);
/// Who speaks (1-13.g).
void bend_voice(Hooks& hooks);

}  // namespace shogo::reader
