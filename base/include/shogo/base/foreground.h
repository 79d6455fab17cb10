// A program in the foreground that serves something: until Ctrl-C, or for as long as one command runs.
#pragma once

#include <csignal>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace shogo {

/// Blocks SIGINT, SIGTERM and SIGCHLD in this thread and those it starts, and restores the mask.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  /// The next of them, or 0 after half a second.
  [[nodiscard]] int next() const;
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t held_{};
  sigset_t before_{};
};

/// Runs `command` (program, looked up in PATH, and arguments) with our streams and `environment`
/// ("NAME=value") besides ours. Returns its exit code, 128 + signal when a signal ended it, 127 when it
/// cannot be run, 2 when no process can be started; the last two with a line on standard error or `err` that
/// begins with `name`. SIGTERM is handed on to it.
[[nodiscard]] int run_in_foreground(std::string_view name, const std::vector<std::string>& command,
                                    const std::vector<std::string>& environment, const SignalsHeld& signals,
                                    std::ostream& err);

}  // namespace shogo
