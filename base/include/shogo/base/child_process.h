// Children of this process: programs that the bench starts, and that never outlive it.
#pragma once

#include <string>
#include <vector>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo {

struct ChildStart {
  std::vector<std::string> command;      ///< a path, then its arguments
  std::vector<std::string> environment;  ///< "NAME=value", besides ours, or instead
  int output = -1;                       ///< where it writes, both streams; -1: nowhere. Stays the caller's
  int third = -1;                        ///< becomes its file descriptor 3; -1: none. Stays the caller's
};

/// The number of the new process. It reads nothing, has a process group of its own (an interrupt at the
/// terminal is for us, who then end our children in order), no blocked signals, and is killed when this
/// process ends, however that happens. kNotFound: no such program; kUnavailable: no process to be had.
[[nodiscard]] Result<int> start_child(const ChildStart& start);

/// Asks it to end (SIGTERM), and after `patience` kills it. Returns when it is gone and collected.
void end_child(int pid, milliseconds patience = milliseconds{500});

/// SIGKILL, without a word; collected when it returns.
void kill_child(int pid);

/// False once it has ended; it is then collected, and its number may belong to a stranger.
[[nodiscard]] bool child_runs(int pid);

}  // namespace shogo
