// The one place where the reader link waits: for sockets, for a bell that other threads ring, and for a
// moment of the clock. One thread waits, any thread rings.
#pragma once

#include <poll.h>
#include <span>

#include <shogo/base/clock.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {

class Poller {
 public:
  explicit Poller(Clock& clock);
  void ring();
  /// Returns when a socket has what its pollfd asks for (revents tells), when the bell has rung since the
  /// last wait, or when the clock has reached `until`. Entries with fd -1 are passed over.
  void wait(std::span<pollfd> sockets, Nanoseconds until);

 private:
  Clock& clock_;
  UniqueFd bell_;
};

}  // namespace shogo::reference
