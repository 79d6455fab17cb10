#include <fcntl.h>
#include <linux/input.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/bench_keypad.h>

namespace shogo::sim {
namespace {

class Keypad : public testing::Test {
 protected:
  TemporaryFolder folder = *TemporaryFolder::create("bench_keypad");
  BenchKeypad keypad{(folder.path() / "keypad").string()};

  int open_node() { return ::open(keypad.node().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC); }
  static std::vector<input_event> events(int node) {
    std::vector<input_event> all;
    for (input_event event{}; ::read(node, &event, sizeof event) == static_cast<ssize_t>(sizeof event);)
      all.push_back(event);
    return all;
  }
  static std::int64_t ms(const input_event& event) {
    return event.input_event_sec * 1000 + event.input_event_usec / 1000;
  }
};

TEST_F(Keypad, a_press_is_a_key_that_goes_down_and_up_again) {
  ASSERT_TRUE(keypad.plug().ok());
  const int node = open_node();
  ASSERT_TRUE(keypad.press("r1c1").ok());
  const auto seen = events(node);
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[0].code, KEY_KP1);
  EXPECT_EQ(seen[0].value, 1);
  EXPECT_EQ(seen[2].value, 0);
  EXPECT_EQ(ms(seen[2]) - ms(seen[0]), 80);
  ::close(node);
}

TEST_F(Keypad, its_rows_read_123_456_789_and_0_stands_below) {
  ASSERT_TRUE(keypad.plug().ok());
  const int node = open_node();
  for (const char* place : {"r1c1", "r1c2", "r1c3", "r2c1", "r2c2", "r2c3", "r3c1", "r3c2", "r3c3", "r4c2"})
    ASSERT_TRUE(keypad.press(place).ok());
  std::vector<int> codes;
  for (const input_event& event : events(node))
    if (event.type == EV_KEY && event.value == 1) codes.push_back(event.code);
  EXPECT_EQ(codes, (std::vector<int>{KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8,
                                     KEY_KP9, KEY_KP0}));
  ::close(node);
}

TEST_F(Keypad, a_bouncing_contact_closes_twice_within_milliseconds) {
  ASSERT_TRUE(keypad.plug().ok());
  const int node = open_node();
  ASSERT_TRUE(keypad.press_bouncing("r2c2").ok());
  std::vector<std::int64_t> closed;
  for (const input_event& event : events(node))
    if (event.type == EV_KEY && event.value == 1) closed.push_back(ms(event));
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_EQ(closed[1] - closed[0], 4);
  ::close(node);
}

TEST_F(Keypad, noise_presses_no_key_of_a_keypad) {
  ASSERT_TRUE(keypad.plug().ok());
  const int node = open_node();
  ASSERT_TRUE(keypad.noise().ok());
  for (const input_event& event : events(node))
    if (event.type == EV_KEY && event.value == 1) {
      EXPECT_TRUE(event.code == KEY_F13 || event.code == KEY_UNKNOWN) << event.code;
    }
  ::close(node);
}

TEST_F(Keypad, pulled_it_ends_what_was_open_and_is_nowhere_until_it_is_plugged_in_again) {
  ASSERT_TRUE(keypad.plug().ok());
  const int node = open_node();
  keypad.unplug();
  char byte = 0;
  EXPECT_EQ(::read(node, &byte, 1), 0);
  ::close(node);
  EXPECT_LT(open_node(), 0);
  EXPECT_EQ(keypad.press("r1c1").error().code(), Code::kUnavailable);
  ASSERT_TRUE(keypad.plug().ok());
  const int again = open_node();
  EXPECT_GE(again, 0);
  ::close(again);
}

TEST_F(Keypad, a_place_that_does_not_exist_is_refused) {
  ASSERT_TRUE(keypad.plug().ok());
  for (const char* place : {"", "r5c1", "1", "r1c1x"})
    EXPECT_EQ(keypad.press(place).error().code(), Code::kNotFound) << place;
}

}  // namespace
}  // namespace shogo::sim
