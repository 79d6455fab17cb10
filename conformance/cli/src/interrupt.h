// Interrupt: Ctrl-C and friends become a flag that the runner looks at, so that everything is taken down in
// order. A run that does not come to its end within a few seconds ends hard: its processes die with it, and
// the next run removes the half-written folder.
#pragma once

#include <atomic>

namespace shogo::conformance {

class Interrupt {
 public:
  /// Blocks SIGINT, SIGTERM and SIGHUP in this thread and all that it starts. Make one before any other
  /// thread.
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  [[nodiscard]] const std::atomic<bool>* flag() const;

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace shogo::conformance
