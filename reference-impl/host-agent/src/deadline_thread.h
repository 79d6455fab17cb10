// Runs calls that may never come back, such as SCardTransmit to a card that stays mute: PC/SC has no time
// limit and no way to cancel one. The call runs on a thread of its own; when it is late, the thread is left
// behind with everything the call owns, ends by itself should the call return after all, and the next call
// gets a fresh one. One thread at a time uses an object.
#pragma once

#include <functional>
#include <memory>

#include <shogo/base/clock.h>

namespace shogo::agent {

class DeadlineThread {
 public:
  /// So many calls may be lost at a time; beyond that run() refuses, or a dead service would eat all threads.
  static constexpr int kMaxLeftBehind = 4;

  explicit DeadlineThread(Clock& clock);
  /// Waits for an idle thread, never for a lost call.
  ~DeadlineThread();
  DeadlineThread(const DeadlineThread&) = delete;
  DeadlineThread& operator=(const DeadlineThread&) = delete;

  /// True when `call` has returned within `limit`. After false nothing the call touches may be touched:
  /// `call` must own it all (shared_ptr captures, no references).
  [[nodiscard]] bool run(std::function<void()> call, milliseconds limit);
  /// Lost calls that have not come back.
  [[nodiscard]] int left_behind() const;

 private:
  struct Worker;
  struct Count;
  static void serve(const std::shared_ptr<Worker>& worker);

  Clock& clock_;
  std::shared_ptr<Count> count_;
  std::shared_ptr<Worker> worker_;
};

}  // namespace shogo::agent
