#include <csignal>
#include <sstream>

#include <gtest/gtest.h>

#include <shogo/base/foreground.h>

namespace shogo {
namespace {

class Foreground : public testing::Test {
 protected:
  int run(const std::vector<std::string>& command, const std::vector<std::string>& environment = {}) {
    return run_in_foreground("shogo test", command, environment, signals_, err_);
  }
  SignalsHeld signals_;
  std::ostringstream err_;
};

TEST_F(Foreground, the_commands_exit_code_is_ours) {
  EXPECT_EQ(run({"true"}), 0);
  EXPECT_EQ(run({"sh", "-c", "exit 7"}), 7);
  EXPECT_EQ(err_.str(), "");
}

TEST_F(Foreground, a_command_that_a_signal_ended_counts_128_more) {
  EXPECT_EQ(run({"sh", "-c", "kill -KILL $$"}), 128 + SIGKILL);
  EXPECT_EQ(run({"sh", "-c", "kill -TERM $$"}), 128 + SIGTERM) << "our blocked signals are not the command's";
}

TEST_F(Foreground, what_cannot_be_run_is_127_with_a_line_on_standard_error) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"/no/such/program"}), 127);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "shogo test: cannot run /no/such/program: No such file or directory\n");
}

TEST_F(Foreground, what_is_added_to_the_environment_takes_the_place_of_ours) {
  ::setenv("SHOGO_FOREGROUND_TEST", "ours", 1);
  EXPECT_EQ(run({"sh", "-c", "test $SHOGO_FOREGROUND_TEST = ours"}), 0);
  EXPECT_EQ(run({"sh", "-c", "test $SHOGO_FOREGROUND_TEST = added"}, {"SHOGO_FOREGROUND_TEST=added"}), 0);
}

TEST_F(Foreground, an_end_that_was_asked_of_us_is_handed_on) {
  EXPECT_EQ(run({"sh", "-c", "trap 'kill $!; exit 9' TERM; sleep 60 & kill -TERM $PPID; wait"}), 9);
}

TEST_F(Foreground, an_interrupt_is_the_commands_own_affair_and_does_not_end_us) {
  EXPECT_EQ(run({"sh", "-c", "kill -INT $PPID; exit 5"}), 5);
}

TEST(SignalsHeld, tells_which_signal_came_and_gives_the_mask_back) {
  sigset_t before, after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    const SignalsHeld signals;
    ::raise(SIGTERM);
    EXPECT_EQ(signals.next(), SIGTERM);
    ::raise(SIGINT);
    EXPECT_EQ(signals.next(), SIGINT);
    EXPECT_EQ(signals.next(), 0) << "none came for half a second";
  }
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int number : {SIGINT, SIGTERM, SIGCHLD})
    EXPECT_EQ(sigismember(&before, number), sigismember(&after, number)) << number;
}

}  // namespace
}  // namespace shogo
