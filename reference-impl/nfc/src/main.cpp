// shogo-nfc: the contactless front end of the reference reader as a process.
#include "front_end.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/signalfd.h>

#include <shogo/contract/bench_config.h>
#include <shogo/reference/mutant.h>
#include <shogo/reference/process.h>

namespace {

constexpr int kUsageError = 2;
constexpr int kLongestEmptySlot_ms = 10'000;
constexpr const char* kHelp =
    "usage: shogo-nfc --bench FILE [--empty-slot MS]\n"
    "\n"
    "Contactless front end of the reference reader: looks for a Type B card on the antenna (rf_socket), "
    "presents\n"
    "it to pcscd (vpcd_port) and carries commands until the card leaves. Ends on SIGTERM or SIGINT.\n"
    "\n"
    "  --bench FILE      bench.json: rf_socket, vpcd_port and log_folder are used\n"
    "  --empty-slot MS   how long the slot stays empty after a card, 1 to 10000 (default 600: a stock pcscd\n"
    "                    looks every 400 ms)\n"
    "  --help            this text\n";

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
  const bool timed = argc == 5 && std::strcmp(argv[3], "--empty-slot") == 0;
  if ((argc != 3 && !timed) || std::strcmp(argv[1], "--bench") != 0) {
    std::fputs(kHelp, stderr);
    return kUsageError;
  }
  if (!SHOGO_MUTANT("m.dump.ptrace_ok"))
    refuse_memory_dumps();  // every PIN passes through here on its way to the card (3-19)
  const auto config = contract::load_bench_config(argv[2]);
  if (!config.ok()) return fail(config.error().describe());
  if (config->rf_socket.empty() || config->vpcd_port == 0)
    return fail(std::string(argv[2]) + ": \"rf_socket\" and \"vpcd_port\" are needed");

  hold_end_signals();
  const sigset_t signals = end_signals();
  const UniqueFd stop(signalfd(-1, &signals, SFD_CLOEXEC));

  const auto found = clock_of(*config);
  if (!found.ok()) return fail(found.error().describe());
  Clock& clock = **found;
  const auto sink = OperationLog::open(*config, "nfc");
  if (!sink.ok()) return fail(sink.error().describe());
  Log log(clock, **sink, "nfc");
  FrontEndOptions options{config->rf_socket, config->vpcd_port};
  if (timed) {
    const int ms = std::atoi(argv[4]);
    if (ms < 1 || ms > kLongestEmptySlot_ms)
      return fail(std::string("--empty-slot is 1 to 10000 ms, not ") + argv[4]);
    options.empty_slot_time = milliseconds(ms);
  }
  FrontEnd(std::move(options), clock, log, stop.get()).run();
  return 0;
}
