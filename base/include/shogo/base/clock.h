// Clock: the only way logic in shogo learns or waits for time. Real on a desk, virtual in tests and long
// runs. All functions may be called from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <poll.h>
#include <span>
#include <string>

namespace shogo {

using Nanoseconds = std::chrono::nanoseconds;
using std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Monotonic time since an arbitrary start.
  [[nodiscard]] virtual Nanoseconds now() const = 0;
  /// Civil time as nanoseconds since 1970-01-01T00:00:00Z. A scenario may put it anywhere.
  [[nodiscard]] virtual Nanoseconds wall_now() const = 0;
  virtual void sleep_for(Nanoseconds duration) = 0;
  /// Waits on `condition` until `done()` or until `duration` of this clock's time is over; returns done().
  /// Whoever changes what `done` looks at must notify `condition`.
  virtual bool wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                        Nanoseconds duration, const std::function<bool()>& done) = 0;
  /// poll(2) on this clock's time: waits until a descriptor is ready or `duration` is over; negative: without
  /// end. Returns how many are ready, 0 when the time was over; a signal counts as none ready.
  virtual int poll(std::span<pollfd> descriptors, Nanoseconds duration) = 0;

  // What a clock that can stand still must know of its threads; for ClockThread and OutsideCall below.
  virtual void enter_thread() {}
  virtual void leave_thread() {}
  virtual void go_outside() {}
  virtual void come_back() {}
};

/// For waits that only an event ends.
constexpr Nanoseconds kForever = std::chrono::hours(24 * 365 * 100);

/// The calling thread does all its waiting on this clock for as long as the object lives; virtual time stands
/// still whenever it does not wait (shared_clock.h).
class ClockThread {
 public:
  explicit ClockThread(Clock& clock) : clock_(clock) { clock_.enter_thread(); }
  ~ClockThread() { clock_.leave_thread(); }
  ClockThread(const ClockThread&) = delete;
  ClockThread& operator=(const ClockThread&) = delete;

 private:
  Clock& clock_;
};

/// The calling thread asks somebody who keeps a clock of his own (PC/SC, a foreign library): virtual time
/// waits for his answer, but not without end.
class OutsideCall {
 public:
  explicit OutsideCall(Clock& clock) : clock_(clock) { clock_.go_outside(); }
  ~OutsideCall() { clock_.come_back(); }
  OutsideCall(const OutsideCall&) = delete;
  OutsideCall& operator=(const OutsideCall&) = delete;

 private:
  Clock& clock_;
};

/// The machine's clocks; civil time may be shifted so that a scenario plays on its own date.
class RealClock final : public Clock {
 public:
  RealClock() = default;
  /// Civil time starts at `wall_start` at the moment of construction and runs at the normal pace.
  explicit RealClock(Nanoseconds wall_start);
  [[nodiscard]] Nanoseconds now() const override;
  [[nodiscard]] Nanoseconds wall_now() const override;
  void sleep_for(Nanoseconds duration) override;
  bool wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Nanoseconds duration,
                const std::function<bool()>& done) override;
  int poll(std::span<pollfd> descriptors, Nanoseconds duration) override;

 private:
  Nanoseconds wall_offset_{0};
};

/// Time that moves only by advance(). Sleepers wake in the order of their deadlines.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Nanoseconds wall_start = Nanoseconds{0}) : wall_start_(wall_start) {}
  [[nodiscard]] Nanoseconds now() const override;
  [[nodiscard]] Nanoseconds wall_now() const override;
  void sleep_for(Nanoseconds duration) override;
  bool wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Nanoseconds duration,
                const std::function<bool()>& done) override;
  int poll(std::span<pollfd> descriptors, Nanoseconds duration) override;
  void advance(Nanoseconds duration);

 private:
  mutable std::mutex mutex_;
  std::condition_variable moved_;
  Nanoseconds now_{0};
  Nanoseconds wall_start_;
};

/// "2026-04-01T09:00:00+09:00": Japan has had one offset and no daylight saving time since 1952.
[[nodiscard]] std::string format_jst(Nanoseconds wall);
/// "2026-04-01" or "2026-04-01T09:00:00" as Japan time; nullopt-like negative value when malformed.
[[nodiscard]] Nanoseconds parse_jst(const std::string& text);

}  // namespace shogo
