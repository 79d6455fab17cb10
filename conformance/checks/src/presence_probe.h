// A PC/SC client of the bench's own that stays: it watches a reader, connects and asks (shogo-probe
// --session, a process that can be killed when a card never answers).
#pragma once

#include <memory>
#include <string>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/contract/bench_config.h>

namespace shogo::conformance {

class PresenceProbe {
 public:
  static Result<std::unique_ptr<PresenceProbe>> start(const contract::BenchConfig& bench);
  ~PresenceProbe();
  PresenceProbe(const PresenceProbe&) = delete;
  PresenceProbe& operator=(const PresenceProbe&) = delete;

  /// One line to the client, one line back (probe_session.h lists them). kTimeout: it hangs in a PC/SC call;
  /// afterwards nothing more may be asked.
  Result<std::string> ask(const std::string& question, milliseconds limit);

 private:
  PresenceProbe();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::conformance
