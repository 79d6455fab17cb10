// What every program of the reference reader does before it begins and when it ends: the clock of the
// scenario, the operation log's file, no memory dumps, and the two signals that ask it to stop.
#pragma once

#include <csignal>
#include <memory>
#include <string>

#include <shogo/base/clock.h>
#include <shogo/base/log.h>
#include <shogo/base/result.h>
#include <shogo/contract/bench_config.h>

namespace shogo::reference {

/// The bench's time where bench.json names its page; else the machine's, civil time beginning at wall_start
/// where it names one. Lives as long as the process, because a lost call may still look at it.
[[nodiscard]] Result<Clock*> clock_of(const contract::BenchConfig& config);

/// The operation log's destination: LOG_FOLDER/NAME.log, standard error, or both; standard error where
/// bench.json names no folder. From then on a quota on files is an error to be handled, not the process's end
/// (SIGXFSZ).
class OperationLog final : public LogSink {
 public:
  static Result<std::unique_ptr<OperationLog>> open(const contract::BenchConfig& config,
                                                    const std::string& name,
                                                    bool also_standard_error = false);
  void write_line(std::string_view line) override;
  bool catch_up() override { return !file_ || file_->catch_up(); }
  std::size_t take_lost() override { return file_ ? file_->take_lost() : 0; }
  /// Empty without a file.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  OperationLog(std::string path, std::unique_ptr<FileSink> file, bool error_stream)
      : path_(std::move(path)), file_(std::move(file)), error_stream_(error_stream) {}
  std::string path_;
  std::unique_ptr<FileSink> file_;
  bool error_stream_;
};

/// 3-19: no core file, and no debugger or memory reader of the same user. Before any secret is read.
void refuse_memory_dumps();

/// SIGTERM and SIGINT. hold_end_signals() before any thread exists, so that only the two others see them.
[[nodiscard]] sigset_t end_signals();
void hold_end_signals();
void wait_for_end();
/// At once: has an end been asked for since the last call?
[[nodiscard]] bool end_asked();

}  // namespace shogo::reference
