// SharedClock: one time for several processes, kept on a page of shared memory. In real time it is the
// machine's clock; in virtual time it stands still and moves only by advance(), for all processes at once and
// no further than everybody is ready for. A bench creates the page, the processes of a device join it.
//
// Everybody is ready ("quiescent") when every thread that lives on the clock (ClockThread) waits, nothing it
// waits for has happened (no descriptor readable, no condition true, no timer due), and no call to the world
// outside (OutsideCall) is younger than a grace period. Asked twice with nothing done in between, so that no
// message is on its way. What keeps a clock of its own, such as pcscd, is outside: the answer to a call is
// waited for, an event that it will bring by itself is not.
#pragma once

#include <atomic>
#include <filesystem>
#include <list>
#include <memory>
#include <thread>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo {

class SharedClock final : public Clock {
 public:
  /// Civil time begins at `wall_start`, time at 0.
  static Result<std::unique_ptr<SharedClock>> create(const std::filesystem::path& file,
                                                     Nanoseconds wall_start);
  /// The page must exist. kConflict when it has no room for another process.
  static Result<std::unique_ptr<SharedClock>> join(const std::filesystem::path& file);
  ~SharedClock() override;
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;

  [[nodiscard]] Nanoseconds now() const override;
  [[nodiscard]] Nanoseconds wall_now() const override;
  void sleep_for(Nanoseconds duration) override;
  bool wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, Nanoseconds duration,
                const std::function<bool()>& done) override;
  int poll(std::span<pollfd> descriptors, Nanoseconds duration) override;
  void enter_thread() override;
  void leave_thread() override;
  void go_outside() override;
  void come_back() override;

  // --- whoever holds the clock in its hand; one process and thread at a time

  /// Moves civil time and nothing else, as somebody does who sets a wrong date or an empty battery does. Real
  /// and virtual time; any thread.
  void shift_wall(Nanoseconds by);

  /// Time goes on from where it is, in either direction.
  void set_virtual(bool is_virtual);
  [[nodiscard]] bool is_virtual() const;
  /// Moves virtual time by `duration`, from timer to timer, everybody quiescent at each. With `step`, timers
  /// less than a step away fire at its end, as on a machine that is busy: long stretches pass faster. Returns
  /// when everybody is quiescent at the end. kConflict in real time; kTimeout when somebody was not quiescent
  /// within `patience` of real time at one moment (time then stands at that moment).
  Result<void> advance(Nanoseconds duration, Nanoseconds step, milliseconds patience);
  /// Waits for quiescence without moving time.
  Result<void> settle(milliseconds patience);

 private:
  struct Page;
  struct Member;
  struct Waiter;
  class Waiting;
  struct Report {
    bool quiet = true;
    bool by_old_clock = false;  ///< somebody waits who does not know yet that real became virtual, or back
    std::uint64_t activity = 0;
    std::int32_t busy = 0;  ///< one that is not quiet
    Nanoseconds deadline = Nanoseconds::max();
  };
  SharedClock(Page* page, Member* member);
  static Result<Page*> map(const std::filesystem::path& file, int flags);
  static Result<std::unique_ptr<SharedClock>> take_place(Page* page);
  static bool alive(std::int32_t pid);

  void serve();
  Report look();
  bool happened(Waiter& waiter, Nanoseconds now_ns, bool virtual_now);
  void changed_here();
  Report ask_everybody(std::chrono::steady_clock::time_point until);
  Result<Report> settled(milliseconds patience);
  void set(bool is_virtual, Nanoseconds base);

  Page* page_;
  Member* member_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  // guards everything below
  std::condition_variable here_;
  std::list<Waiter*> waiters_;
  int threads_ = 0;          ///< that live on this clock
  int threads_waiting_ = 0;  ///< of them
  std::list<std::pair<std::thread::id, std::chrono::steady_clock::time_point>> outside_;
  std::atomic<std::uint64_t> activity_{0};
  std::thread servant_;
};

}  // namespace shogo
