#include <algorithm>
#include <utility>

#include <shogo/sim/feed_schedule.h>

namespace shogo::sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

Nanoseconds FeedSchedule::time_of(std::uint64_t frame) const {
  // Whole seconds apart, so that a feed of years does not overflow.
  const auto n = static_cast<std::int64_t>(frame);
  return Nanoseconds{n / fps_ * kSecond + n % fps_ * kSecond / fps_};
}

std::uint64_t FeedSchedule::first_in_time(Nanoseconds now) const {
  if (!started()) return next_;
  // Half a period late is still the frame of its moment.
  const Nanoseconds ready = now + cost_ - Nanoseconds{kSecond / fps_ / 2} - *start_;
  if (ready.count() <= 0) return next_;
  const auto whole = static_cast<std::uint64_t>(ready.count() / kSecond);
  const auto rest = ready.count() % kSecond;
  // The first frame at or after `ready`.
  const std::uint64_t first = whole * static_cast<std::uint64_t>(fps_) +
                              static_cast<std::uint64_t>((rest * fps_ + kSecond - 1) / kSecond);
  return std::max(next_, first);
}

std::optional<std::uint64_t> FeedSchedule::next_to_draw(Nanoseconds now) const {
  // Counted in pictures, not in time: after a pause of the machine the next frame in time lies far ahead.
  if (under_way_.size() + ready_.size() >= static_cast<std::size_t>(ahead_)) return std::nullopt;
  const std::uint64_t frame = first_in_time(now);
  if (frames_ != 0 && frame >= frames_) return std::nullopt;
  return frame;
}

void FeedSchedule::take(std::uint64_t frame) {
  dropped_ += frame - next_;
  next_ = frame + 1;
  under_way_.insert(frame);
}

void FeedSchedule::drawn(std::uint64_t frame, Nanoseconds cost) {
  under_way_.erase(frame);
  cost_ = cost_.count() == 0 ? cost : (cost_ * 7 + cost) / 8;
  if (frame < before_show_) {
    ++dropped_;
    dropped_now_.insert(frame);
  } else {
    ready_.insert(frame);
  }
}

std::optional<std::uint64_t> FeedSchedule::next_ready() const {
  if (ready_.empty()) return std::nullopt;
  return *ready_.begin();
}

std::optional<std::uint64_t> FeedSchedule::show(Nanoseconds now) {
  if (!started()) return std::nullopt;
  std::optional<std::uint64_t> newest;
  while (!ready_.empty() && due(*ready_.begin()) <= now) {
    if (newest) {
      ++dropped_;
      dropped_now_.insert(*newest);
    }
    newest = *ready_.begin();
    ready_.erase(ready_.begin());
  }
  if (newest) {
    before_show_ = *newest + 1;
    ++shown_;
  }
  return newest;
}

std::set<std::uint64_t> FeedSchedule::dropped_now() {
  return std::exchange(dropped_now_, {});
}

bool FeedSchedule::filled() const {
  const std::size_t wanted =
      frames_ == 0
          ? static_cast<std::size_t>(ahead_)
          : static_cast<std::size_t>(std::min<std::uint64_t>(frames_, static_cast<std::uint64_t>(ahead_)));
  return ready_.size() >= wanted;
}

bool FeedSchedule::over(Nanoseconds now) const {
  return frames_ != 0 && under_way_.empty() && ready_.empty() && first_in_time(now) >= frames_;
}

void FeedSchedule::leave_rest() {
  if (frames_ == 0 || next_ >= frames_) return;
  dropped_ += frames_ - next_;
  next_ = frames_;
}

}  // namespace shogo::sim
