#include "visual_check.h"

#include <algorithm>
#include <utility>

namespace shogo::agent {

void VisualCheck::arm() {
  const std::lock_guard lock(mutex_);
  until_ = clock_.now() + kArmedFor;
}

void VisualCheck::disarm() {
  const std::lock_guard lock(mutex_);
  until_.reset();
}

milliseconds VisualCheck::left() const {
  const std::lock_guard lock(mutex_);
  return left_locked();
}

bool VisualCheck::take() {
  const std::lock_guard lock(mutex_);
  const bool armed = left_locked().count() > 0;
  until_.reset();
  return armed;
}

milliseconds VisualCheck::left_locked() const {
  if (!until_) return milliseconds{0};
  return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(*until_ - clock_.now()));
}

}  // namespace shogo::agent
