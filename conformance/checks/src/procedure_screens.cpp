// What the screens of the procedure tell: where one is (3-10.b), and what to do, what to mind and what to
// choose (3-11.b). Taken from the UI tree, and counted only where the frame shows ink in that place.
#include "card_trace.h"
#include "checks.h"
#include "drawn_box.h"
#include "journey.h"
#include "whole_script.h"
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr sim::Patient kForgetful = sim::Patient::kWrongPin;

/// Keeps the page: its picture, and what of it bears which role and is really drawn.
Result<void> keep_page(Stage& stage, std::string_view name) {
  SHOGO_TRY(const Screen screen, stage.settled_screen());
  boost::json::array parts;
  for (const UiNode& node : screen.tree.nodes) {
    if (node.text.empty() || !has_ink(screen.frame.image, node)) continue;
    const bool current =
        node.text.find("●") != std::string::npos || node.text.find("/4") != std::string::npos;
    parts.push_back({{"role", node.role}, {"text", node.text}, {"current", current}});
  }
  stage.record(source::kDevice, "page",
               {{"name", name}, {"state", screen.tree.state}, {"parts", std::move(parts)}});
  SHOGO_CHECK_OK(stage.keep_frame(name));
  return {};
}

Result<void> wrong_pin(Stage& stage) {
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, wrong_pin_for(stage, kForgetful)));
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_event("the answer to a wrong PIN", entered, [](const Event& event) {
    return event.source == source::kDevice && event.kind == "state" &&
           text_of(event.data, "name") != "verifying";
  }));
  return {};
}

struct PartSeen {
  std::string role, text;
  bool current = false;
};
struct PageSeen {
  std::string name, state;
  std::vector<PartSeen> parts;
  [[nodiscard]] int count(std::string_view role) const {
    int n = 0;
    for (const PartSeen& part : parts) n += part.role == role ? 1 : 0;
    return n;
  }
};

std::vector<PageSeen> pages_of(const Transcript& transcript) {
  std::vector<PageSeen> pages;
  for (const Event* event : transcript.select(source::kDevice, "page")) {
    PageSeen page{text_of(event->data, "name"), text_of(event->data, "state"), {}};
    const boost::json::value* parts = event->data.if_contains("parts");
    if (parts != nullptr && parts->is_array())
      for (const boost::json::value& part : parts->get_array()) {
        if (!part.is_object()) continue;
        const boost::json::value* current = part.get_object().if_contains("current");
        page.parts.push_back({text_of(part.get_object(), "role"), text_of(part.get_object(), "text"),
                              current != nullptr && current->is_bool() && current->get_bool()});
      }
    pages.push_back(std::move(page));
  }
  return pages;
}

}  // namespace

Result<void> stimulate_steps_shown(Stage& stage) {
  begin_step(stage, "walk", kWho);
  SHOGO_CHECK_OK(keep_page(stage, "idle"));
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, start));
  SHOGO_CHECK_OK(keep_page(stage, "method"));
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.wait_state({"idle"}));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_CHECK_OK(keep_page(stage, "pin"));
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.wait_state({"idle"}));
  SHOGO_TRY(const Event first, enter_right_pin(stage, kWho));
  (void)first;
  constexpr int kMostPages = 12;
  for (int i = 0; i < kMostPages; ++i) {
    const auto now = stage.last_state();
    const std::string name = now ? text_of(now->data, "name") : "";
    SHOGO_CHECK_OK(keep_page(stage, name));
    if (name == "result_ok") break;
    const Mark pressed = stage.mark();
    SHOGO_TRY(const UiTree tree, stage.ui_tree());
    const Words& words = find_button(tree, words::kDisagree) != nullptr   ? words::kDisagree
                         : find_button(tree, words::kOneByOne) != nullptr ? words::kOneByOne
                                                                          : words::kNext;
    SHOGO_CHECK_OK(press(stage, words, "go on"));
    SHOGO_CHECK_OK(stage.wait_event("the next page", pressed, [](const Event& event) {
      return event.source == source::kDevice && event.kind == "state" &&
             text_of(event.data, "name") != "verifying";
    }));
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_steps_shown(const Transcript& transcript, const CheckContext&) {
  const std::vector<PageSeen> pages = pages_of(transcript);
  std::set<std::string> places;
  std::vector<std::string> lost;
  for (const PageSeen& page : pages) {
    std::string place;
    for (const PartSeen& part : page.parts)
      if (part.role == "step" && part.current) place = part.text;
    if (place.empty()) lost.push_back(page.name);
    places.insert(place);
  }
  Judgement judgement;
  std::string names;
  for (const std::string& name : lost) names += (names.empty() ? "" : ", ") + name;
  if (pages.size() < 4) {
    judgement = inconclusive(Reason::kControlFailed, fmt::format("only {} pages were seen", pages.size()),
                             fmt::format("{}画面しか確認できなかった", pages.size()));
  } else if (!lost.empty()) {
    judgement = fail(fmt::format("these pages do not say where in the procedure one is: {}", names),
                     fmt::format("手続の中の位置が示されない画面：{}", names));
  } else if (places.size() < 3) {
    judgement = fail(
        fmt::format("{} pages name only {} places: the indicator does not move", pages.size(), places.size()),
        fmt::format("{}画面で示された位置が{}通りしかなく、進み具合が分からない", pages.size(),
                    places.size()));
  } else {
    judgement =
        pass(fmt::format("{} pages say where one is, {} places in all", pages.size(), places.size()),
             fmt::format("{}画面すべてに手続の中の位置（{}通り）が示された", pages.size(), places.size()));
  }
  judgement.measurements = {{"pages_without_place", static_cast<double>(lost.size()), "count", "= 0",
                             static_cast<std::int64_t>(pages.size())}};
  return only_if_whole(std::move(judgement), transcript);
}

Result<void> stimulate_pin_screens(Stage& stage) {
  begin_step(stage, "walk", kForgetful);
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kForgetful)));
  SHOGO_CHECK_OK(stage.wait_state({"method"}));
  SHOGO_CHECK_OK(keep_page(stage, "selection"));
  stage.world().take_card();
  SHOGO_CHECK_OK(stage.wait_state({"idle"}));
  SHOGO_CHECK_OK(go_to_pin(stage, kForgetful));
  SHOGO_CHECK_OK(keep_page(stage, "instruction"));
  // What a device cautions against shows when a PIN was wrong, and before the last try.
  SHOGO_CHECK_OK(wrong_pin(stage));
  SHOGO_CHECK_OK(keep_page(stage, "after_a_wrong_pin"));
  SHOGO_CHECK_OK(wrong_pin(stage));
  SHOGO_CHECK_OK(keep_page(stage, "after_two_wrong_pins"));
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_pin_screens(const Transcript& transcript, const CheckContext& context) {
  const auto kinds = static_cast<int>(context.number("screen_kinds"));
  bool selection = false;
  bool instruction = false;
  bool caution = false;
  bool face = false;
  const std::vector<PageSeen> pages = pages_of(transcript);
  for (const PageSeen& page : pages) {
    if (page.state == "method") selection = selection || page.count("button") >= 2;
    if (page.state == "pin" && page.name == "instruction")
      instruction = instruction || page.count("heading") + page.count("text") >= 1;
    caution = caution || (page.state == "pin" && page.count("caution") > 0) ||
              (page.name.starts_with("after_") && page.count("caution") > 0);
    face = face || page.state == "capture_face";
  }
  const int found = (selection ? 1 : 0) + (instruction ? 1 : 0) + (caution ? 1 : 0);
  Judgement judgement;
  if (pages.size() < 4) {
    judgement =
        inconclusive(Reason::kControlFailed, fmt::format("only {} of 4 pages were reached", pages.size()),
                     fmt::format("4画面のうち{}画面しか確認できなかった", pages.size()));
  } else if (found < kinds) {
    judgement = fail(
        fmt::format("of selection, instruction and caution for the PIN the device shows {}:{}{}{} missing",
                    found, selection ? "" : " selection", instruction ? "" : " instruction",
                    caution ? "" : " caution"),
        fmt::format("暗証番号の選択・案内・注意の画面のうち{}種しかない", found));
  } else if (!face) {
    judgement =
        inconclusive(Reason::kPartial,
                     "selection, instruction and caution are there for the PIN; those for the face could not "
                     "be walked: the device offers no face authentication here",
                     "暗証番号については3種とも確認したが、顔認証の画面はこの装置では試せない");
  } else {
    judgement = pass("selection, instruction and caution are there for face and PIN",
                     "顔認証と暗証番号の両方に、選択・案内・注意の画面がある");
  }
  judgement.measurements = {
      {"screen_kinds", static_cast<double>(found), "count", fmt::format("= {}", kinds), 1}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
