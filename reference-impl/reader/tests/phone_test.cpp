// The way with a phone: chosen on the first page or simply held there, with a PIN or an agreement on it.
#include "device_bench.h"

namespace shogo::reader {
namespace {

class Phone : public Device {
 protected:
  void answer(std::string_view outcome, std::string_view reason) {
    bench.host().answer_with({{"type", "result"},
                              {"outcome", outcome},
                              {"reason", reason},
                              {"tries_left", 3},
                              {"records", false},
                              {"over_40", true},
                              {"notice", "none"}});
  }
};

TEST_F(Phone, an_android_is_chosen_its_pin_typed_and_held_there_last) {
  const std::size_t start = harness.seen();
  harness.tap("phone");
  harness.wait_state("phone_kind", start);
  harness.tap("android");
  harness.wait_state("pin", start);
  harness.type("1234");
  harness.tap("key_done");
  harness.wait_state("phone_tap", start);
  EXPECT_TRUE(bench.host().pins().empty()) << "no PIN leaves before the phone is there";
  answer("ok", "none");
  place("phone_android");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), std::vector<std::string>{"1234"});
  EXPECT_EQ(request(1).at("operation"), "phone_eligibility");
  EXPECT_EQ(harness.results.back().at("method"), "phone");
  take();
  harness.call("ping");
  EXPECT_EQ(harness.states.back().at("screen_id"), "result_ok_phone") << "the page stays until it is read";
  harness.tap("next");
  harness.wait_state("idle", start);
}

TEST_F(Phone, an_iphone_brings_no_pin_and_is_asked_again_until_its_holder_has_agreed) {
  const std::size_t start = harness.seen();
  harness.tap("phone");
  harness.wait_state("phone_kind", start);
  harness.tap("iphone");
  harness.wait_state("phone_tap", start);
  place("phone_iphone");
  harness.wait_state("verifying", start);
  EXPECT_TRUE(request(1).at("without_pin").as_bool());
  answer_now(1, "ng", "phone_not_approved");
  while (harness.wait_state("phone_tap", harness.seen()).at("substate") != "not_approved") {
  }
  EXPECT_TRUE(harness.results.empty()) << "nothing has ended yet";
  take();
  const std::size_t again = harness.seen();
  place("phone_iphone");
  harness.wait_state("verifying", again);
  answer_now(2, "ok", "none");
  harness.wait_state("result_ok", again);
  EXPECT_TRUE(bench.host().pins().empty());
}

TEST_F(Phone, a_phone_that_is_simply_held_there_is_understood) {
  const std::size_t start = harness.seen();
  place("phone_android");
  EXPECT_EQ(harness.wait_state("pin", start).at("screen_id"), "phone_pin");
  harness.tap("end");
  harness.wait_state("idle", start);
  take();
  const std::size_t second = harness.seen();
  place("phone_iphone");
  harness.wait_state("verifying", second);
}

TEST_F(Phone, an_android_moved_too_early_is_asked_for_again_with_the_pin_that_was_typed) {
  const std::size_t start = harness.seen();
  place("phone_android");
  harness.wait_state("pin", start);
  harness.type("1234");
  answer("ng", "card_removed");
  harness.tap("key_done");
  EXPECT_EQ(harness.wait_state("phone_tap", start).at("substate"), "moved");
  take();
  answer("ok", "none");
  place("phone_android");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(bench.host().pins(), (std::vector<std::string>{"1234", "1234"}));
}

TEST_F(Phone, who_ends_while_the_phone_is_awaited_leaves_nothing_behind) {
  const std::size_t start = harness.seen();
  harness.tap("phone");
  harness.wait_state("phone_kind", start);
  harness.tap("android");
  harness.type("1234");
  harness.tap("key_done");
  harness.wait_state("phone_tap", start);
  harness.tap("end");
  harness.wait_state("idle", start);
  EXPECT_EQ(harness.results.back().at("reason"), "user_ended");
  const std::size_t later = harness.seen();
  place("phone_android");
  harness.wait_state("pin", later);
  EXPECT_TRUE(bench.host().pins().empty());
  EXPECT_EQ(json::serialize(harness.call("get_ui_tree")).find("****"), std::string::npos);
}

TEST_F(Phone, a_card_laid_down_instead_is_served_as_a_card) {
  const std::size_t start = harness.seen();
  harness.tap("phone");
  harness.wait_state("phone_kind", start);
  place();
  harness.wait_state("method", start);
  take();
  EXPECT_EQ(harness.wait_state("idle", start).at("screen_id"), "idle_card_removed");
}

}  // namespace
}  // namespace shogo::reader
