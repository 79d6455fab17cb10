// Two clocks on one page stand for two processes: nothing but the page and a socket joins them.
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <future>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <shogo/base/file.h>
#include <shogo/base/shared_clock.h>

namespace shogo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr milliseconds kPatience{10'000};

class SharedClockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.emplace(TemporaryFolder::create("shogo-clock").value());
    bench_ = SharedClock::create(file(), parse_jst("2026-04-01T09:00:00")).value();
    device_ = SharedClock::join(file()).value();
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_->path() / "clock"; }
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<SharedClock> bench_, device_;
};

TEST_F(SharedClockTest, real_time_runs_for_both_alike_and_civil_time_begins_where_it_should) {
  const Nanoseconds before = bench_->now();
  const Nanoseconds between = device_->now();
  const Nanoseconds after = bench_->now();
  EXPECT_LE(before, between);
  EXPECT_LE(between, after);
  EXPECT_EQ(format_jst(device_->wall_now()).substr(0, 15), "2026-04-01T09:0");
}

TEST_F(SharedClockTest, virtual_time_stands_still_until_it_is_moved_and_never_jumps_back) {
  const Nanoseconds real = device_->now();
  bench_->set_virtual(true);
  const Nanoseconds still = device_->now();
  EXPECT_GE(still, real);
  EXPECT_EQ(device_->now(), still);
  ASSERT_TRUE(bench_->advance(hours(24), {}, kPatience).ok());
  EXPECT_EQ(device_->now(), still + hours(24));
  bench_->set_virtual(false);
  EXPECT_GE(device_->now(), still + hours(24));
  EXPECT_LT(device_->now(), still + hours(25));
}

TEST_F(SharedClockTest, civil_time_can_be_set_wrong_for_everybody_while_timers_go_on) {
  bench_->set_virtual(true);
  const Nanoseconds still = device_->now();
  const Nanoseconds right = device_->wall_now();
  bench_->shift_wall(-right);
  EXPECT_EQ(format_jst(device_->wall_now()), "1970-01-01T09:00:00+09:00");
  EXPECT_EQ(device_->now(), still);
  bench_->shift_wall(right);
  EXPECT_EQ(device_->wall_now(), right);
}

TEST_F(SharedClockTest, real_time_cannot_be_moved) {
  EXPECT_EQ(bench_->advance(seconds(1), {}, kPatience).error().code(), Code::kConflict);
}

TEST_F(SharedClockTest, timers_of_all_processes_fire_in_the_order_of_their_moments) {
  bench_->set_virtual(true);
  const Nanoseconds start = bench_->now();
  std::mutex mutex;
  std::vector<std::int64_t> fired_s;
  std::atomic<int> alive{0};
  const auto tick = [&](SharedClock& clock, seconds period, int times) {
    const ClockThread here(clock);
    ++alive;
    for (int i = 0; i < times; ++i) {
      clock.sleep_for(period);
      const std::lock_guard lock(mutex);
      fired_s.push_back(std::chrono::duration_cast<seconds>(clock.now() - start).count());
    }
  };
  std::thread a([&] { tick(*bench_, seconds(3), 4); });
  std::thread b([&] { tick(*device_, seconds(5), 2); });
  while (alive < 2) std::this_thread::yield();
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(bench_->advance(seconds(1), {}, kPatience).ok());
  a.join();
  b.join();
  EXPECT_EQ(fired_s, (std::vector<std::int64_t>{3, 5, 6, 9, 10, 12}));
}

TEST_F(SharedClockTest, a_coarse_step_fires_what_is_due_at_its_end) {
  bench_->set_virtual(true);
  const Nanoseconds start = bench_->now();
  std::promise<Nanoseconds> woke;
  std::promise<void> waits;
  std::thread sleeper([&] {
    const ClockThread here(*device_);
    waits.set_value();
    device_->sleep_for(seconds(3));
    woke.set_value(device_->now() - start);
  });
  waits.get_future().wait();
  ASSERT_TRUE(bench_->advance(seconds(20), seconds(10), kPatience).ok());
  EXPECT_EQ(woke.get_future().get(), seconds(10));
  sleeper.join();
}

/// Passes a ball through sockets between two processes; each player keeps it for a second first.
TEST_F(SharedClockTest, a_message_on_its_way_holds_time_until_it_has_been_dealt_with) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  bench_->set_virtual(true);
  const Nanoseconds start = bench_->now();
  constexpr int kPasses = 50;
  std::atomic<bool> exact{true};
  std::atomic<int> playing{0};
  const auto play = [&](SharedClock& clock, int fd, int first) {
    const ClockThread here(clock);
    ++playing;
    for (int pass = first; pass < kPasses; pass += 2) {
      char ball = 'o';
      if (pass > 0) {
        pollfd p{fd, POLLIN, 0};
        EXPECT_EQ(clock.poll({&p, 1}, hours(1)), 1);
        EXPECT_EQ(::recv(fd, &ball, 1, 0), 1);
      }
      if (clock.now() - start != seconds(pass)) exact = false;
      clock.sleep_for(seconds(1));
      EXPECT_EQ(::send(fd, &ball, 1, MSG_NOSIGNAL), 1);
    }
  };
  std::thread a([&] { play(*bench_, ends[0], 0); });
  std::thread b([&] { play(*device_, ends[1], 1); });
  while (playing < 2) std::this_thread::yield();
  ASSERT_TRUE(bench_->advance(seconds(kPasses + 1), {}, kPatience).ok());
  a.join();
  b.join();
  EXPECT_TRUE(exact) << "time went on while the ball was in the air";
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(SharedClockTest, work_in_a_queue_holds_time_until_it_has_been_done) {
  bench_->set_virtual(true);
  const Nanoseconds start = bench_->now();
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<int> queue;
  std::vector<Nanoseconds> done_at;
  std::atomic<int> alive{0};
  std::thread worker([&] {
    const ClockThread here(*device_);
    ++alive;
    std::unique_lock lock(mutex);
    while (done_at.size() < 20) {
      device_->wait_for(lock, changed, kForever, [&] { return !queue.empty(); });
      queue.pop_front();
      done_at.push_back(device_->now() - start);
    }
  });
  std::thread giver([&] {
    const ClockThread here(*device_);
    ++alive;
    for (int i = 0; i < 20; ++i) {
      device_->sleep_for(milliseconds(10));
      const std::lock_guard lock(mutex);
      queue.push_back(i);
      changed.notify_all();
    }
  });
  while (alive < 2) std::this_thread::yield();
  ASSERT_TRUE(bench_->advance(seconds(1), {}, kPatience).ok());
  giver.join();
  worker.join();
  for (std::size_t i = 0; i < done_at.size(); ++i)
    EXPECT_EQ(done_at[i], milliseconds(10) * static_cast<int>(i + 1));
}

TEST_F(SharedClockTest, a_thread_that_works_without_end_is_told_and_time_stays_where_it_was) {
  bench_->set_virtual(true);
  std::atomic<bool> stop{false};
  std::promise<void> working;
  std::thread busy([&] {
    const ClockThread here(*device_);
    working.set_value();
    while (!stop) std::this_thread::yield();
  });
  working.get_future().wait();
  const Nanoseconds before = bench_->now();
  EXPECT_EQ(bench_->advance(seconds(1), {}, milliseconds(50)).error().code(), Code::kTimeout);
  EXPECT_EQ(bench_->now(), before);
  stop = true;
  busy.join();
}

TEST_F(SharedClockTest, a_call_to_the_outside_holds_time_but_not_without_end) {
  bench_->set_virtual(true);
  std::promise<void> outside, back;
  std::thread caller([&] {
    const ClockThread here(*device_);
    const OutsideCall call(*device_);
    outside.set_value();
    back.get_future().wait();
  });
  outside.get_future().wait();
  EXPECT_FALSE(bench_->advance(seconds(1), {}, milliseconds(50)).ok());
  EXPECT_TRUE(bench_->advance(seconds(1), {}, kPatience).ok());
  back.set_value();
  caller.join();
}

TEST_F(SharedClockTest, a_waiter_learns_that_real_time_became_virtual_and_back) {
  std::promise<void> waits;
  std::atomic<bool> woke{false};
  std::thread sleeper([&] {
    const ClockThread here(*device_);
    waits.set_value();
    device_->sleep_for(hours(1));
    woke = true;
  });
  waits.get_future().wait();
  bench_->set_virtual(true);
  EXPECT_FALSE(woke);
  ASSERT_TRUE(bench_->advance(hours(1), {}, kPatience).ok());
  sleeper.join();
  EXPECT_TRUE(woke);

  std::thread waiter([&] {
    const ClockThread here(*device_);
    device_->sleep_for(milliseconds(20));
  });
  bench_->set_virtual(false);
  waiter.join();  // would stand still for ever if it still waited for virtual time
}

TEST_F(SharedClockTest, a_process_that_died_holds_nothing_up) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    // The servant's thread is what the coordinator asks; a child that only occupies a place never answers.
    auto joined = SharedClock::join(file());
    (void)joined->release();
    ::kill(::getpid(), SIGKILL);
  }
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);  // stays a zombie
  bench_->set_virtual(true);
  EXPECT_TRUE(bench_->advance(seconds(1), {}, kPatience).ok());
  ::waitpid(pid, nullptr, 0);
}

/// This very test once more is the program that its child becomes: a restart within one process (execve(2)).
TEST_F(SharedClockTest, a_program_that_begins_anew_in_its_process_leaves_no_dead_place) {
  constexpr const char* kAnew = "SHOGO_TEST_CLOCK_ANEW";
  constexpr int kWord = 3;  // the parent's socket, for the child before and after
  char word = 'j';
  if (const char* clock = ::getenv(kAnew)) {
    device_.reset();
    bench_.reset();
    folder_.reset();
    const auto joined = SharedClock::join(clock);
    if (!joined.ok() || ::write(kWord, &word, 1) != 1) ::_exit(1);
    (void)::read(kWord, &word, 1);  // until the parent has seen enough
    ::_exit(0);
  }
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const std::string clock = file().string();
  const pid_t pid = ::fork();
  if (pid == 0) {
    (void)SharedClock::join(clock)->release();
    ::setenv(kAnew, clock.c_str(), 1);
    // A socket that is already number 3 would be closed by execve(2): dup2 leaves it as it is.
    if (ends[1] == kWord) ::fcntl(kWord, F_SETFD, 0);
    ::dup2(ends[1], kWord);
    const auto* self = testing::UnitTest::GetInstance()->current_test_info();
    const std::string filter = std::string("--gtest_filter=") + self->test_suite_name() + "." + self->name();
    ::execl("/proc/self/exe", "base_test", filter.c_str(), static_cast<char*>(nullptr));
    ::_exit(1);
  }
  ::close(ends[1]);
  ASSERT_EQ(::read(ends[0], &word, 1), 1) << "the child did not come back from execve(2)";
  bench_->set_virtual(true);
  EXPECT_TRUE(bench_->advance(seconds(1), {}, kPatience).ok());
  ::close(ends[0]);
  int status = -1;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(SharedClockTest, a_file_that_is_no_clock_is_refused) {
  const auto other = folder_->path() / "other";
  ASSERT_TRUE(write_text(other, std::string(100'000, 'x')).ok());
  EXPECT_EQ(SharedClock::join(other).error().code(), Code::kCorrupt);
  ASSERT_TRUE(write_text(other, "short").ok());
  EXPECT_EQ(SharedClock::join(other).error().code(), Code::kCorrupt);
  EXPECT_EQ(SharedClock::join(folder_->path() / "none").error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace shogo
