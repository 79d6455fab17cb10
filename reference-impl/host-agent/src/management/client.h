// The management as commands of the clinic PC's administrator: shogo-host-agent status, settings, logs,
// restart, visual-check, set-password. Asks the running host agent over its local socket.
#pragma once

namespace shogo::agent {

/// True when argv[1] is one of its commands.
[[nodiscard]] bool is_management_command(int argc, char** argv);
/// Exit code: 0 done, 1 refused or not reachable, 2 usage.
[[nodiscard]] int run_management_command(int argc, char** argv);

}  // namespace shogo::agent
