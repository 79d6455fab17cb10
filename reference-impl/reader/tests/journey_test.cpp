#include "flow/journey.h"

#include "resources.h"
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

const Journey& journey() {
  return Journey::built_in();
}

/// States that can be reached from `start` over transitions that `allowed` accepts.
template <typename Allowed>
std::set<std::string> reachable(const std::string& start, Allowed allowed) {
  std::set<std::string> seen{start};
  std::vector<std::string> open{start};
  while (!open.empty()) {
    const JourneyState& state = journey().state(open.back());
    open.pop_back();
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || !allowed(state, t) || !seen.insert(t.to).second) continue;
      open.push_back(t.to);
    }
  }
  return seen;
}

bool orders(const Transition& t, std::string_view action) {
  return std::find(t.actions.begin(), t.actions.end(), action) != t.actions.end();
}

bool shows(const std::string& name, contract::State wanted) {
  return !name.empty() && !journey().state(name).junction && journey().state(name).state == wanted;
}

bool always(const JourneyState&, const Transition&) {
  return true;
}

TEST(Journey, every_state_is_reachable_from_the_start) {
  const auto seen = reachable(journey().initial(), always);
  for (const auto& [name, state] : journey().states()) EXPECT_EQ(seen.count(name), 1U) << name;
}

TEST(Journey, wiping_precedes_idle_on_every_path) {
  for (const auto& [name, state] : journey().states()) {
    // Nobody has begun anything there: staff set the volume or look at the camera's picture, and go back.
    if (name == "idle" || name == "volume" || name == "camera") continue;
    for (const Transition& t : state.transitions) {
      if (!shows(t.to, contract::State::kIdle)) continue;
      EXPECT_EQ(state.state, contract::State::kWiping) << name << " on " << t.on;
    }
  }
}

TEST(Journey, the_way_into_wiping_wipes) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (!shows(t.to, contract::State::kWiping)) continue;
      const std::set<std::string> actions(t.actions.begin(), t.actions.end());
      EXPECT_EQ(actions.count("wipe"), 1U) << name << " on " << t.on;
    }
  }
}

TEST(Journey, a_pin_leaves_only_on_done_and_only_when_it_is_complete) {
  int ways = 0;
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (!orders(t, "send_pin")) continue;
      ++ways;
      EXPECT_EQ(t.on, "done") << name;
      EXPECT_EQ(t.when, "pin_complete") << name;
      EXPECT_EQ(state.state, contract::State::kPin) << name;
    }
  }
  EXPECT_EQ(ways, 2) << "the first and the repeated entry";
}

TEST(Journey, a_phone_is_asked_only_while_it_lies_there_and_an_android_only_with_a_whole_pin) {
  int ways = 0;
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (!orders(t, "send_phone")) continue;
      ++ways;
      EXPECT_EQ(t.to, "phone_verifying") << name;
      const bool android = t.on == "card_android" || t.when == "android_here";
      const bool iphone = t.on == "card_iphone" || t.when == "iphone_here";
      EXPECT_TRUE(android || iphone) << name << " on " << t.on;
      if (!android) continue;
      EXPECT_TRUE(t.when == "pin_complete" || name == "phone_ready") << name << " on " << t.on;
    }
  }
  EXPECT_GT(ways, 4);
  for (const auto& [name, state] : journey().states())
    for (const Transition& t : state.transitions)
      if (t.to == "phone_ready") {
        EXPECT_EQ(t.when, "pin_complete") << name;
      }
}

TEST(Journey, a_phone_that_leaves_the_field_ends_nothing) {
  for (const char* name : {"phone_verifying", "consent_bundle", "handing_over", "result_ok_phone",
                           "error_server_error", "error_pin_locked"}) {
    const Transition* t = journey().step(name, "card_removed", {"by_phone", "answers_open"});
    ASSERT_NE(t, nullptr) << name;
    EXPECT_TRUE(t->to.empty()) << name;
  }
}

TEST(Journey, without_a_pin_only_where_staff_have_checked_the_face) {
  int ways = 0;
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (!orders(t, "send_visual")) continue;
      ++ways;
      EXPECT_EQ(t.to, "staff_visual") << name;
      EXPECT_TRUE(t.on == "visual_check" || t.when == "visual_check") << name << " on " << t.on;
    }
  }
  EXPECT_GT(ways, 4);
}

TEST(Journey, a_patient_who_is_done_is_not_the_next_one) {
  for (const char* name : {"result_ok", "take_card", "take_card_timeout", "card_left", "ng_not_eligible",
                           "pin", "consent_bundle"})
    EXPECT_EQ(journey().step(name, "visual_check", {"card_present"}), nullptr) << name;
}

TEST(Journey, a_registration_leaves_only_after_the_patient_agreed_to_it) {
  int ways = 0;
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (!orders(t, "send_registration")) continue;
      ++ways;
      EXPECT_EQ(state.state, contract::State::kRegisterAsk) << name;
      EXPECT_EQ(t.on, "agree") << name;
    }
  }
  EXPECT_EQ(ways, 1);
  EXPECT_EQ(journey().step("verifying", "answer_not_registered", {})->to, "register_ask");
  EXPECT_EQ(journey().step("registering", "answer_not_registered", {})->to, "ng_not_registered");
}

TEST(Journey, digits_outlive_the_keypad_only_until_the_question_of_registration_is_answered) {
  for (const auto& [name, state] : journey().states()) {
    const auto holding = [](const std::string& which) {
      return which == "verifying" || which == "register_ask" || which == "phone_verifying" ||
             which == "phone_ready" || which == "phone_moved" || which == "phone_tap_android";
    };
    if (state.state != contract::State::kPin && !holding(name)) continue;
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || (t.to != "verifying" && holding(t.to))) continue;
      EXPECT_TRUE(orders(t, "wipe") || orders(t, "clear_pin") || orders(t, "send_pin") ||
                  orders(t, "send_registration") || orders(t, "new_pin"))
          << name << " on " << t.on;
    }
  }
}

TEST(Journey, silence_is_no_answer) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      for (const std::string& action : t.actions) {
        if (action.rfind("answer ", 0) != 0) continue;
        EXPECT_FALSE(state.question.empty()) << name;
        for (const char* silent : {"timeout", "answer_timeout", "card_removed", "end", "staff", "host_lost"})
          EXPECT_NE(t.on, silent) << name;
        // The word on the button is the word that is kept.
        EXPECT_TRUE(action.substr(7) == t.on || t.on == "next") << name << " on " << t.on;
      }
    }
  }
}

TEST(Journey, every_question_has_one_page_and_is_asked_only_while_it_is_due) {
  for (const Question& question : journey().questions()) {
    int pages = 0;
    for (const auto& [name, state] : journey().states()) {
      if (state.question != question.name) continue;
      ++pages;
      for (const auto& [other, from] : journey().states()) {
        for (const Transition& t : from.transitions) {
          if (t.to != name) continue;
          EXPECT_EQ(other, "next_question");
          EXPECT_EQ(t.when, "due_" + question.name);
        }
      }
    }
    EXPECT_EQ(pages, 1) << question.name;
  }
}

TEST(Journey, whoever_leaves_the_questions_early_is_handed_over_as_having_not_answered) {
  for (const auto& [name, state] : journey().states()) {
    if (state.question.empty()) continue;
    for (const char* way : {"card_removed", "end", "timeout"}) {
      const Transition* t = journey().step(name, way, {"answers_open", "card_present"});
      ASSERT_NE(t, nullptr) << name << " on " << way;
      EXPECT_TRUE(orders(*t, "hand_over") && orders(*t, "wipe")) << name << " on " << way;
    }
  }
}

TEST(Journey, a_card_that_is_left_is_asked_for_again_and_never_swallowed_by_time) {
  for (const char* state : {"take_card", "take_card_timeout"}) {
    ASSERT_NE(journey().step(state, "reminder", {}), nullptr);
    EXPECT_EQ(journey().step(state, "reminder", {})->to, "card_left");
  }
  EXPECT_EQ(journey().state("card_left").wait, Wait::kNone);
}

TEST(Journey, end_is_understood_everywhere_but_while_wiping) {
  for (const auto& [name, state] : journey().states()) {
    if (state.state == contract::State::kWiping || state.junction) continue;
    EXPECT_NE(journey().step(name, "end", {}), nullptr) << name;
    EXPECT_NE(journey().step(name, "end", {"card_present", "transaction_open"}), nullptr) << name;
  }
}

TEST(Journey, end_and_taking_the_card_lead_home_from_everywhere) {
  const auto home = [](const JourneyState&, const Transition& t) {
    return t.on == "end" || t.on == "card_removed" || t.on == "wiped" || t.on == kPass;
  };
  for (const auto& [name, state] : journey().states()) {
    if (state.junction || state.state == contract::State::kOutOfService || name == "wiping_away") continue;
    const auto seen = reachable(name, home);
    EXPECT_TRUE(seen.count("idle") + seen.count("idle_card_removed") > 0) << name;
  }
}

TEST(Journey, no_page_of_a_session_waits_for_ever) {
  for (const auto& [name, state] : journey().states()) {
    if (state.junction) continue;
    if (!state.question.empty()) {
      EXPECT_EQ(state.wait, Wait::kIdle) << name;
    }
    switch (state.state) {
      case contract::State::kMethod:
      case contract::State::kPin:
      case contract::State::kRegisterAsk:
      case contract::State::kPhoneKind:
      case contract::State::kPhoneTap:
      case contract::State::kStaffVisual:
      case contract::State::kVerifying: {
        ASSERT_NE(state.wait, Wait::kNone) << name;
        const char* event = state.wait == Wait::kIdle ? "timeout" : "answer_timeout";
        EXPECT_NE(journey().step(name, event, {"transaction_open", "card_present"}), nullptr) << name;
        break;
      }
      default:
        break;
    }
  }
}

TEST(Journey, every_reason_the_host_may_give_is_answered_while_verifying) {
  for (const std::string_view reason : kReasons) {
    if (reason == "timeout" || reason == "user_ended") continue;  // only the reader can have these
    for (const char* state : {"verifying", "phone_verifying", "staff_visual"})
      EXPECT_NE(journey().step(state, "answer_" + std::string(reason), {}), nullptr) << state << reason;
  }
}

TEST(Journey, success_comes_only_from_the_answer_none_and_ends_when_the_clinic_knows_it) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (orders(t, "report ok none")) {
        EXPECT_TRUE(name == "verifying" || name == "registering" || name == "phone_verifying" ||
                    name == "staff_visual")
            << name;
        EXPECT_EQ(t.on, "answer_none");
      }
      if (!shows(t.to, contract::State::kResultOk)) continue;
      EXPECT_EQ(name, "handing_over");
      EXPECT_EQ(t.on, "handed_over");
    }
  }
}

TEST(Journey, a_locked_card_never_reaches_the_keypad) {
  const Transition* chosen = journey().step("method", "choose_pin", {"tries_locked", "tries_known"});
  ASSERT_NE(chosen, nullptr);
  EXPECT_EQ(chosen->to, "error_pin_locked");
  EXPECT_EQ(journey().step("reading_tries", "tries_locked", {})->to, "error_pin_locked");
}

TEST(Journey, before_the_last_try_stands_a_caution) {
  EXPECT_EQ(journey().step("method", "choose_pin", {"tries_known", "last_try"})->to, "pin_caution");
  EXPECT_EQ(journey().step("reading_tries", "tries_known", {"last_try"})->to, "pin_caution");
  EXPECT_EQ(journey().step("pin_caution", "go_on", {})->to, "pin");
}

TEST(Journey, broken_data_is_refused_with_the_place) {
  const auto message = [](std::string_view text) {
    const auto loaded = Journey::load(text, "test.json");
    return loaded.ok() ? std::string("accepted") : loaded.error().describe();
  };
  EXPECT_NE(message("{"), "accepted");
  EXPECT_NE(message(R"({"initial":"a","groups":{},"states":{}})").find("no state \"a\""), std::string::npos);
  EXPECT_NE(message(R"({"initial":"a","groups":{},"states":{"a":{"state":"idle","screen":"x",
                        "on":[{"on":"e","to":"b"}]}}})")
                .find("no state \"b\""),
            std::string::npos);
  EXPECT_NE(message(R"({"initial":"a","groups":{},"states":{"a":{"state":"idle","screen":"x",
                        "on":[{"on":"e","do":["fly"]}]}}})")
                .find("fly"),
            std::string::npos);
  EXPECT_NE(
      message(R"({"initial":"a","groups":{},"states":{"a":{"state":"asleep","screen":"x"}}})").find("asleep"),
      std::string::npos);
  EXPECT_NE(message(R"({"initial":"a","groups":{},"states":{"a":{"state":"idle","screen":"x",
                        "on":[{"on":"e","when":"raining"}]}}})")
                .find("raining"),
            std::string::npos);
  EXPECT_NE(
      message(R"({"initial":"a","groups":{},"states":{"a":{"choose":[{"when":"card_present","to":"a"}]}}})")
          .find("needs no fact"),
      std::string::npos);
  EXPECT_NE(message(R"({"initial":"a","questions":[{"name":"q","needs":["rain"]}],"groups":{},"states":{}})")
                .find("rain"),
            std::string::npos);
  EXPECT_NE(
      message(R"({"initial":"a","groups":{},"states":{"a":{"state":"idle","screen":"x","question":"q"}}})")
          .find("no question"),
      std::string::npos);
}

}  // namespace
}  // namespace shogo::reader
