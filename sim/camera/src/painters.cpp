#include "painters.h"

#include <algorithm>

namespace shogo::sim {

Painters::Painters(const Scene& scene, Clock& clock, int threads, Office office)
    : scene_(scene), clock_(clock), office_(std::move(office)) {
  for (int i = 0; i < std::max(1, threads); ++i) threads_.emplace_back([this] { paint(); });
}

Painters::~Painters() {
  {
    const std::lock_guard lock(mutex_);
    home_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Painters::paint() {
  // While somebody paints, virtual time stands still: nothing is ever late there.
  const ClockThread on_clock(clock_);
  std::unique_lock lock(mutex_);
  for (;;) {
    clock_.wait_for(lock, changed_, kForever, [&] { return home_ || office_.next().has_value(); });
    if (home_) return;
    const auto frame = office_.next();
    // A moment later it may be too late for what was possible just now.
    if (!frame) continue;
    const Nanoseconds time = office_.take(*frame);
    lock.unlock();
    const Nanoseconds before = clock_.now();
    Picture picture = scene_(time);
    const Nanoseconds cost = clock_.now() - before;
    lock.lock();
    office_.drawn(*frame, std::move(picture), cost);
    changed_.notify_all();
  }
}

}  // namespace shogo::sim
