#include <gtest/gtest.h>

#include <shogo/sim/feed_schedule.h>

namespace shogo::sim {
namespace {

constexpr milliseconds kMs{1};

/// A machine of one painter on paper: draws a frame in `cost`, shows what is due whenever it is.
struct Played {
  std::vector<std::uint64_t> shown;
  std::uint64_t dropped = 0;
  Nanoseconds latest{0};  ///< worst lateness
};
Played play_on_paper(FeedSchedule schedule, int painters, milliseconds cost) {
  struct Job {
    std::uint64_t frame;
    Nanoseconds done;
  };
  std::vector<Job> jobs;
  Played played;
  Nanoseconds now{0};
  for (int tick = 0; tick < 200'000 && !schedule.over(now); ++tick, now += std::chrono::microseconds{250}) {
    for (std::size_t i = 0; i < jobs.size();)
      if (jobs[i].done <= now) {
        schedule.drawn(jobs[i].frame, cost);
        jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    if (!schedule.started() && schedule.filled()) schedule.start(now);
    while (static_cast<int>(jobs.size()) < painters) {
      const auto frame = schedule.next_to_draw(now);
      if (!frame) break;
      schedule.take(*frame);
      jobs.push_back({*frame, now + cost});
    }
    if (const auto frame = schedule.show(now)) {
      played.shown.push_back(*frame);
      played.latest = std::max(played.latest, now - schedule.due(*frame));
    }
  }
  schedule.leave_rest();
  played.dropped = schedule.dropped();
  return played;
}

TEST(FeedSchedule, frames_lie_evenly_and_meet_the_second_for_years) {
  const FeedSchedule schedule(30, 4, 0);
  EXPECT_EQ(schedule.time_of(0), Nanoseconds{0});
  EXPECT_EQ(schedule.time_of(1), Nanoseconds{33'333'333});
  EXPECT_EQ(schedule.time_of(30), std::chrono::seconds{1});
  EXPECT_EQ(schedule.time_of(30ULL * 3600 * 24 * 365 * 50), std::chrono::hours{24 * 365 * 50});
}

TEST(FeedSchedule, a_machine_that_is_fast_enough_drops_nothing) {
  const Played played = play_on_paper(FeedSchedule(30, 4, 90), 1, milliseconds{30});
  EXPECT_EQ(played.shown.size(), 90U);
  EXPECT_EQ(played.dropped, 0U);
  EXPECT_LE(played.latest, kMs);
}

TEST(FeedSchedule, two_painters_carry_what_one_cannot) {
  const Played played = play_on_paper(FeedSchedule(30, 4, 90), 2, milliseconds{60});
  EXPECT_EQ(played.shown.size(), 90U);
  EXPECT_LE(played.latest, kMs);
}

TEST(FeedSchedule, a_machine_that_is_too_slow_drops_frames_and_does_not_fall_behind) {
  const Played played = play_on_paper(FeedSchedule(30, 4, 300), 1, milliseconds{90});
  // 10 s of 30 frames; one in 90 ms is 111.
  ASSERT_NEAR(static_cast<double>(played.shown.size()), 111, 6);
  EXPECT_EQ(played.shown.size() + played.dropped, 300U);
  EXPECT_LE(played.latest, milliseconds{17});
  EXPECT_GE(played.shown.back(), 295U);
  EXPECT_TRUE(std::is_sorted(played.shown.begin(), played.shown.end()));
}

TEST(FeedSchedule, no_more_than_ahead_is_drawn_before_its_time) {
  FeedSchedule schedule(30, 3, 0);
  for (std::uint64_t i = 0; i < 3; ++i) {
    ASSERT_EQ(schedule.next_to_draw(Nanoseconds{0}), i);
    schedule.take(i);
    schedule.drawn(i, kMs);
  }
  EXPECT_FALSE(schedule.next_to_draw(Nanoseconds{0}).has_value());
  EXPECT_TRUE(schedule.filled());
  schedule.start(Nanoseconds{0});
  EXPECT_FALSE(schedule.next_to_draw(Nanoseconds{0}).has_value());
  EXPECT_EQ(schedule.show(Nanoseconds{0}), 0U);
  EXPECT_EQ(schedule.next_to_draw(Nanoseconds{0}), 3U);
}

TEST(FeedSchedule, of_two_that_are_due_the_newer_is_shown_and_a_straggler_is_dropped) {
  FeedSchedule schedule(10, 4, 0);
  for (std::uint64_t i = 0; i < 4; ++i) schedule.take(i);
  schedule.start(Nanoseconds{0});
  schedule.drawn(1, kMs);
  schedule.drawn(2, kMs);
  EXPECT_FALSE(schedule.show(99 * kMs).has_value());
  EXPECT_EQ(schedule.show(200 * kMs), 2U);
  EXPECT_EQ(schedule.dropped_now(), (std::set<std::uint64_t>{1}));
  schedule.drawn(0, kMs);
  EXPECT_EQ(schedule.dropped_now(), (std::set<std::uint64_t>{0}));
  EXPECT_EQ(schedule.dropped(), 2U);
  EXPECT_EQ(schedule.next_ready(), std::nullopt);
}

TEST(FeedSchedule, a_pause_of_the_machine_costs_the_frames_of_the_pause_and_no_more) {
  FeedSchedule schedule(10, 2, 0);
  for (std::uint64_t i = 0; i < 2; ++i) {
    schedule.take(i);
    schedule.drawn(i, 20 * kMs);
  }
  schedule.start(Nanoseconds{0});
  EXPECT_EQ(schedule.show(1'000 * kMs), 1U);
  const auto next = schedule.next_to_draw(1'000 * kMs);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(*next, 10U);
}

TEST(FeedSchedule, whatever_the_pause_and_the_cost_there_is_always_something_to_draw_next) {
  for (int pause = 0; pause < 3'000; pause += 7)
    for (const int cost : {1, 20, 90, 400, 5'000}) {
      FeedSchedule schedule(10, 2, 0);
      for (std::uint64_t i = 0; i < 2; ++i) {
        schedule.take(i);
        schedule.drawn(i, cost * kMs);
      }
      schedule.start(Nanoseconds{0});
      (void)schedule.show(pause * kMs);
      const auto next = schedule.next_to_draw(pause * kMs);
      if (pause == 0 && !next) continue;  // the second one is ready still
      ASSERT_TRUE(next.has_value()) << pause << " ms, cost " << cost;
      EXPECT_GE(schedule.due(*next) + 50 * kMs, (pause + cost) * kMs);
    }
}

TEST(FeedSchedule, the_end_is_reached_although_the_last_frames_came_too_late) {
  FeedSchedule schedule(10, 2, 5);
  schedule.take(0);
  schedule.drawn(0, 200 * kMs);
  schedule.start(Nanoseconds{0});
  EXPECT_EQ(schedule.show(Nanoseconds{0}), 0U);
  EXPECT_FALSE(schedule.over(Nanoseconds{0}));
  EXPECT_TRUE(schedule.over(400 * kMs));
  schedule.leave_rest();
  EXPECT_EQ(schedule.dropped(), 4U);
}

}  // namespace
}  // namespace shogo::sim
