// `shogo card serve [--seed N] [-- COMMAND…]`: the standard synthetic card on a private pcscd.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace shogo::sim {

struct ServeOptions {
  std::uint64_t seed = 1;            ///< which synthetic person, keys and certificates
  std::vector<std::string> command;  ///< program and arguments; empty: serve until SIGINT or SIGTERM
};

/// Lays the card on a reader and says on `out` in a few lines how to reach it. With a command: runs it with
/// PCSCLITE_CSOCK_NAME set and returns its exit code (128 + signal when a signal ended it). Returns 0 after
/// an interrupted serving, 2 with one line on `err` when the environment forbids it (no pcscd, no driver,
/// ports). Call from the main thread of a program: pcscd ends when the calling thread does.
[[nodiscard]] int serve_card(const ServeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace shogo::sim
