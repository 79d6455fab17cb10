#include "visual_check.h"

#include <algorithm>
#include <utility>

namespace shogo::agent {

void VisualCheck::arm() {
  {
    const std::lock_guard lock(mutex_);
    until_ = clock_.now() + kArmedFor;
  }
  changed_(Change::kArmed);
}

void VisualCheck::disarm() {
  {
    const std::lock_guard lock(mutex_);
    if (!until_) return;
    until_.reset();
  }
  changed_(Change::kDisarmed);
}

void VisualCheck::look_at_the_clock() {
  {
    const std::lock_guard lock(mutex_);
    if (!until_ || left_locked().count() > 0) return;
    until_.reset();
  }
  changed_(Change::kExpired);
}

milliseconds VisualCheck::left() const {
  const std::lock_guard lock(mutex_);
  return left_locked();
}

bool VisualCheck::take() {
  {
    const std::lock_guard lock(mutex_);
    // What is over and has not been looked at yet is told by look_at_the_clock().
    if (left_locked().count() == 0) return false;
    until_.reset();
  }
  changed_(Change::kUsed);
  return true;
}

milliseconds VisualCheck::left_locked() const {
  if (!until_) return milliseconds{0};
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(*until_ - clock_.now()));
}

}  // namespace shogo::agent
