#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/child_process.h>
#include <shogo/base/file.h>

namespace shogo {
namespace {

class Child : public testing::Test {
 protected:
  /// What the shell wrote until it ended by itself.
  std::string output_of(const std::string& script, ChildStart start = {}) {
    const auto path = folder_.path() / "output";
    start.output = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    start.command = {"/bin/sh", "-c", script};
    const auto pid = start_child(start);
    ::close(start.output);
    EXPECT_TRUE(pid.ok()) << pid.error().describe();
    while (child_runs(*pid)) ::usleep(1'000);
    return *read_text(path);
  }
  TemporaryFolder folder_ = *TemporaryFolder::create("shogo-child");
};

TEST_F(Child, both_of_its_streams_go_where_they_should) {
  EXPECT_EQ(output_of("echo out; echo error >&2"), "out\nerror\n");
}

TEST_F(Child, it_reads_nothing) {
  EXPECT_EQ(output_of("cat; echo end"), "end\n");
}

TEST_F(Child, what_is_added_to_its_environment_takes_the_place_of_ours) {
  ::setenv("SHOGO_CHILD_TEST", "ours", 1);
  EXPECT_EQ(output_of("echo $SHOGO_CHILD_TEST"), "ours\n");
  EXPECT_EQ(output_of("echo $SHOGO_CHILD_TEST", {{}, {"SHOGO_CHILD_TEST=added"}}), "added\n");
}

TEST_F(Child, a_descriptor_can_be_handed_over) {
  ASSERT_TRUE(write_text(folder_.path() / "given", "from outside").ok());
  const int given = ::open((folder_.path() / "given").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(output_of("cat <&3", {{}, {}, -1, given}), "from outside");
  ::close(given);
}

TEST_F(Child, one_that_does_not_listen_is_killed) {
  const auto pid = start_child({{"/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"}, {}});
  ASSERT_TRUE(pid.ok());
  EXPECT_TRUE(child_runs(*pid));
  end_child(*pid, milliseconds{20});
  EXPECT_EQ(::kill(*pid, 0), -1);
}

TEST_F(Child, a_program_that_is_not_there_is_named) {
  const auto pid = start_child({{"/no/such/program"}, {}});
  ASSERT_FALSE(pid.ok());
  EXPECT_EQ(pid.error().code(), Code::kNotFound);
  EXPECT_THAT(pid.error().message(), testing::HasSubstr("/no/such/program"));
}

}  // namespace
}  // namespace shogo
