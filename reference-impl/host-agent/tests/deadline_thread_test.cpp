#include "deadline_thread.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

constexpr milliseconds kLong{20'000};
constexpr milliseconds kShort{20};

/// A call that returns when it is told to: the mute card of these tests.
struct Mute {
  std::shared_ptr<std::promise<void>> end = std::make_shared<std::promise<void>>();
  std::function<void()> call() const {
    return [until = end->get_future().share()] { until.wait(); };
  }
};

TEST(DeadlineThread, a_call_in_time_is_seen_to_its_end) {
  RealClock clock;
  DeadlineThread calls(clock);
  const auto result = std::make_shared<int>(0);
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(calls.run([result, i] { *result = i; }, kLong));
    EXPECT_EQ(*result, i);
  }
  EXPECT_EQ(calls.left_behind(), 0);
}

TEST(DeadlineThread, a_late_call_is_left_behind_and_the_next_one_runs) {
  RealClock clock;
  DeadlineThread calls(clock);
  const Mute mute;
  EXPECT_FALSE(calls.run(mute.call(), kShort));
  EXPECT_EQ(calls.left_behind(), 1);
  EXPECT_TRUE(calls.run([] {}, kLong));
  mute.end->set_value();
  while (calls.left_behind() != 0) std::this_thread::yield();
}

TEST(DeadlineThread, what_a_late_call_owns_lives_as_long_as_the_call_and_no_longer) {
  RealClock clock;
  DeadlineThread calls(clock);
  const Mute mute;
  auto owned = std::make_shared<int>(7);
  const std::weak_ptr<int> seen = owned;
  EXPECT_FALSE(calls.run([owned = std::move(owned), wait = mute.call()] { wait(); }, kShort));
  EXPECT_FALSE(seen.expired());
  mute.end->set_value();
  while (!seen.expired()) std::this_thread::yield();
}

TEST(DeadlineThread, too_many_lost_calls_are_refused_until_one_comes_back) {
  RealClock clock;
  DeadlineThread calls(clock);
  std::vector<Mute> mutes(DeadlineThread::kMaxLeftBehind);
  for (const Mute& mute : mutes) EXPECT_FALSE(calls.run(mute.call(), kShort));
  const auto ran = std::make_shared<bool>(false);
  EXPECT_FALSE(calls.run([ran] { *ran = true; }, kLong));
  EXPECT_FALSE(*ran);
  mutes.front().end->set_value();
  while (calls.left_behind() == DeadlineThread::kMaxLeftBehind) std::this_thread::yield();
  EXPECT_TRUE(calls.run([ran] { *ran = true; }, kLong));
  EXPECT_TRUE(*ran);
  for (std::size_t i = 1; i < mutes.size(); ++i) mutes[i].end->set_value();
  while (calls.left_behind() != 0) std::this_thread::yield();
}

TEST(DeadlineThread, ends_at_once_although_a_call_never_came_back) {
  RealClock clock;
  const Mute mute;
  {
    DeadlineThread calls(clock);
    EXPECT_FALSE(calls.run(mute.call(), kShort));
  }
  mute.end->set_value();
}

}  // namespace
}  // namespace shogo::agent
