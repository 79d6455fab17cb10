#include <atomic>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/shared_clock.h>
#include <shogo/sim/camera_feed.h>

namespace shogo::sim {
namespace {

using std::chrono::seconds;

/// A picture that tells its time.
Picture at(Nanoseconds time) {
  const auto ms = static_cast<std::uint8_t>(time / milliseconds{1});
  return {{2, 2, 3, Bytes(12, ms)}, std::to_string(time.count())};
}

class Kept final : public FrameSink {
 public:
  Result<void> take(const FeedFrame& frame) override {
    const std::lock_guard lock(mutex_);
    if (frames_.size() == enough) return Error{Code::kCancelled, "enough"};
    if (frames_.size() == broken) return Error{Code::kExhausted, "full"};
    frames_.push_back(frame);
    return {};
  }
  Result<void> finish() override {
    finished = true;
    return {};
  }
  std::vector<FeedFrame> frames() {
    const std::lock_guard lock(mutex_);
    return frames_;
  }
  std::atomic<bool> finished = false;
  std::size_t enough = 1'000'000, broken = 1'000'000;

 private:
  std::mutex mutex_;
  std::vector<FeedFrame> frames_;
};

bool go_on(std::uint64_t /*unused*/) {
  return true;
}

TEST(Play, in_virtual_time_every_frame_is_on_time_however_long_drawing_takes) {
  const auto folder = TemporaryFolder::create("shogo-feed").value();
  const auto clock = SharedClock::create(folder.path() / "clock", Nanoseconds{0}).value();
  clock->set_virtual(true);
  const Nanoseconds begin = clock->now();
  Kept kept;
  FrameSink* sink = &kept;
  // Real work that takes far longer than a period would on this machine's clock, several pictures at once.
  const Scene slow = [](Nanoseconds time) {
    volatile std::uint64_t work = 0;
    for (int i = 0; i < 2'000'000; ++i) work = work + static_cast<std::uint64_t>(i);
    return at(time);
  };
  std::optional<Result<FeedReport>> report;
  std::thread playing([&] { report = play(slow, {500, 50, 2, 4}, *clock, {&sink, 1}, go_on); });
  while (kept.frames().empty())
    std::this_thread::yield();  // the feed has begun: its threads are known to the clock
  ASSERT_TRUE(clock->advance(milliseconds{200}, Nanoseconds{0}, milliseconds{60'000}).ok());
  playing.join();
  ASSERT_TRUE(report->ok());
  EXPECT_EQ((*report)->shown, 50U);
  EXPECT_EQ((*report)->dropped, 0U);
  EXPECT_EQ((*report)->lateness.most_ms(), 0);
  EXPECT_EQ((*report)->interval.deviation_ms(), 0);
  const auto frames = kept.frames();
  ASSERT_EQ(frames.size(), 50U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].number, i + 1);
    EXPECT_EQ(frames[i].time, milliseconds{2} * i);
    EXPECT_EQ(frames[i].timestamp - begin, milliseconds{2} * i);
    EXPECT_EQ(frames[i].picture.truth, std::to_string(frames[i].time.count()));
  }
}

TEST(Play, a_frame_is_drawn_ahead_and_shown_at_its_moment) {
  VirtualClock clock;
  std::atomic<int> drawn = 0;
  const Scene scene = [&](Nanoseconds time) {
    ++drawn;
    return at(time);
  };
  Kept kept;
  FrameSink* sink = &kept;
  std::thread playing([&] { EXPECT_TRUE(play(scene, {10, 6, 1, 3}, clock, {&sink, 1}, go_on).ok()); });
  // The first at once; of the next, three lie ready and none is shown.
  while (kept.frames().empty() || drawn < 4) std::this_thread::yield();
  EXPECT_EQ(kept.frames().size(), 1U);
  for (std::size_t i = 1; i < 6; ++i) {
    clock.advance(milliseconds{100});
    while (kept.frames().size() < i + 1) std::this_thread::yield();
    EXPECT_EQ(kept.frames().size(), i + 1);
    EXPECT_EQ(kept.frames().back().timestamp, milliseconds{100} * i);
  }
  playing.join();
}

TEST(Play, ends_when_a_sink_has_enough_or_nobody_wants_more_and_finishes_its_sinks) {
  RealClock clock;
  Kept kept;
  kept.enough = 3;
  FrameSink* sink = &kept;
  const auto first = play(at, {1000, 0, 2, 2}, clock, {&sink, 1}, go_on);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(kept.frames().size(), 3U);
  EXPECT_TRUE(kept.finished);
  Kept other;
  sink = &other;
  ASSERT_TRUE(play(at, {1000, 0, 2, 2}, clock, {&sink, 1}, [](std::uint64_t n) { return n < 5; }).ok());
  EXPECT_EQ(other.frames().size(), 5U);
}

TEST(Play, a_sink_that_fails_ends_the_feed_with_its_error) {
  RealClock clock;
  Kept kept;
  kept.broken = 2;
  FrameSink* sink = &kept;
  const auto report = play(at, {1000, 0, 2, 2}, clock, {&sink, 1}, go_on);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code(), Code::kExhausted);
  EXPECT_FALSE(kept.finished);
}

TEST(Record, gives_every_frame_in_order_whatever_the_threads) {
  for (const int threads : {1, 2, 5}) {
    Kept kept;
    FrameSink* sink = &kept;
    ASSERT_TRUE(record(at, {25, 40, threads, 4}, {&sink, 1}, go_on).ok());
    const auto frames = kept.frames();
    ASSERT_EQ(frames.size(), 40U);
    EXPECT_TRUE(kept.finished);
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(frames[i].number, i + 1);
      EXPECT_EQ(frames[i].time, milliseconds{40} * i);
      EXPECT_EQ(frames[i].picture.truth, std::to_string(frames[i].time.count()));
    }
  }
}

TEST(Record, that_is_stopped_or_fails_finishes_nothing) {
  Kept kept;
  FrameSink* sink = &kept;
  const auto stopped = record(at, {25, 40, 2, 4}, {&sink, 1}, [](std::uint64_t n) { return n < 7; });
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code(), Code::kCancelled);
  EXPECT_FALSE(kept.finished);
  kept.broken = 9;
  EXPECT_EQ(record(at, {25, 40, 2, 4}, {&sink, 1}, go_on).error().code(), Code::kExhausted);
  EXPECT_FALSE(kept.finished);
}

TEST(Record, without_a_number_of_frames_is_refused) {
  EXPECT_EQ(record(at, {25, 0, 1, 1}, {}, go_on).error().code(), Code::kInvalid);
  EXPECT_EQ(record(at, {0, 9, 1, 1}, {}, go_on).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace shogo::sim
