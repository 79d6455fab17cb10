#include "process.h"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <shogo/base/child_process.h>
#include <shogo/base/file.h>

namespace shogo::conformance {

Result<std::unique_ptr<Process>> Process::start(const std::vector<std::string>& command,
                                                const std::filesystem::path& output,
                                                std::vector<std::string> environment) {
  const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const auto pid = start_child({command, std::move(environment), out, -1});
  if (out >= 0) ::close(out);
  if (!pid.ok()) return pid.error();
  auto process = std::unique_ptr<Process>(new Process);
  process->pid_ = *pid;
  process->output_ = output;
  return process;
}

Process::~Process() {
  if (pid_ > 0) end_child(pid_);
}

void Process::crash() {
  if (!running()) return;
  kill_child(pid_);
  pid_ = -1;
}

bool Process::running() {
  if (pid_ > 0 && !child_runs(pid_)) pid_ = -1;
  return pid_ > 0;
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
