// Every built-in card profile at the reference reader: which pages it leads to and what the card answers on
// the way, held against data/journeys.json. One reader serves all of them, one after the other, as at a
// counter. SHOGO_JOURNEYS=FILE writes what was seen there instead; look at it before it becomes the data.
#include "card_trace.h"
#include "journey.h"
#include "pinless.h"
#include <cstdlib>
#include <fstream>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/conformance/open_device.h>
#include <shogo/sim/card_profile.h>

namespace shogo::conformance {
namespace {

constexpr milliseconds kNothing{1'500};  ///< for a card of which nothing is to be seen
constexpr milliseconds kAnswer{30'000};
constexpr const char* kPin = "1234";

bool leads_on(const std::string& state) {
  return state == "verifying" || state == "pin" || state == "method" || state == "staff_visual";
}

std::string command_text(const CardCommand& command, bool query) {
  return fmt::format("{}{}{} {:04X}", query ? "ASK" : command.name, command.content.empty() ? "" : " ",
                     command.content, command.sw);
}

/// What is played: a profile, and for the way without PIN what staff do first.
struct Way {
  std::string name, profile;
  bool visual_check = false;
};

std::vector<Way> all_ways() {
  std::vector<Way> ways;
  for (const std::string& profile : sim::builtin_card_profiles()) ways.push_back({profile, profile});
  ways.push_back({"standard, visual check", "standard", true});
  return ways;
}

/// Card on, PIN chosen where it is offered, typed where it is asked for, until a page comes that waits for
/// something else.
Result<void> play(Stage& stage, const Way& way, milliseconds first_page) {
  if (way.visual_check) SHOGO_CHECK_OK(arm_visual_check(stage));
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_profile(way.profile)));
  auto state = stage.wait_event(
      "a page for the card", start,
      [](const Event& event) { return event.source == source::kDevice && event.kind == "state"; },
      first_page);
  if (!state.ok())
    return state.error().code() == Code::kTimeout ? Result<void>() : Result<void>(state.error());
  std::string now = text_of(state->data, "name");
  for (int i = 0; i < 6 && leads_on(now); ++i) {
    const Mark moved = stage.mark();
    const std::string from = now;
    if (now == "method") SHOGO_CHECK_OK(tap_pin_method(stage));
    if (now == "pin") {
      SHOGO_TRY(PinPad pad, PinPad::find(stage));
      SHOGO_CHECK_OK(pad.type(stage, kPin));
      SHOGO_CHECK_OK(pad.done(stage));
    }
    const auto next = stage.wait_event(
        "another page", now == "verifying" || now == "staff_visual" ? start : moved,
        [&](const Event& event) {
          const std::string name = text_of(event.data, "name");
          const std::string part = text_of(event.data, "substate");
          return event.source == source::kDevice && event.kind == "state" &&
                 (name != from || part == "pin_caution") && !(from == "verifying" && leads_on(name)) &&
                 part != "reading_card";
        },
        kAnswer);
    if (!next.ok()) return next.error();
    now = text_of(next->data, "name");
    if (text_of(next->data, "substate") == "pin_caution") break;
  }
  return stage.linger(milliseconds{100});
}

boost::json::object seen_in(const Transcript& transcript) {
  std::vector<std::string> pages, commands;
  std::string reason;
  for (const Event& event : transcript.events()) {
    if (event.source == source::kDevice && event.kind == "state") {
      const std::string page = text_of(event.data, "screen_id");
      // Whether the counter is known before the PIN is chosen is a race between finger and card.
      const bool waiting = text_of(event.data, "substate") == "reading_card";
      if (!waiting && (pages.empty() || pages.back() != page)) pages.push_back(page);
    }
    if (event.source == source::kDevice && event.kind == "result" && reason.empty())
      reason = text_of(event.data, "reason");
  }
  Step whole;
  for (const Event& event : transcript.events()) whole.events.push_back(&event);
  for (const CardCommand& command : whole.commands()) {
    const std::string text = command_text(command, command.name == "VERIFY" && command.body_size == 0);
    if (commands.empty() || commands.back() != text) commands.push_back(text);
  }
  return {{"pages", boost::json::array(pages.begin(), pages.end())},
          {"card", boost::json::array(commands.begin(), commands.end())},
          {"reason", reason}};
}

TEST(Journeys, every_profile_leads_where_its_data_say) {
  auto dut = open_device({});
  ASSERT_TRUE(dut.ok()) << dut.error().describe();
  DeviceUnderTest& device = **dut;
  const std::string file = std::string(SHOGO_SOURCE_DIR) + "/conformance/checks/data/journeys.json";
  const auto text = read_text(file);
  ASSERT_TRUE(text.ok()) << text.error().describe();
  const auto data = parse_json(*text, "journeys.json");
  ASSERT_TRUE(data.ok()) << data.error().describe();
  const boost::json::object& expected = data->as_object();
  boost::json::object all;
  RealClock clock;
  for (const Way& way : all_ways()) {
    SCOPED_TRACE(way.name);
    StageSetup setup;
    setup.clause = "journeys." + way.profile;
    setup.clock = &clock;
    setup.device = &device.device();
    setup.world = device.world();
    setup.host = device.host();
    const auto stage = std::make_shared<Stage>(setup);
    device.device().on_event([stage](const DeviceEvent& event) { stage->on_device_event(event); });
    ASSERT_TRUE(device.begin_case(setup.clause, 1, *stage).ok());
    ASSERT_TRUE(stage->call("reset", {{"level", "app"}}).ok());
    // What the reset itself shows is no part of the journey.
    const std::size_t before = stage->mark().position;
    const boost::json::value* wanted = expected.if_contains(way.name);
    const bool unseen = wanted != nullptr && wanted->at("pages").as_array().empty();
    const auto played = play(*stage, way, unseen ? kNothing : kAnswer);
    EXPECT_TRUE(played.ok()) << played.error().describe();
    device.device().on_event(nullptr);
    device.end_case();
    const Transcript whole = stage->finish();
    Transcript journey;
    for (std::size_t i = before; i < whole.events().size(); ++i) {
      Event event = whole.events()[i];
      event.blob.clear();
      journey.add(std::move(event));
    }
    all[way.name] = seen_in(journey);
    if (wanted == nullptr) {
      ADD_FAILURE() << "no journey in the data; seen: " << boost::json::serialize(all[way.name]);
    } else {
      EXPECT_EQ(boost::json::serialize(all[way.name]), boost::json::serialize(*wanted));
    }
  }
  for (const auto& [name, journey] : expected)
    EXPECT_TRUE(all.contains(name)) << name << " is in the data and no profile";
  if (const char* out = std::getenv("SHOGO_JOURNEYS")) {
    std::ofstream(out) << pretty_json(all);
  }
}

}  // namespace
}  // namespace shogo::conformance
