// The physical keypad, in the housing and on a cable, on the whole firmware but its main().
#include "device_bench.h"
#include <fcntl.h>
#include <linux/input.h>
#include <unistd.h>

#include <sys/stat.h>

namespace shogo::reader {
namespace {

class KeypadWithin : public Device {
 protected:
  KeypadWithin() : Device(false, "built_in") {}
  json::value key(std::string_view place) {
    json::value answer = harness.call("key", {{"code", place}, {"phase", "down"}});
    harness.call("key", {{"code", place}, {"phase", "up"}});
    return answer;
  }
  void keys(std::initializer_list<std::string_view> places) {
    for (const std::string_view place : places) key(place);
  }
  /// Texts of the legends on this page.
  std::string legends() {
    std::string text;
    const json::value tree = harness.call("get_ui_tree");
    for (const json::value& node : tree.at("nodes").as_array())
      if (node.at("role") == "key_legend") text += node.at("text").as_string();
    return text;
  }
};

TEST_F(KeypadWithin, a_whole_journey_needs_no_touch) {
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  key("r1c1");
  harness.wait_state("pin", start);
  keys({"r1c1", "r1c2", "r1c3", "r2c1", "r4c3"});
  harness.wait_state("result_ok", start);
  key("r1c1");
  harness.wait_state("take_card", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(KeypadWithin, consents_are_given_and_refused_by_the_keys_that_the_page_names) {
  set(R"({"consent_bundle": false})");
  const std::size_t start = harness.seen();
  identify();
  harness.wait_state("consent_operations", start);
  EXPECT_EQ(legends(), "078913") << "back, end, staff, language, agree, disagree";
  key("r1c1");
  harness.wait_state("consent_diagnosis", start);
  key("r1c3");
  harness.wait_state("consent_checkup", start);
  key("r1c3");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(handed_over(),
            (json::value{{"operations", "agree"}, {"diagnosis", "disagree"}, {"checkup", "disagree"}}));
}

TEST_F(KeypadWithin, staff_and_language_have_their_keys) {
  const std::size_t start = harness.seen();
  key("r3c3");
  EXPECT_EQ(harness.states.back().at("lang"), "en");
  key("r3c2");
  harness.wait_state("call_staff", start);
}

TEST_F(KeypadWithin, digits_are_those_printed_on_the_keys_however_the_screen_is_shuffled) {
  set(R"({"random_keypad": true})");
  const std::size_t start = harness.seen();
  go_to_pin();
  keys({"r1c1", "r1c2", "r1c3", "r2c1", "r4c3"});
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(KeypadWithin, the_pin_page_names_no_keys_because_digits_mean_themselves) {
  go_to_pin();
  EXPECT_EQ(legends(), "");
}

TEST_F(KeypadWithin, delete_takes_the_last_digit_and_a_short_pin_is_not_sent) {
  const std::size_t start = harness.seen();
  go_to_pin();
  keys({"r4c1", "r1c1", "r1c2", "r4c3", "r4c1", "r1c2", "r1c3", "r2c1", "r4c3"});
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(KeypadWithin, a_key_that_no_button_bears_does_nothing) {
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  const std::size_t before = harness.seen();
  keys({"r1c2", "r1c3", "r2c2", "r4c1", "r4c3"});  // 3 is the face, which this device does not offer
  harness.call("ping");
  EXPECT_EQ(harness.seen(), before);
}

TEST_F(KeypadWithin, the_log_tells_of_keys_and_of_no_digit) {
  const std::size_t start = harness.seen();
  go_to_pin();
  keys({"r2c3", "r3c1"});
  take();
  harness.wait_state("idle", start);
  const std::string log = bench.log();
  EXPECT_NE(log.find(R"("event":"key","key":"digit")"), std::string::npos) << log;
  EXPECT_EQ(log.find("r2c3"), std::string::npos);
}

TEST_F(KeypadWithin, a_key_request_that_makes_no_sense_is_refused) {
  for (const json::object& params :
       {json::object{}, json::object{{"code", "r1c1"}}, json::object{{"code", "5"}, {"phase", "down"}},
        json::object{{"code", "r1c4"}, {"phase", "down"}}, json::object{{"code", 11}, {"phase", "down"}},
        json::object{{"code", "r1c1"}, {"phase", "held"}}}) {
    harness.call("key", params);
    EXPECT_EQ(harness.error(), contract::kRpcInvalidParams) << json::serialize(params);
  }
}

TEST_F(Device, without_a_keypad_no_key_request_is_taken_and_no_legend_shown) {
  harness.call("key", {{"code", "r1c1"}, {"phase", "down"}});
  EXPECT_EQ(harness.error(), contract::kRpcUnimplemented);
  EXPECT_EQ(json::serialize(harness.call("get_ui_tree")).find("key_legend"), std::string::npos);
}

class KeypadOnACable : public Device {
 protected:
  KeypadOnACable() : Device(false, "external") {}
  ~KeypadOnACable() override { unplug(); }
  void plug() {
    ASSERT_EQ(::mkfifo(bench.keypad_device().c_str(), 0600), 0);
    node_ = ::open(bench.keypad_device().c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(node_, 0);
  }
  void unplug() {
    if (node_ < 0) return;
    ::unlink(bench.keypad_device().c_str());
    ::close(node_);
    node_ = -1;
  }
  void press(std::uint16_t code) {
    for (const int value : {1, 0}) {
      input_event event{};
      time_ms_ += 100;
      event.input_event_sec = time_ms_ / 1000;
      event.input_event_usec = time_ms_ % 1000 * 1000;
      event.type = EV_KEY;
      event.code = code;
      event.value = value;
      ASSERT_EQ(::write(node_, &event, sizeof event), static_cast<ssize_t>(sizeof event));
    }
  }
  std::string tree() { return json::serialize(harness.call("get_ui_tree")); }
  /// Asks until the page says so (or does not), for as long as a test may take.
  void until_page(std::string_view says, bool so = true) {
    while ((tree().find(says) != std::string::npos) != so) {
    }
  }

 private:
  int node_ = -1;
  int time_ms_ = 0;
};

TEST_F(KeypadOnACable, legends_come_and_go_with_it) {
  until_page("key_legend", false);
  for (int times = 0; times < 3; ++times) {
    plug();
    until_page("key_legend");
    unplug();
    until_page("key_legend", false);
  }
}

TEST_F(KeypadOnACable,
       pulled_in_the_middle_of_a_pin_it_leaves_an_empty_page_that_says_why_and_can_be_touched) {
  plug();
  until_page("key_legend");
  const std::size_t start = harness.seen();
  go_to_pin();
  press(KEY_KP9);
  press(KEY_KP9);
  until_page(R"("text":"**")");
  unplug();
  until_page("テンキーが外れました");
  EXPECT_EQ(tree().find('*'), std::string::npos);
  harness.type("1234");
  EXPECT_EQ(tree().find("テンキーが外れました"), std::string::npos);
  harness.tap("key_done");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(KeypadOnACable, plugged_in_again_while_a_page_is_shown_it_types_at_once) {
  const std::size_t start = harness.seen();
  go_to_pin();
  plug();
  for (const int code : {KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KPENTER})
    press(static_cast<std::uint16_t>(code));
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
}

TEST_F(KeypadOnACable, a_file_in_its_place_is_no_keypad) {
  ASSERT_TRUE(write_text(bench.keypad_device(), std::string(480, 'x')).ok());
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  EXPECT_EQ(tree().find("key_legend"), std::string::npos);
  EXPECT_EQ(bench.log().find("attached"), std::string::npos);
}

}  // namespace
}  // namespace shogo::reader
