// Where a program connects to, written down before it does: bash, which can by itself, with the library
// before it.
#include <cstdlib>

#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::sim {
namespace {

TEST(BenchConnections, an_attempt_is_written_down_whether_it_succeeds_or_not) {
  const TemporaryFolder folder = TemporaryFolder::create("shogo-connections").value();
  const auto file = folder.path() / "connections";
  const std::string command = "SHOGO_BENCH_CONNECTIONS=" + file.string() + " LD_PRELOAD=" + SHOGO_LIB_DIR +
                              "/libshogo-bench-names.so bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>/dev/null";
  (void)std::system(command.c_str());
  const auto written = read_text(file);
  ASSERT_TRUE(written.ok()) << written.error().describe();
  EXPECT_EQ(*written, "127.0.0.1 9\n");
}

}  // namespace
}  // namespace shogo::sim
