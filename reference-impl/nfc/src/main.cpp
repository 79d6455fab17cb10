// shogo-nfc: the contactless front end of the reference reader as a process.
#include "front_end.h"
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>

#include <sys/signalfd.h>

#include <shogo/contract/bench_config.h>
#include <shogo/reference/mutant.h>

namespace {

constexpr int kUsageError = 2;
constexpr const char* kHelp =
    "usage: shogo-nfc --bench FILE\n"
    "\n"
    "Contactless front end of the reference reader: looks for a Type B card on the antenna (rf_socket), "
    "presents\n"
    "it to pcscd (vpcd_port) and carries commands until the card leaves. Ends on SIGTERM or SIGINT.\n"
    "\n"
    "  --bench FILE   bench.json: rf_socket, vpcd_port and log_folder are used\n"
    "  --help         this text\n";

class ErrorStreamSink final : public shogo::LogSink {
 public:
  void write_line(std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

int fail(const std::string& message) {
  std::fprintf(stderr, "shogo-nfc: %s\n", message.c_str());
  return kUsageError;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace shogo;
  using namespace shogo::reference;
  if (!SHOGO_TAKE_MUTANT_OPTION(argc, argv)) return kUsageError;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (argc != 3 || std::strcmp(argv[1], "--bench") != 0) {
    std::fputs(kHelp, stderr);
    return kUsageError;
  }
  const auto config = contract::load_bench_config(argv[2]);
  if (!config.ok()) return fail(config.error().describe());
  if (config->rf_socket.empty() || config->vpcd_port == 0)
    return fail(std::string(argv[2]) + ": \"rf_socket\" and \"vpcd_port\" are needed");

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd stop(signalfd(-1, &signals, SFD_CLOEXEC));

  Nanoseconds wall{-1};
  if (!config->wall_start.empty()) wall = parse_jst(config->wall_start);
  const RealClock clock = wall.count() < 0 ? RealClock() : RealClock(wall);
  ErrorStreamSink errors;
  std::unique_ptr<FileSink> file;
  if (!config->log_folder.empty()) {
    auto opened = FileSink::open(config->log_folder + "/nfc.log");
    if (!opened.ok()) return fail(opened.error().describe());
    file = std::move(opened).value();
  }
  Log log(clock, file ? static_cast<LogSink&>(*file) : errors, "nfc");
  FrontEnd(FrontEndOptions{config->rf_socket, config->vpcd_port}, log, stop.get()).run();
  return 0;
}
