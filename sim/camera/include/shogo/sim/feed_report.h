// What a live feed achieved: how many frames came, and how well in time. Bounded memory, however long it
// runs.
#pragma once

#include <cstdint>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/clock.h>

namespace shogo::sim {

/// Durations, counted in steps of 10 microseconds up to ten seconds; what is longer counts as ten.
class Durations {
 public:
  void add(Nanoseconds duration);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean_ms() const;
  /// Sample standard deviation.
  [[nodiscard]] double deviation_ms() const;
  /// The least duration that `share` of all do not exceed; upper edge of its step. 0 when there is none.
  [[nodiscard]] double quantile_ms(double share) const;
  [[nodiscard]] double most_ms() const { return most_ms_; }

 private:
  std::vector<std::uint32_t> steps_;
  std::uint64_t count_ = 0;
  double mean_ = 0, squares_ = 0, most_ms_ = 0;
};

struct FeedReport {
  int fps = 0;  ///< asked for
  std::uint64_t shown = 0, dropped = 0;
  Nanoseconds lasted{0};  ///< from the first frame's due moment to a period after the last one's
  Durations lateness;     ///< of a frame behind its moment
  Durations interval;     ///< between one frame and the next, as shown
  Durations drawing;      ///< of one frame on one thread
};
[[nodiscard]] double achieved_fps(const FeedReport& report);
[[nodiscard]] boost::json::object to_json(const FeedReport& report);

}  // namespace shogo::sim
