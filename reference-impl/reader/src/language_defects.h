// Defects of the languages (1-22): a text that was forgotten, a font, a line's end, a voice. Nothing in the
// product.
#pragma once

#include "hooks.h"

namespace shogo::reader {

/// After every other hook is set: it goes on from theirs.
void bend_languages(Hooks& hooks);

}  // namespace shogo::reader
