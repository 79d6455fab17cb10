// Feed schedule: which frame of a live feed is drawn next, and which one is shown. A pure state machine: the
// time is handed in, nobody waits here, so every overload can be played through in a unit test.
//
// Frame n (from 0) is due at n / rate after the start. Frames are drawn ahead. A machine that draws too
// slowly never falls behind: frames that could no longer be ready in time are left out before they are
// drawn, and of those that became ready too late only the newest is shown. What was left out is counted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include <shogo/base/clock.h>

namespace shogo::sim {

class FeedSchedule {
 public:
  /// `fps` frames a second, 1 … 1000. `ahead`: so many frames may be under way or lie ready, 1 at least.
  /// `frames`: after so many the feed is over; 0: never.
  FeedSchedule(int fps, int ahead, std::uint64_t frames) : fps_(fps), ahead_(ahead), frames_(frames) {}

  /// Before start() the first frames may be drawn at leisure; then time runs.
  void start(Nanoseconds now) { start_ = now; }
  [[nodiscard]] bool started() const { return start_.has_value(); }
  /// Since the start of the feed.
  [[nodiscard]] Nanoseconds time_of(std::uint64_t frame) const;
  /// On the clock; after start() only.
  [[nodiscard]] Nanoseconds due(std::uint64_t frame) const { return *start_ + time_of(frame); }

  /// A frame to draw now, or none: enough are drawn or under way, or the rest would come too late.
  [[nodiscard]] std::optional<std::uint64_t> next_to_draw(Nanoseconds now) const;
  /// `frame` as next_to_draw() named it; what lies before it is left out.
  void take(std::uint64_t frame);
  /// A frame that was taken is ready; drawing it took `cost`.
  void drawn(std::uint64_t frame, Nanoseconds cost);

  /// The next ready frame that is not shown yet: the moment when to look again.
  [[nodiscard]] std::optional<std::uint64_t> next_ready() const;
  /// Of the ready frames that are due, the newest; older ones are dropped. None when nothing is due.
  [[nodiscard]] std::optional<std::uint64_t> show(Nanoseconds now);
  /// Dropped since it was asked last: frames whose pictures nobody needs any more.
  [[nodiscard]] std::set<std::uint64_t> dropped_now();

  /// As many as `ahead` are ready (or all there are).
  [[nodiscard]] bool filled() const;
  /// Nothing is left to show, and nothing can be drawn in time any more.
  [[nodiscard]] bool over(Nanoseconds now) const;
  /// The frames that will not be drawn are counted as dropped.
  void leave_rest();
  [[nodiscard]] std::uint64_t shown() const { return shown_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// What drawing costs, as far as is known: a running mean that follows slowly.
  [[nodiscard]] Nanoseconds expected_cost() const { return cost_; }

 private:
  int fps_, ahead_;
  std::uint64_t frames_;
  std::optional<Nanoseconds> start_;
  [[nodiscard]] std::uint64_t first_in_time(Nanoseconds now) const;
  std::uint64_t next_ = 0;         ///< the next to take
  std::uint64_t before_show_ = 0;  ///< everything below was shown or dropped
  std::set<std::uint64_t> under_way_, ready_, dropped_now_;
  Nanoseconds cost_{0};
  std::uint64_t shown_ = 0, dropped_ = 0;
};

}  // namespace shogo::sim
