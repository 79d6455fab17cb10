// The host agent's deliberate defects; nothing of them is in the shipped program (shogo/reference/mutant.h).
#pragma once

#include "agent.h"

namespace shogo::agent {

/// `sink` is the back door around the safe log API that only a defect may take.
[[nodiscard]] Hooks make_hooks(LogSink& sink);

}  // namespace shogo::agent
