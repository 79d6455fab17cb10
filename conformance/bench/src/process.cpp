#include "process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/base/lasting_thread.h>

namespace shogo::conformance {

Result<std::unique_ptr<Process>> Process::start(const std::vector<std::string>& command,
                                                const std::filesystem::path& output,
                                                std::vector<std::string> environment) {
  if (::access(command.front().c_str(), X_OK) != 0)
    return Error{Code::kNotFound,
                 fmt::format("no program {}: build it first (ci/build release)", command.front())};
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  // Built before the fork, and ours first: the first of two of one name counts.
  std::vector<char*> envp;
  for (std::string& word : environment) envp.push_back(word.data());
  for (char** word = environ; *word != nullptr; ++word) envp.push_back(*word);
  envp.push_back(nullptr);
  const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t parent = ::getpid();
  pid_t pid = -1;
  int error = 0;
  run_on_lasting_thread([&] {
    pid = ::fork();
    error = errno;
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(127);
      ::setpgid(0,
                0);  // an interrupt at the terminal is for the bench, which then ends its children in order
      sigset_t none;
      sigemptyset(&none);
      ::sigprocmask(SIG_SETMASK, &none, nullptr);
      if (in >= 0) ::dup2(in, 0);
      if (out >= 0) {
        ::dup2(out, 1);
        ::dup2(out, 2);
      }
      ::execve(argv[0], argv.data(), envp.data());
      ::_exit(127);
    }
  });
  if (out >= 0) ::close(out);
  if (in >= 0) ::close(in);
  if (pid < 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot start {}: {}", command.front(), std::strerror(error))};
  auto process = std::unique_ptr<Process>(new Process);
  process->pid_ = pid;
  process->output_ = output;
  return process;
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 100; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) != 0) return;
    std::this_thread::sleep_for(milliseconds(5));
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::crash() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool Process::running() {
  if (pid_ <= 0) return false;
  if (::waitpid(pid_, nullptr, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

std::string Process::last_words() const {
  const auto text = read_text(output_);
  if (!text.ok() || text->empty()) return "it wrote nothing";
  constexpr std::size_t kEnough = 400;
  std::string words = text->size() > kEnough ? text->substr(text->size() - kEnough) : *text;
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return words;
}

}  // namespace shogo::conformance
