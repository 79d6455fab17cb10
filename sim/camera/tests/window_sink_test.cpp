#include <cstdlib>

#include <gtest/gtest.h>

#include <shogo/sim/window_sink.h>

namespace shogo::sim {
namespace {

TEST(WindowSink, shows_frames_where_there_is_a_display) {
  ::setenv("SDL_VIDEODRIVER", "dummy", 1);
  auto sink = window_sink("test", 64, 48);
  ASSERT_TRUE(sink.ok()) << sink.error().describe();
  for (std::uint64_t i = 1; i < 4; ++i)
    EXPECT_TRUE((*sink)->take({i, {}, {}, {{64, 48, 3, Bytes(64 * 48 * 3, 80)}, ""}}).ok());
}

TEST(WindowSink, says_that_there_is_no_display) {
  ::setenv("SDL_VIDEODRIVER", "no-such-driver", 1);
  const auto sink = window_sink("test", 64, 48);
  ASSERT_FALSE(sink.ok());
  EXPECT_EQ(sink.error().code(), Code::kUnavailable);
  EXPECT_NE(sink.error().message().find("display"), std::string::npos);
}

}  // namespace
}  // namespace shogo::sim
