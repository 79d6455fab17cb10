// The way without PIN, when staff have checked the patient's face (目視, 3-14.c and .d).
#include "device_bench.h"

namespace shogo::reader {
namespace {

class Visual : public Device {
 protected:
  void arm(bool armed = true) { bench.host().send({{"type", "visual_check"}, {"armed", armed}}); }
};

TEST_F(Visual, the_next_card_is_asked_without_pin_and_the_patient_is_told_why) {
  const std::size_t start = harness.seen();
  arm();
  place();
  EXPECT_EQ(harness.wait_state("staff_visual", start).at("screen_id"), "staff_visual");
  EXPECT_EQ(request(1).at("operation"), "pinless_eligibility");
  EXPECT_TRUE(request(1).at("without_pin").as_bool());
  arm(false);  // used up
  answer_now(1, "ok", "none");
  harness.wait_state("result_ok", start);
  EXPECT_TRUE(bench.host().pins().empty());
  EXPECT_EQ(harness.results.back().at("method"), "visual");
  EXPECT_NE(bench.log().find(R"("method":"visual")"), std::string::npos);
  take();
  harness.wait_state("idle", start);
  const std::size_t second = harness.seen();
  place();
  harness.wait_state("method", second);
}

TEST_F(Visual, a_card_that_lies_there_already_goes_on_when_staff_arm_it) {
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  arm();
  harness.wait_state("staff_visual", start);
  answer_now(1, "ok", "none");
  harness.wait_state("result_ok", start);
}

TEST_F(Visual, a_card_whose_pin_is_switched_off_goes_on_from_the_page_that_says_so) {
  bench.host().set_tries(0);
  const std::size_t start = harness.seen();
  place();
  harness.wait_state("method", start);
  harness.tap("choose_pin");
  harness.wait_state("error", start);
  arm();
  harness.wait_state("staff_visual", start);
  answer_now(1, "ok", "none");
  harness.wait_state("result_ok", start);
}

TEST_F(Visual, a_patient_who_types_his_pin_is_left_alone) {
  go_to_pin();
  arm();
  harness.type("12");
  EXPECT_EQ(harness.states.back().at("name"), "pin");
}

TEST_F(Visual, a_person_who_is_not_registered_registers_without_pin_after_agreeing) {
  const std::size_t start = harness.seen();
  arm();
  place();
  harness.wait_state("staff_visual", start);
  answer_now(1, "ng", "not_registered");
  harness.wait_state("register_ask", start);
  harness.tap("agree");
  EXPECT_EQ(request(2).at("operation"), "pinless_registration");
  EXPECT_EQ(request(2).at("session"), request(1).at("session"));
  answer_now(2, "ok", "none");
  harness.wait_state("result_ok", start);
  EXPECT_TRUE(bench.host().pins().empty());
}

TEST_F(Visual, who_declines_to_register_sends_no_second_request) {
  const std::size_t start = harness.seen();
  arm();
  place();
  harness.wait_state("staff_visual", start);
  answer_now(1, "ng", "not_registered");
  harness.wait_state("register_ask", start);
  harness.tap("disagree");
  harness.wait_state("result_ng", start);
  std::size_t asked = 0;
  for (const json::object& message : bench.host().messages())
    asked += message.at("type") == "authenticate" ? 1 : 0;
  EXPECT_EQ(asked, 1U);
}

TEST_F(Visual, a_check_that_ended_a_moment_ago_leads_to_the_choice_of_method) {
  const std::size_t start = harness.seen();
  arm();
  place();
  harness.wait_state("staff_visual", start);
  answer_now(1, "ng", "not_checked");
  harness.wait_state("method", start);
  EXPECT_TRUE(harness.results.empty());
}

}  // namespace
}  // namespace shogo::reader
