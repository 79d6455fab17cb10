// A clock whose counter begins again at 0 after `period`, as one of too few bits does, behind a guard that
// never lets time go back: after the wrap it stands still for another period. Only defects use it.
#pragma once

#include <algorithm>
#include <atomic>

#include <shogo/base/clock.h>

namespace shogo::reader {

class WrappingClock final : public Clock {
 public:
  WrappingClock(Clock& clock, Nanoseconds period) : clock_(clock), period_(period) {}
  [[nodiscard]] Nanoseconds now() const override {
    const std::int64_t counter = (clock_.now() % period_).count();
    std::int64_t highest = highest_;
    while (counter > highest && !highest_.compare_exchange_weak(highest, counter)) {
    }
    return Nanoseconds{std::max(counter, highest)};
  }
  [[nodiscard]] Nanoseconds wall_now() const override { return clock_.wall_now(); }
  void sleep_for(Nanoseconds duration) override { clock_.sleep_for(duration); }
  bool wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Nanoseconds duration,
                const std::function<bool()>& done) override {
    return clock_.wait_for(lock, condition, duration, done);
  }
  int poll(std::span<pollfd> descriptors, Nanoseconds duration) override {
    return clock_.poll(descriptors, duration);
  }
  void enter_thread() override { clock_.enter_thread(); }
  void leave_thread() override { clock_.leave_thread(); }
  void go_outside() override { clock_.go_outside(); }
  void come_back() override { clock_.come_back(); }

 private:
  Clock& clock_;
  Nanoseconds period_;
  mutable std::atomic<std::int64_t> highest_{0};
};

}  // namespace shogo::reader
