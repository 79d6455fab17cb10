#include <algorithm>
#include <climits>
#include <cstdio>
#include <ctime>
#include <thread>

#include <fmt/core.h>

#include <shogo/base/clock.h>

namespace shogo {
namespace {

constexpr std::int64_t kJstOffset_s = 9 * 3600;
// A wait under virtual time looks again this often in real time, because the waiter's own condition
// variable is not told when the clock moves.
constexpr milliseconds kVirtualPoll{1};

}  // namespace

RealClock::RealClock(Nanoseconds wall_start)
    : wall_offset_(wall_start - std::chrono::duration_cast<Nanoseconds>(
                                    std::chrono::system_clock::now().time_since_epoch())) {}

Nanoseconds RealClock::now() const {
  return std::chrono::duration_cast<Nanoseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

Nanoseconds RealClock::wall_now() const {
  return std::chrono::duration_cast<Nanoseconds>(std::chrono::system_clock::now().time_since_epoch()) +
         wall_offset_;
}

void RealClock::sleep_for(Nanoseconds duration) {
  std::this_thread::sleep_for(duration);
}

bool RealClock::wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                         Nanoseconds duration, const std::function<bool()>& done) {
  return condition.wait_for(lock, duration, done);
}

int RealClock::poll(std::span<pollfd> descriptors, Nanoseconds duration) {
  const auto left = std::chrono::ceil<milliseconds>(duration).count();
  const int limit = duration.count() < 0 ? -1 : static_cast<int>(std::min<std::int64_t>(left, INT_MAX));
  return std::max(0, ::poll(descriptors.data(), descriptors.size(), limit));
}

Nanoseconds VirtualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Nanoseconds VirtualClock::wall_now() const {
  return wall_start_ + now();
}

void VirtualClock::sleep_for(Nanoseconds duration) {
  std::unique_lock lock(mutex_);
  const Nanoseconds deadline = now_ + duration;
  moved_.wait(lock, [&] { return now_ >= deadline; });
}

bool VirtualClock::wait_for(std::unique_lock<std::mutex>& lock, std::condition_variable& condition,
                            Nanoseconds duration, const std::function<bool()>& done) {
  const Nanoseconds deadline = now() + duration;
  while (!done()) {
    if (now() >= deadline) return false;
    condition.wait_for(lock, kVirtualPoll);
  }
  return true;
}

int VirtualClock::poll(std::span<pollfd> descriptors, Nanoseconds duration) {
  const Nanoseconds deadline = now() + duration;
  for (;;) {
    const bool over = duration.count() >= 0 && now() >= deadline;
    const int ready =
        ::poll(descriptors.data(), descriptors.size(), over ? 0 : static_cast<int>(kVirtualPoll.count()));
    if (ready != 0 || over) return std::max(0, ready);
  }
}

void VirtualClock::advance(Nanoseconds duration) {
  {
    const std::lock_guard lock(mutex_);
    now_ += duration;
  }
  moved_.notify_all();
}

std::string format_jst(Nanoseconds wall) {
  const std::time_t seconds = static_cast<std::time_t>(wall.count() / 1'000'000'000 + kJstOffset_s);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+09:00", tm.tm_year + 1900, tm.tm_mon + 1,
                     tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

Nanoseconds parse_jst(const std::string& text) {
  std::tm tm{};
  int used = 0;
  const int n = std::sscanf(text.c_str(), "%4d-%2d-%2d%nT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
                            &used, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &used);
  if (n != 3 && n != 6) return Nanoseconds{-1};
  const std::string rest = text.substr(static_cast<std::size_t>(used));
  if (!rest.empty() && rest != "+09:00") return Nanoseconds{-1};
  tm.tm_year -= 1900;
  tm.tm_mon -= 1;
  return Nanoseconds{(timegm(&tm) - kJstOffset_s) * 1'000'000'000};
}

}  // namespace shogo
