#include <algorithm>
#include <array>
#include <unistd.h>

#include <sys/eventfd.h>

#include <shogo/reference/poller.h>

namespace shogo::reference {
namespace {

constexpr std::size_t kMostSockets = 7;
constexpr milliseconds kLongestNap{60'000};

}  // namespace

Poller::Poller(Clock& clock) : clock_(clock), bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Poller::ring() {
  const std::uint64_t one = 1;
  // Full is as good as written: the waiting thread wakes either way.
  [[maybe_unused]] const ssize_t n = ::write(bell_.get(), &one, sizeof one);
}

void Poller::wait(std::span<pollfd> sockets, Nanoseconds until) {
  std::array<pollfd, kMostSockets + 1> all{};
  const std::size_t count = std::min(sockets.size(), kMostSockets);
  std::copy_n(sockets.begin(), count, all.begin());
  all[count] = {bell_.get(), POLLIN, 0};
  const Nanoseconds now = clock_.now();
  clock_.poll({all.data(), count + 1},
              until <= now ? Nanoseconds(0) : std::min(until - now, Nanoseconds(kLongestNap)));
  std::copy_n(all.begin(), count, sockets.begin());
  std::uint64_t rung = 0;
  [[maybe_unused]] const ssize_t n = ::read(bell_.get(), &rung, sizeof rung);
}

}  // namespace shogo::reference
