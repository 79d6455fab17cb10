#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <shogo/base/clock.h>

namespace shogo {
namespace {

TEST(Jst, formats_and_parses_the_same_moment) {
  const Nanoseconds t = parse_jst("2026-04-01T09:00:00");
  EXPECT_EQ(format_jst(t), "2026-04-01T09:00:00+09:00");
  EXPECT_EQ(parse_jst("2026-04-01T09:00:00+09:00"), t);
  EXPECT_EQ(format_jst(parse_jst("2019-05-01")), "2019-05-01T00:00:00+09:00");
  EXPECT_EQ(parse_jst("yesterday"), Nanoseconds{-1});
  EXPECT_EQ(parse_jst("2026-04-01T09:00:00Z"), Nanoseconds{-1});
}

TEST(VirtualClock, sleeper_sleeps_exactly_as_much_virtual_time_as_asked) {
  VirtualClock clock;
  Nanoseconds slept{0};
  std::atomic<bool> awake{false};
  std::thread sleeper([&] {
    const Nanoseconds start = clock.now();
    clock.sleep_for(milliseconds(100));
    slept = clock.now() - start;
    awake = true;
  });
  while (!awake) clock.advance(milliseconds(1));
  sleeper.join();
  EXPECT_GE(slept, milliseconds(100));
}

TEST(VirtualClock, wait_ends_without_success_at_its_deadline) {
  VirtualClock clock;
  std::mutex mutex;
  std::condition_variable condition;
  std::atomic<bool> ended{false};
  // Moves until the wait is over: one jump could come before the waiter has worked out its deadline.
  std::thread mover([&] {
    while (!ended) clock.advance(std::chrono::minutes(1));
  });
  std::unique_lock lock(mutex);
  EXPECT_FALSE(clock.wait_for(lock, condition, std::chrono::minutes(59), [] { return false; }));
  ended = true;
  mover.join();
}

TEST(RealClock, wall_time_starts_where_the_scenario_says) {
  const RealClock clock(parse_jst("2026-04-01T09:00:00"));
  EXPECT_EQ(format_jst(clock.wall_now()).substr(0, 15), "2026-04-01T09:0");
}

}  // namespace
}  // namespace shogo
