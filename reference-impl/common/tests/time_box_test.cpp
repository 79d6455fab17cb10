#include <csignal>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/time.h>

#include <shogo/reference/time_box.h>

namespace shogo::reference {
namespace {

char name[] = "sh", option[] = "-c", works[] = "exit 7";
char* const kWords[] = {name, option, works, nullptr};

TEST(TimeBoxDeathTest, work_that_never_ends_is_left_by_beginning_anew) {
  EXPECT_EXIT(
      {
        begin_anew_when_stuck("/bin/sh", kWords);
        const TimeBox box(std::chrono::milliseconds{20});
        for (;;) ::pause();
      },
      testing::ExitedWithCode(7), "");
}

TEST(TimeBoxDeathTest, a_second_time_works_like_the_first) {
  char again[] = "kill -ALRM $$; exit 8";
  char* const words[] = {name, option, again, nullptr};
  // A program that had begun with the signal blocked would live on and say 8.
  EXPECT_EXIT(
      {
        begin_anew_when_stuck("/bin/sh", words);
        const TimeBox box(std::chrono::milliseconds{20});
        for (;;) ::pause();
      },
      testing::KilledBySignal(SIGALRM), "");
}

TEST(TimeBox, work_that_is_done_in_time_leaves_no_alarm_behind) {
  itimerval left{};
  {
    const TimeBox box(std::chrono::hours{1});
    ASSERT_EQ(::getitimer(ITIMER_REAL, &left), 0);
    EXPECT_GT(left.it_value.tv_sec, 3'000);
  }
  ASSERT_EQ(::getitimer(ITIMER_REAL, &left), 0);
  EXPECT_EQ(left.it_value.tv_sec + left.it_value.tv_usec, 0);
}

}  // namespace
}  // namespace shogo::reference
