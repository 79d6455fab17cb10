// How often a password may be tried (3-20.b). Pure: time comes in, time goes out. A few tries are free, then
// every wrong one doubles the wait. What comes while one has to wait is not looked at and counts as nothing:
// whoever floods the door cannot keep the staff out for longer than one wait.
#pragma once

#include <algorithm>

#include <shogo/base/clock.h>

namespace shogo::agent {

class AttemptLimit {
 public:
  static constexpr int kFree = 5;
  static constexpr milliseconds kFirstWait{1'000};
  static constexpr milliseconds kLongestWait{60'000};

  /// How long until the next try is looked at; 0: now.
  [[nodiscard]] milliseconds wait(Nanoseconds now) const {
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(next_ - now));
  }
  void failed(Nanoseconds now) { resume(failures_ + 1, now); }
  /// So many wrong ones in a row were counted before; whatever was left of the wait begins anew, because a
  /// program that has just started knows no time that nobody could have turned.
  void resume(int failures, Nanoseconds now) {
    failures_ = failures;
    if (failures_ < kFree) return;
    const int doublings = std::min(failures_ - kFree, 16);
    next_ = now + std::min(kFirstWait * (1 << doublings), kLongestWait);
  }
  void succeeded() {
    failures_ = 0;
    next_ = Nanoseconds{0};
  }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  int failures_ = 0;
  Nanoseconds next_{0};
};

}  // namespace shogo::agent
