// A child process of the bench: dies with us, and with its object. Its output goes to a file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::conformance {

class Process {
 public:
  /// `environment`: "NAME=VALUE", beside what we have ourselves.
  static Result<std::unique_ptr<Process>> start(const std::vector<std::string>& command,
                                                const std::filesystem::path& output,
                                                std::vector<std::string> environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  [[nodiscard]] bool running();
  /// SIGKILL: it ends without a word.
  void crash();
  [[nodiscard]] int pid() const { return pid_; }
  /// The last lines it wrote, for an error message.
  [[nodiscard]] std::string last_words() const;

 private:
  Process() = default;
  int pid_ = -1;
  std::filesystem::path output_;
};

}  // namespace shogo::conformance
