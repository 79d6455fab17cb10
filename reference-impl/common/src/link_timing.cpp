#include <algorithm>

#include <shogo/reference/link_timing.h>

namespace shogo::reference {

milliseconds LinkTiming::handshake_limit() const {
  return std::clamp(silence, milliseconds(1'000), milliseconds(5'000));
}

LinkTiming timing_with(milliseconds heartbeat) {
  LinkTiming timing;
  timing.heartbeat = std::clamp(heartbeat, kShortestHeartbeat, kLongestHeartbeat);
  timing.silence = timing.heartbeat * 5 / 2;
  return timing;
}

void Backoff::use(const LinkTiming& timing) {
  timing_ = timing;
  delay_ = std::clamp(delay_, timing.first_retry, std::max(timing.first_retry, timing.longest_retry));
  if (last_ != Nanoseconds::min()) next_ = std::min(next_, last_ + delay_);
}

void Backoff::tried(Nanoseconds now) {
  last_ = now;
  next_ = now + delay_;
}

void Backoff::grow() {
  next_ = last_ + delay_;
  delay_ = std::min(delay_ * 2, std::max(timing_.first_retry, timing_.longest_retry));
}

void Backoff::lost(Nanoseconds held) {
  if (held < timing_.heartbeat) return grow();
  delay_ = timing_.first_retry;
  next_ = last_ + delay_;
}

}  // namespace shogo::reference
