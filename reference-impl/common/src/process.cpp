#include <cstdio>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <shogo/base/shared_clock.h>
#include <shogo/reference/process.h>

namespace shogo::reference {

Result<Clock*> clock_of(const contract::BenchConfig& config) {
  if (!config.clock_file.empty()) {
    SHOGO_TRY(auto shared, SharedClock::join(config.clock_file));
    return static_cast<Clock*>(shared.release());
  }
  const Nanoseconds wall = config.wall_start.empty() ? Nanoseconds{-1} : parse_jst(config.wall_start);
  return static_cast<Clock*>(wall.count() < 0 ? new RealClock() : new RealClock(wall));
}

Result<std::unique_ptr<OperationLog>> OperationLog::open(const contract::BenchConfig& config,
                                                         const std::string& name, bool also_standard_error) {
  if (config.log_folder.empty()) return std::unique_ptr<OperationLog>(new OperationLog("", nullptr, true));
  std::signal(SIGXFSZ, SIG_IGN);
  std::string path = config.log_folder + "/" + name + ".log";
  SHOGO_TRY(auto file, FileSink::open(path));
  return std::unique_ptr<OperationLog>(
      new OperationLog(std::move(path), std::move(file), also_standard_error));
}

void OperationLog::write_line(std::string_view line) {
  if (file_) file_->write_line(line);
  if (error_stream_) std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

void refuse_memory_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

void hold_end_signals() {
  const sigset_t signals = end_signals();
  sigprocmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_end() {
  const sigset_t signals = end_signals();
  int signal = 0;
  sigwait(&signals, &signal);
}

bool end_asked() {
  const sigset_t signals = end_signals();
  const timespec none{0, 0};
  return sigtimedwait(&signals, nullptr, &none) > 0;
}

}  // namespace shogo::reference
