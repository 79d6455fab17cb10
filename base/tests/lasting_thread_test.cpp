#include <csignal>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <shogo/base/lasting_thread.h>

namespace shogo {
namespace {

TEST(LastingThread, a_child_that_dies_with_its_parent_outlives_the_thread_that_asked_for_it) {
  int to_child[2];
  int from_child[2];
  ASSERT_EQ(::pipe(to_child), 0);
  ASSERT_EQ(::pipe(from_child), 0);
  pid_t child = -1;
  std::thread([&] {
    run_on_lasting_thread([&] {
      child = ::fork();
      if (child != 0) return;
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      char byte = 0;
      if (::read(to_child[0], &byte, 1) == 1) [[maybe_unused]]
        const ssize_t n = ::write(from_child[1], &byte, 1);
      ::_exit(0);
    });
  }).join();
  ::close(from_child[1]);
  char byte = 'x';
  ASSERT_EQ(::write(to_child[1], &byte, 1), 1);
  EXPECT_EQ(::read(from_child[0], &byte, 1), 1) << "the child has died";
  ::waitpid(child, nullptr, 0);
  for (const int fd : {to_child[0], to_child[1], from_child[0]}) ::close(fd);
}

TEST(LastingThread, works_come_back_one_after_the_other) {
  int count = 0;
  std::thread first([&] { run_on_lasting_thread([&] { ++count; }); });
  std::thread second([&] { run_on_lasting_thread([&] { ++count; }); });
  first.join();
  second.join();
  EXPECT_EQ(count, 2);
}

}  // namespace
}  // namespace shogo
