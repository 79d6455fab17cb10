#include <vector>

#include <gtest/gtest.h>

#include <shogo/reference/link_timing.h>

namespace shogo::reference {
namespace {

constexpr Nanoseconds at(std::int64_t ms) {
  return milliseconds(ms);
}

TEST(LinkTiming, a_peer_that_falls_silent_at_any_moment_is_given_up_before_its_third_beat) {
  for (const milliseconds beat : {kShortestHeartbeat, kDefaultHeartbeat, kLongestHeartbeat}) {
    const LinkTiming timing = timing_with(beat);
    EXPECT_LT(timing.silence, beat * 3);
    EXPECT_GT(timing.silence, beat * 2) << "one late beat must not cut a living link";
  }
}

TEST(LinkTiming, a_heartbeat_outside_its_range_is_brought_into_it) {
  EXPECT_EQ(timing_with(milliseconds(1)).heartbeat, kShortestHeartbeat);
  EXPECT_EQ(timing_with(milliseconds(31'000)).heartbeat, kLongestHeartbeat);
}

TEST(Backoff, the_first_attempt_is_made_at_once) {
  EXPECT_LE(Backoff(LinkTiming{}).next(), at(0));
}

TEST(Backoff, attempts_are_never_closer_than_a_second_and_never_further_apart_than_the_longest_wait) {
  const LinkTiming timing;
  Backoff backoff(timing);
  Nanoseconds now = at(5);
  std::vector<std::int64_t> gaps;
  for (int i = 0; i < 10; ++i) {
    backoff.tried(now);
    backoff.failed();
    gaps.push_back(std::chrono::duration_cast<milliseconds>(backoff.next() - now).count());
    now = backoff.next();
  }
  EXPECT_EQ(gaps, (std::vector<std::int64_t>{1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000, 8000}));
}

TEST(Backoff, after_a_connection_that_held_the_next_attempt_is_made_at_once) {
  Backoff backoff(LinkTiming{});
  backoff.tried(at(0));
  backoff.failed();
  backoff.tried(at(1000));
  backoff.lost(at(60'000));
  EXPECT_LE(backoff.next(), at(61'000));
  backoff.tried(at(61'000));
  backoff.failed();
  EXPECT_EQ(backoff.next(), at(62'000));
}

TEST(Backoff, a_peer_that_accepts_and_hangs_up_is_not_stormed) {
  Backoff backoff(LinkTiming{});
  backoff.tried(at(0));
  backoff.lost(at(1));
  EXPECT_EQ(backoff.next(), at(1000));
  backoff.tried(at(1000));
  backoff.lost(at(1));
  EXPECT_EQ(backoff.next(), at(3000));
}

TEST(Backoff, a_shorter_longest_wait_is_in_force_for_the_attempt_that_waits_already) {
  Backoff backoff(LinkTiming{});
  Nanoseconds now = at(0);
  for (int i = 0; i < 5; ++i) {
    backoff.tried(now);
    backoff.failed();
    now = backoff.next();
  }
  LinkTiming shorter;
  shorter.longest_retry = milliseconds(1'000);
  backoff.use(shorter);
  EXPECT_EQ(backoff.next(), now - at(7000));
}

}  // namespace
}  // namespace shogo::reference
