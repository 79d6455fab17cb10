#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include <shogo/base/foreground.h>

namespace shogo {
namespace {

constexpr int kEnvironmentError = 2;

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

SignalsHeld::SignalsHeld() {
  sigemptyset(&held_);
  for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&held_, number);
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

SignalsHeld::~SignalsHeld() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int SignalsHeld::next() const {
  const timespec limit{0, 500'000'000};
  const int number = sigtimedwait(&held_, nullptr, &limit);
  return number < 0 ? 0 : number;
}

int run_in_foreground(std::string_view name, const std::vector<std::string>& command,
                      const std::vector<std::string>& environment, const SignalsHeld& signals,
                      std::ostream& err) {
  // Everything that allocates happens before the fork: other threads may run.
  const std::string complaint = std::string(name) + ": cannot run " + command.at(0) + ": ";
  std::vector<std::string> variables = environment;
  // Two values of one name: which one counts would be each program's own affair.
  const auto is_given = [&](std::string_view ours) {
    const std::string_view variable = ours.substr(0, ours.find('=') + 1);
    return std::any_of(environment.begin(), environment.end(),
                       [&](const std::string& one) { return one.starts_with(variable); });
  };
  for (char** at = environ; *at != nullptr; ++at)
    if (!is_given(*at)) variables.emplace_back(*at);
  const std::vector<char*> argv = pointers(command), envp = pointers(variables);
  const pid_t pid = ::fork();
  if (pid < 0) {
    err << name << ": cannot start a process: " << std::strerror(errno) << '\n';
    return kEnvironmentError;
  }
  if (pid == 0) {
    sigprocmask(SIG_SETMASK, &signals.before(), nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::execvpe(argv[0], argv.data(), envp.data());
    const char* reason = std::strerror(errno);
    for (const char* part : {complaint.c_str(), reason, "\n"})
      if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    // An interrupt at the terminal reaches the command by itself; SIGTERM reaches only us.
    if (signals.next() == SIGTERM) ::kill(pid, SIGTERM);
  }
  // One that came while the command was already ending would end us when the signals are let go.
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  const timespec at_once{0, 0};
  while (sigtimedwait(&interrupt, nullptr, &at_once) == SIGINT) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace shogo
