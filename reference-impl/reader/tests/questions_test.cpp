// Registration, consents and notices: what is asked after the PIN, and what silence means.
#include "device_bench.h"

namespace shogo::reader {
namespace {

TEST_F(Device, consents_are_asked_one_by_one_and_handed_over_as_they_were_answered) {
  set(R"({"consent_bundle": false, "ask_high_cost": true})");
  const std::size_t start = harness.seen();
  identify();
  harness.wait_state("consent_operations", start);
  harness.tap("agree");
  harness.wait_state("consent_diagnosis", start);
  harness.tap("disagree");
  harness.wait_state("consent_checkup", start);
  harness.tap("back");
  harness.tap("agree");
  harness.tap("disagree");
  harness.wait_state("consent_high_cost", start);
  harness.tap("agree");
  harness.wait_state("consent_specific", start);
  harness.tap("disagree");
  harness.wait_state("result_ok", start);
  EXPECT_EQ(handed_over(), (json::object{{"checkup", "disagree"},
                                         {"diagnosis", "agree"},
                                         {"high_cost", "agree"},
                                         {"operations", "agree"},
                                         {"specific", "disagree"}}));
  EXPECT_EQ(harness.results.size(), 1U);
}

TEST_F(Device, time_is_no_consent) {
  set(R"({"idle_timeout_ms": 200})");
  const std::size_t start = harness.seen();
  identify();
  EXPECT_EQ(harness.wait_state("take_card", start).at("substate"), "timeout");
  EXPECT_EQ(handed_over(),
            (json::object{{"checkup", "none"}, {"diagnosis", "none"}, {"operations", "none"}}));
}

TEST_F(Device, a_card_taken_between_two_questions_leaves_the_rest_unanswered) {
  set(R"({"consent_bundle": false})");
  const std::size_t start = harness.seen();
  identify();
  harness.wait_state("consent_operations", start);
  harness.tap("agree");
  take();
  EXPECT_EQ(harness.wait_state("idle", start).at("screen_id"), "idle_early");
  EXPECT_EQ(handed_over(),
            (json::object{{"checkup", "none"}, {"diagnosis", "none"}, {"operations", "agree"}}));
}

TEST_F(Device, staff_called_between_two_questions_comes_back_to_the_same_one) {
  const std::size_t start = harness.seen();
  identify();
  harness.wait_state("consent_bundle", start);
  harness.tap("staff");
  harness.wait_state("call_staff", start);
  const std::size_t called = harness.seen();
  harness.tap("back");
  harness.wait_state("consent_bundle", called);
}

TEST_F(Device, a_certificate_in_its_grace_is_announced_and_no_consent_is_asked) {
  const std::size_t start = harness.seen();
  identify("grace");
  EXPECT_EQ(harness.wait_state("expiry_notice", start).at("substate"), "grace");
  harness.tap("next");
  harness.wait_state("result_ok", start);
  EXPECT_TRUE(handed_over().empty());
}

TEST_F(Device, registration_is_asked_for_and_sent_only_after_agreement) {
  const json::object stranger{
      {"type", "result"}, {"outcome", "ng"}, {"reason", "not_registered"}, {"tries_left", 3}};
  const auto ask = [&] {
    const std::size_t start = harness.seen();
    go_to_pin();
    bench.host().answer_with(stranger);
    harness.type("1234");
    harness.tap("key_done");
    harness.wait_state("register_ask", start);
    EXPECT_EQ(json::serialize(harness.call("get_ui_tree")).find("1234"), std::string::npos);
  };
  const auto operations = [&] {
    std::vector<std::string> names;
    for (const json::object& message : bench.host().messages())
      if (message.at("type") == "authenticate") names.emplace_back(message.at("operation").as_string());
    return names;
  };
  ask();
  harness.tap("disagree");
  EXPECT_EQ(harness.states.back().at("substate"), "not_registered");
  const std::size_t declined = harness.seen();
  take();
  harness.wait_state("idle", declined);
  EXPECT_EQ(operations(), std::vector<std::string>{"pin_eligibility"});

  ask();
  const std::size_t asked = harness.seen();
  harness.tap("agree");
  harness.wait_state("result_ok", asked);
  EXPECT_EQ(operations(),
            (std::vector<std::string>{"pin_eligibility", "pin_eligibility", "pin_registration"}));
  EXPECT_EQ(bench.host().pins(), (std::vector<std::string>{"1234", "1234", "1234"}));
}

TEST_F(Device, a_page_that_is_going_to_end_says_so_first_and_a_touch_keeps_it) {
  set(R"({"idle_timeout_ms": 900})");
  harness.call("subscribe_frames", {{"max_fps", 30}});
  go_to_pin();
  harness.call("ping");
  const std::size_t frames = harness.frames.size();
  while (harness.frames.size() == frames) harness.next();
  EXPECT_NE(json::serialize(harness.call("get_ui_tree")).find("まもなく終了します"), std::string::npos);
  harness.type("1");
  const std::string tree = json::serialize(harness.call("get_ui_tree"));
  EXPECT_EQ(tree.find("まもなく終了します"), std::string::npos);
  EXPECT_EQ(harness.states.back().at("name"), "pin");
}

TEST_F(Device, a_card_that_is_left_behind_is_asked_for_again) {
  set(R"({"reminder_ms": 200})");
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.tap("end");
  while (harness.wait_state("take_card", harness.seen()).at("substate") != "card_left") {
  }
  take();
  harness.wait_state("idle", start);
}

TEST_F(Device, the_next_patient_begins_in_japanese) {
  const std::size_t start = harness.seen();
  go_to_pin();
  harness.tap("language");
  EXPECT_EQ(harness.states.back().at("lang"), "en");
  harness.tap("end");
  EXPECT_EQ(harness.states.back().at("lang"), "en");
  take();
  EXPECT_EQ(harness.wait_state("idle", start).at("lang"), "ja");
}

}  // namespace
}  // namespace shogo::reader
