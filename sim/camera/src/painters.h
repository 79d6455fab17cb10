// Painters: threads that draw what they are told to, until told to go home.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <shogo/base/clock.h>
#include <shogo/sim/camera_feed.h>

namespace shogo::sim {

class Painters {
 public:
  /// All are called with the lock held, in the order of this list.
  struct Office {
    std::function<std::optional<std::uint64_t>()> next;  ///< the frame to draw, if any; changes nothing
    std::function<Nanoseconds(std::uint64_t)> take;      ///< that frame is under way; its time
    std::function<void(std::uint64_t, Picture, Nanoseconds cost)> drawn;
  };
  Painters(const Scene& scene, Clock& clock, int threads, Office office);
  /// Waits until what is under way is done.
  ~Painters();
  Painters(const Painters&) = delete;
  Painters& operator=(const Painters&) = delete;

  std::mutex& mutex() { return mutex_; }
  /// Whoever changes what `next` depends on must say so; painters say so too when they have drawn.
  std::condition_variable& changed() { return changed_; }

 private:
  void paint();

  const Scene& scene_;
  Clock& clock_;
  Office office_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool home_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace shogo::sim
