#include "flow/journey.h"

#include "resources.h"
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

bool always(const JourneyState&, const Transition&) {
  return true;
}

TEST(Journey, every_state_is_reachable_from_the_start) {
  const auto seen = reachable(journey().initial(), always);
  for (const auto& [name, state] : journey().states()) EXPECT_EQ(seen.count(name), 1U) << name;
}

TEST(Journey, wiping_precedes_idle_on_every_path) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || journey().state(t.to).state != contract::State::kIdle) continue;
      EXPECT_EQ(state.state, contract::State::kWiping) << name << " on " << t.on;
    }
  }
}

TEST(Journey, the_way_into_wiping_wipes) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || journey().state(t.to).state != contract::State::kWiping) continue;
      const std::set<std::string> actions(t.actions.begin(), t.actions.end());
      EXPECT_EQ(actions.count("wipe"), 1U) << name << " on " << t.on;
    }
  }
}

TEST(Journey, a_pin_leaves_only_on_done_and_only_when_it_is_complete) {
  int ways = 0;
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      for (const std::string& action : t.actions) {
        if (action != "send_pin") continue;
        ++ways;
        EXPECT_EQ(t.on, "done") << name;
        EXPECT_EQ(t.when, "pin_complete") << name;
        EXPECT_EQ(state.state, contract::State::kPin) << name;
      }
    }
  }
  EXPECT_EQ(ways, 2) << "the first and the repeated entry";
}

TEST(Journey, whoever_leaves_the_keypad_leaves_no_digits_behind) {
  for (const auto& [name, state] : journey().states()) {
    if (state.state != contract::State::kPin) continue;
    for (const Transition& t : state.transitions) {
      if (t.to.empty()) continue;
      const std::set<std::string> actions(t.actions.begin(), t.actions.end());
      EXPECT_TRUE(actions.count("wipe") + actions.count("clear_pin") + actions.count("send_pin") > 0)
          << name << " on " << t.on;
    }
  }
}

TEST(Journey, end_is_understood_everywhere_but_while_wiping) {
  for (const auto& [name, state] : journey().states()) {
    if (state.state == contract::State::kWiping) continue;
    EXPECT_NE(journey().step(name, "end", {}), nullptr) << name;
    EXPECT_NE(journey().step(name, "end", {"card_present", "transaction_open"}), nullptr) << name;
  }
}

TEST(Journey, end_and_taking_the_card_lead_home_from_everywhere) {
  const auto home = [](const JourneyState&, const Transition& t) {
    return t.on == "end" || t.on == "card_removed" || t.on == "wiped";
  };
  for (const auto& [name, state] : journey().states()) {
    if (state.state == contract::State::kOutOfService || name == "wiping_away") continue;
    const auto seen = reachable(name, home);
    EXPECT_TRUE(seen.count("idle") + seen.count("idle_card_removed") > 0) << name;
  }
}

TEST(Journey, no_page_of_a_session_waits_for_ever) {
  for (const auto& [name, state] : journey().states()) {
    switch (state.state) {
      case contract::State::kMethod:
      case contract::State::kPin:
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
    EXPECT_NE(journey().step("verifying", "answer_" + std::string(reason), {}), nullptr) << reason;
  }
}

TEST(Journey, success_comes_only_from_verifying_and_only_from_the_answer_none) {
  for (const auto& [name, state] : journey().states()) {
    for (const Transition& t : state.transitions) {
      if (t.to.empty() || journey().state(t.to).state != contract::State::kResultOk) continue;
      EXPECT_EQ(name, "verifying");
      EXPECT_EQ(t.on, "answer_none");
    }
  }
}

TEST(Journey, a_locked_card_never_reaches_the_keypad) {
  const Transition* chosen = journey().step("method", "choose_pin", {"tries_locked", "tries_known"});
  ASSERT_NE(chosen, nullptr);
  EXPECT_EQ(chosen->to, "error_pin_locked");
  EXPECT_EQ(journey().step("reading_tries", "tries_locked", {})->to, "error_pin_locked");
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
}

}  // namespace
}  // namespace shogo::reader
