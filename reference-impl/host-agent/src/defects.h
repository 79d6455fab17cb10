// The host agent's deliberate defects; nothing of them is in the shipped program (shogo/reference/mutant.h).
#pragma once

#include "agent.h"
#include "management/management.h"
#include "updater.h"

namespace shogo::agent {

/// `sink` is the back door around the safe log API that only a defect may take.
[[nodiscard]] Hooks make_hooks(LogSink& sink);
[[nodiscard]] ManagementHooks make_management_hooks();
[[nodiscard]] UpdaterHooks make_updater_hooks();

}  // namespace shogo::agent
