#include "painters.h"
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <shogo/sim/camera_feed.h>
#include <shogo/sim/feed_schedule.h>

namespace shogo::sim {
namespace {

Result<void> check(const FeedPlan& plan, bool live) {
  if (plan.fps < 1 || plan.fps > 1000 || plan.threads < 1 || plan.ahead < 1)
    return Error{Code::kInvalid, "a feed has 1 to 1000 frames a second, a thread and a frame ahead at least"};
  if (!live && plan.frames == 0) return Error{Code::kInvalid, "a recording needs a number of frames"};
  return {};
}

/// kCancelled is a sink that has enough, which is no failure.
Result<bool> hand_over(const FeedFrame& frame, std::span<FrameSink* const> sinks) {
  for (FrameSink* sink : sinks) {
    const auto taken = sink->take(frame);
    if (taken.ok()) continue;
    if (taken.error().code() == Code::kCancelled) return false;
    return taken.error();
  }
  return true;
}

Result<void> finish(std::span<FrameSink* const> sinks) {
  for (FrameSink* sink : sinks) SHOGO_CHECK_OK(sink->finish());
  return {};
}

}  // namespace

Result<FeedReport> play(const Scene& scene, const FeedPlan& plan, Clock& clock,
                        std::span<FrameSink* const> sinks, const KeepGoing& keep_going) {
  SHOGO_CHECK_OK(check(plan, true));
  // Who draws on n threads has n frames under way.
  FeedSchedule schedule(plan.fps, std::max(plan.ahead, plan.threads), plan.frames);
  std::map<std::uint64_t, Picture> pictures;
  FeedReport report;
  report.fps = plan.fps;
  const ClockThread on_clock(clock);
  {
    Painters painters(scene, clock, plan.threads,
                      {[&] { return schedule.next_to_draw(clock.now()); },
                       [&](std::uint64_t frame) {
                         schedule.take(frame);
                         return schedule.time_of(frame);
                       },
                       [&](std::uint64_t frame, Picture picture, Nanoseconds cost) {
                         pictures[frame] = std::move(picture);
                         schedule.drawn(frame, cost);
                         report.drawing.add(cost);
                       }});
    std::unique_lock lock(painters.mutex());
    clock.wait_for(lock, painters.changed(), kForever, [&] { return schedule.filled(); });
    schedule.start(clock.now());
    painters.changed().notify_all();
    Nanoseconds before{0};
    bool going = true;
    while (going) {
      clock.wait_for(lock, painters.changed(), kForever,
                     [&] { return schedule.next_ready().has_value() || schedule.over(clock.now()); });
      const auto next = schedule.next_ready();
      if (!next) break;
      // Until it is due, or an earlier one has become ready.
      clock.wait_for(lock, painters.changed(), schedule.due(*next) - clock.now(),
                     [&] { return schedule.next_ready() != next; });
      const auto frame = schedule.show(clock.now());
      for (const std::uint64_t late : schedule.dropped_now()) pictures.erase(late);
      if (!frame) continue;
      painters.changed().notify_all();
      FeedFrame out{*frame + 1, schedule.time_of(*frame), schedule.due(*frame),
                    std::move(pictures.extract(*frame).mapped())};
      lock.unlock();
      const Nanoseconds now = clock.now();
      report.lateness.add(now - out.timestamp);
      if (schedule.shown() > 1) report.interval.add(now - before);
      before = now;
      report.lasted = schedule.time_of(*frame + 1);
      const auto handed = hand_over(out, sinks);
      if (!handed.ok()) return handed.error();
      going = *handed && keep_going(schedule.shown());
      lock.lock();
    }
    if (going) {
      schedule.leave_rest();
      if (plan.frames != 0) report.lasted = schedule.time_of(plan.frames);
    }
  }
  report.shown = schedule.shown();
  report.dropped = schedule.dropped();
  SHOGO_CHECK_OK(finish(sinks));
  return report;
}

Result<void> record(const Scene& scene, const FeedPlan& plan, std::span<FrameSink* const> sinks,
                    const KeepGoing& keep_going) {
  SHOGO_CHECK_OK(check(plan, false));
  RealClock clock;
  const FeedSchedule times(plan.fps, 1, plan.frames);
  const auto window = static_cast<std::uint64_t>(plan.threads + plan.ahead);
  std::uint64_t next = 0, done = 0;
  std::map<std::uint64_t, Picture> pictures;
  Painters painters(scene, clock, plan.threads,
                    {[&]() -> std::optional<std::uint64_t> {
                       if (next >= plan.frames || next >= done + window) return std::nullopt;
                       return next;
                     },
                     [&](std::uint64_t frame) {
                       ++next;
                       return times.time_of(frame);
                     },
                     [&](std::uint64_t frame, Picture picture, Nanoseconds /*unused*/) {
                       pictures[frame] = std::move(picture);
                     }});
  std::unique_lock lock(painters.mutex());
  while (done < plan.frames) {
    clock.wait_for(lock, painters.changed(), kForever, [&] { return pictures.contains(done); });
    FeedFrame out{done + 1, times.time_of(done), times.time_of(done),
                  std::move(pictures.extract(done).mapped())};
    ++done;
    painters.changed().notify_all();
    lock.unlock();
    SHOGO_TRY(const bool more, hand_over(out, sinks));
    if (done < plan.frames && (!more || !keep_going(done)))
      return Error{Code::kCancelled, fmt::format("stopped after {} of {} frames", done, plan.frames)};
    lock.lock();
  }
  lock.unlock();
  (void)keep_going(done);
  return finish(sinks);
}

}  // namespace shogo::sim
