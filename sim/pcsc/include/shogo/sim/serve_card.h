// `shogo card serve [FILE...] [-- COMMAND...]`: synthetic cards on a private pcscd, or on the machine's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <shogo/sim/rf_timing.h>
#include <shogo/sim/virtual_card.h>

namespace shogo::sim {

struct ServeOptions {
  std::vector<std::filesystem::path>
      files;  ///< one reader each, at most 15; none: a card of `profile` and `seed`
  std::string profile = "standard";
  std::uint64_t seed = 1;            ///< which synthetic person, keys and certificates
  std::vector<std::string> command;  ///< program and arguments; empty: serve until SIGINT or SIGTERM
  bool holder_consents = false;      ///< phones: the holder agrees to everything
  bool system_pcscd = false;         ///< the machine's own pcscd with the vpcd driver at its usual ports
  std::optional<RfTiming> timing;    ///< none: every command is answered at once
  /// Called after each command, from the thread of that card; `card` counts from 0.
  std::function<void(std::size_t card, const ApduTrace& trace, const CardProfile& profile)> on_apdu;
};

/// Lays the cards on readers and says on `out` in a few lines how to reach them. With a command: runs it with
/// PCSCLITE_CSOCK_NAME set and returns its exit code (128 + signal when a signal ended it). Returns 0 after
/// an interrupted serving, 2 with one line on `err` when a card file is bad or the environment forbids it (no
/// pcscd, no driver, ports). Call from the main thread of a program: pcscd ends when the calling thread does.
[[nodiscard]] int serve_card(const ServeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace shogo::sim
