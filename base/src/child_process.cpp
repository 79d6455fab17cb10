#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <shogo/base/child_process.h>
#include <shogo/base/lasting_thread.h>

namespace shogo {
namespace {

/// After the fork: only calls that are safe there.
[[noreturn]] void become(char* const* argv, char* const* envp, int nothing, const ChildStart& start,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int output = start.output >= 0 ? start.output : nothing;
  ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  if (start.third == 3) {
    ::fcntl(3, F_SETFD, 0);
  } else if (start.third >= 0) {
    ::dup2(start.third, 3);
  }
  ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

Result<int> start_child(const ChildStart& start) {
  if (::access(start.command.front().c_str(), X_OK) != 0)
    return Error{Code::kNotFound,
                 fmt::format("no program {}: build it first (ci/build release)", start.command.front())};
  // Built before the fork. Of two entries of one name programs may take either, so ours gives way.
  const auto added = [&](std::string_view word) {
    return std::any_of(start.environment.begin(), start.environment.end(), [&](std::string_view entry) {
      return entry.substr(0, entry.find('=')) == word.substr(0, word.find('='));
    });
  };
  std::vector<char*> argv, envp;
  for (const std::string& word : start.command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  for (const std::string& word : start.environment) envp.push_back(const_cast<char*>(word.c_str()));
  for (char** word = environ; *word != nullptr; ++word)
    if (!added(*word)) envp.push_back(*word);
  envp.push_back(nullptr);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t parent = ::getpid();
  pid_t pid = -1;
  int error = 0;
  run_on_lasting_thread([&] {
    pid = ::fork();
    error = errno;
    if (pid == 0) become(argv.data(), envp.data(), nothing, start, parent);
  });
  if (nothing >= 0) ::close(nothing);
  if (pid < 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot start {}: {}", start.command.front(), std::strerror(error))};
  return pid;
}

void end_child(int pid, milliseconds patience) {
  constexpr milliseconds kLook{5};
  ::kill(pid, SIGTERM);
  for (milliseconds waited{0}; waited < patience; waited += kLook) {
    if (!child_runs(pid)) return;
    std::this_thread::sleep_for(kLook);
  }
  kill_child(pid);
}

void kill_child(int pid) {
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

bool child_runs(int pid) {
  return ::waitpid(pid, nullptr, WNOHANG) == 0;
}

}  // namespace shogo
