#include "input/key_events.h"

#include <cstring>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

/// What a kernel writes: one event after the other.
class Node {
 public:
  Node& key(std::uint16_t code, std::int32_t value, int ms) { return add(EV_KEY, code, value, ms); }
  Node& press(std::uint16_t code, int ms) { return key(code, 1, ms).key(code, 0, ms + 80); }
  Node& add(std::uint16_t type, std::uint16_t code, std::int32_t value, int ms) {
    input_event event{};
    event.input_event_sec = ms / 1000;
    event.input_event_usec = ms % 1000 * 1000;
    event.type = type;
    event.code = code;
    event.value = value;
    const auto* raw = reinterpret_cast<const std::uint8_t*>(&event);
    bytes.insert(bytes.end(), raw, raw + sizeof event);
    return *this;
  }
  Bytes bytes;
};

std::string presses(KeyEvents& events, ByteView bytes) {
  std::string text;
  events.take(bytes, [&](Key key) { text += digit_of(key).value_or(key == Key::kDelete ? '<' : '>'); });
  return text;
}

std::string presses(const Node& node) {
  KeyEvents events;
  return presses(events, node.bytes);
}

TEST(KeyEvents, digits_of_both_blocks_delete_and_enter_are_keys) {
  EXPECT_EQ(presses(Node().press(KEY_KP1, 0).press(KEY_2, 100).press(KEY_KP0, 200)), "120");
  EXPECT_EQ(presses(Node().press(KEY_BACKSPACE, 0).press(KEY_KPENTER, 100).press(KEY_ENTER, 300)), "<>>");
}

TEST(KeyEvents, every_digit_has_its_key) {
  const std::uint16_t block[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                 KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
  const std::uint16_t row[] = {KEY_0, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9};
  for (int digit = 0; digit < 10; ++digit) {
    EXPECT_EQ(presses(Node().press(block[digit], 0)), std::to_string(digit));
    EXPECT_EQ(presses(Node().press(row[digit], 0)), std::to_string(digit));
  }
}

TEST(KeyEvents, letters_other_events_and_the_kernels_repetition_are_none) {
  EXPECT_EQ(presses(Node().press(KEY_A, 0).press(KEY_F12, 100).add(EV_MSC, MSC_SCAN, 0x70059, 200)), "");
  EXPECT_EQ(presses(Node().key(KEY_KP4, 1, 0).key(KEY_KP4, 2, 500).key(KEY_KP4, 2, 530).key(KEY_KP4, 0, 560)),
            "4");
}

TEST(KeyEvents, a_contact_that_bounces_is_one_press) {
  EXPECT_EQ(presses(Node().key(KEY_KP7, 1, 0).key(KEY_KP7, 0, 3).key(KEY_KP7, 1, 5).key(KEY_KP7, 0, 80)),
            "7");
}

TEST(KeyEvents, twice_the_same_key_is_two_presses_from_the_bounce_limit_on) {
  const auto again = [](int after) {
    return presses(Node().key(KEY_KP7, 1, 0).key(KEY_KP7, 0, 80).key(KEY_KP7, 1, 80 + after));
  };
  EXPECT_EQ(again(static_cast<int>(KeyEvents::kBounce.count()) - 1), "7");
  EXPECT_EQ(again(static_cast<int>(KeyEvents::kBounce.count())), "77");
}

TEST(KeyEvents, two_keys_at_once_are_both_felt) {
  EXPECT_EQ(presses(Node().key(KEY_KP1, 1, 0).key(KEY_KP2, 1, 1).key(KEY_KP1, 0, 60).key(KEY_KP2, 0, 61)),
            "12");
}

TEST(KeyEvents, a_clock_that_goes_back_takes_no_press_away) {
  EXPECT_EQ(presses(Node().press(KEY_KP3, 5'000).press(KEY_KP3, 10)), "33");
}

TEST(KeyEvents, times_beyond_all_reason_take_no_press_away) {
  Node node;
  for (const auto second :
       {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()})
    for (const std::int32_t value : {1, 0}) {
      node.key(KEY_KP6, value, 0);
      input_event event{};
      std::uint8_t* last = node.bytes.data() + node.bytes.size() - sizeof event;
      std::memcpy(&event, last, sizeof event);
      event.input_event_sec = second;
      std::memcpy(last, &event, sizeof event);
    }
  EXPECT_EQ(presses(node), "66");
}

TEST(KeyEvents, reads_may_end_anywhere) {
  const Node node = Node().press(KEY_KP1, 0).press(KEY_KP5, 200).press(KEY_KPENTER, 400);
  for (std::size_t cut = 0; cut <= node.bytes.size(); ++cut) {
    KeyEvents events;
    const ByteView all = node.bytes;
    std::string text = presses(events, all.first(cut));
    text += presses(events, all.subspan(cut));
    EXPECT_EQ(text, "15>") << cut;
  }
}

TEST(KeyEvents, places_in_the_housing_read_123_456_789) {
  const char* rows[] = {"123", "456", "789"};
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column) {
      const auto key = key_at("r" + std::to_string(row + 1) + "c" + std::to_string(column + 1));
      ASSERT_TRUE(key);
      EXPECT_EQ(digit_of(*key), rows[row][column]);
    }
  EXPECT_EQ(key_at("r4c1"), Key::kDelete);
  EXPECT_EQ(key_at("r4c2"), Key::k0);
  EXPECT_EQ(key_at("r4c3"), Key::kDone);
  for (const char* wrong : {"", "r0c1", "r1c4", "r5c1", "1", "r1c1 ", "R1C1"}) EXPECT_FALSE(key_at(wrong));
}

}  // namespace
}  // namespace shogo::reader
