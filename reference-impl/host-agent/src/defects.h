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
/// The PC speaks for the reader: `say` is answered with the sound of its texts (test build only).
void say_at_pc(const boost::json::object& message, const std::function<void(boost::json::object)>& send);

}  // namespace shogo::agent
