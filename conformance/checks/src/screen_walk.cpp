#include "screen_walk.h"

#include "card_trace.h"
#include "journey.h"
#include "key_press.h"
#include "screen_record.h"
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

constexpr int kMostLanguages = 6;
constexpr int kMostSteps = 40;  // of one journey: a device that goes round in circles ends here
constexpr int kPinDigits = 4;

/// Who comes to the counter, and what they end at. `quick`: also in the quick profile.
struct Visit {
  const char* name;
  sim::Patient patient;
  sim::ServerFault server;
  sim::RfFault card;
  bool right_pin;
  bool quick;
};
constexpr Visit kVisits[] = {
    {"success", sim::Patient::kValid, sim::ServerFault::kNone, sim::RfFault::kNone, true, true},
    {"wrong_pin", sim::Patient::kWrongPin, sim::ServerFault::kNone, sim::RfFault::kNone, false, true},
    {"locked", sim::Patient::kLocked, sim::ServerFault::kNone, sim::RfFault::kNone, true, true},
    {"revoked", sim::Patient::kRevoked, sim::ServerFault::kNone, sim::RfFault::kNone, true, true},
    {"server_down", sim::Patient::kValid, sim::ServerFault::kRefused, sim::RfFault::kNone, true, true},
    {"expired", sim::Patient::kExpired, sim::ServerFault::kNone, sim::RfFault::kNone, true, false},
    {"not_registered", sim::Patient::kNotRegistered, sim::ServerFault::kNone, sim::RfFault::kNone, true,
     false},
    {"suspended", sim::Patient::kSuspended, sim::ServerFault::kNone, sim::RfFault::kNone, true, false},
    {"server_error", sim::Patient::kValid, sim::ServerFault::kError500, sim::RfFault::kNone, true, false},
    {"server_slow", sim::Patient::kValid, sim::ServerFault::kSlow, sim::RfFault::kNone, true, false},
    {"unreadable", sim::Patient::kValid, sim::ServerFault::kNone, sim::RfFault::kGarbage, true, false},
};

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

const UiNode* language_button(const UiTree& tree) {
  for (const UiNode& node : tree.nodes)
    if (node.enabled && node.role == "button" &&
        (node.id == "language" || has_any(node.text, {"English", "日本語", "中文", "한국어"})))
      return &node;
  return nullptr;
}

/// Buttons that lead away from the journey: pressed last, or not at all.
bool leads_away(const UiNode& node) {
  return has_any(node.id, {"language", "end", "staff", "back", "cancel"}) ||
         has_any(node.text, {"終了", "職員", "戻る", "English", "日本語", "中文", "한국어", "End",
                             "Call staff", "Back", "Cancel"});
}

bool is_state(const Event& event) {
  return event.source == source::kDevice && event.kind == "state";
}

/// Neither a page of waiting nor the moment in which a session is wiped.
bool rests(const Event& event) {
  const std::string name = text_of(event.data, "name");
  return is_state(event) && name != "verifying" && name != "wiping";
}

class Walk {
 public:
  explicit Walk(Stage& stage) : stage_(stage) {}

  Result<void> play();

 private:
  /// Records the screen in every language, unless it has been seen at this moment; leaves it in the language
  /// in which it was.
  Result<Screen> look(std::string_view moment = "");
  Result<void> visit(const Visit& visit);
  /// A patient who does nothing; where the time limit can be set.
  Result<void> run_out_of_time();
  Result<void> pin_page(const Visit& visit);
  /// From the answer on: presses what leads on until nothing does.
  Result<void> follow();
  Result<void> wait_for_answer(Mark since);

  Stage& stage_;
  std::set<std::string> seen_;
  std::map<std::string, std::set<std::string>> pressed_;  ///< by screen
  bool keys_pressed_ = false;
};

Result<Screen> Walk::look(std::string_view moment) {
  SHOGO_TRY(Screen screen, stage_.settled_screen());
  const std::string first_language = screen.tree.lang;
  for (int i = 0; i < kMostLanguages; ++i) {
    const std::string key =
        fmt::format("{}|{}|{}|{}", screen.tree.state, screen.tree.screen_id, screen.tree.lang, moment);
    if (seen_.insert(key).second) SHOGO_CHECK_OK(record_screen(stage_, screen, moment));
    const UiNode* next = language_button(screen.tree);
    if (next == nullptr) break;
    // Seen before in this language and so in all of them.
    if (i == 0 && seen_.count(key + "|all") > 0) break;
    if (i == 0) seen_.insert(key + "|all");
    const std::string before = screen.tree.lang;
    SHOGO_CHECK_OK(stage_.touch(next->centre_x(), next->centre_y()));
    SHOGO_TRY(screen, stage_.settled_screen());
    if (screen.tree.lang == before) break;  // it did not do what it says: 3-10.a's business
    if (screen.tree.lang == first_language) break;
  }
  return screen;
}

Result<void> Walk::wait_for_answer(Mark since) {
  SHOGO_CHECK_OK(stage_.wait_event("an answer to the entry", since, [](const Event& event) {
    if (event.source != source::kDevice || event.kind != "state") return false;
    const std::string name = text_of(event.data, "name");
    return (name != "verifying" && name != "pin") || text_of(event.data, "substate") == "wrong_pin";
  }));
  return {};
}

Result<void> Walk::pin_page(const Visit& visit) {
  SHOGO_CHECK_OK(look("0_digits"));
  if (!keys_pressed_) {
    keys_pressed_ = true;
    SHOGO_CHECK_OK(press_every_key(stage_));
  }
  const std::string pin = visit.right_pin
                              ? std::string(as_text(stage_.world().pin_of(visit.patient).expose()))
                              : wrong_pin_for(stage_, visit.patient);
  SHOGO_TRY(PinPad pad, PinPad::find(stage_));
  SHOGO_CHECK_OK(pad.type(stage_, pin.substr(0, 2)));
  if (visit.right_pin) SHOGO_CHECK_OK(look("2_digits"));
  const Mark entered = stage_.mark();
  SHOGO_CHECK_OK(pad.type(stage_, pin.substr(2)));
  SHOGO_CHECK_OK(stage_.linger(milliseconds{20}));
  if (const auto now = stage_.last_state(); now && text_of(now->data, "name") == "pin") {
    SHOGO_CHECK_OK(look(fmt::format("{}_digits", kPinDigits)));
    SHOGO_CHECK_OK(press_done(stage_));
  }
  // Only an answer that takes its time leaves the page of waiting long enough to be looked at.
  if (visit.server == sim::ServerFault::kSlow) SHOGO_CHECK_OK(look());
  return wait_for_answer(entered);
}

Result<void> Walk::follow() {
  for (int step = 0; step < kMostSteps; ++step) {
    SHOGO_TRY(const Screen screen, look());
    if (screen.tree.state == "idle" || screen.tree.state == "wiping") return {};
    std::set<std::string>& pressed = pressed_[screen.tree.screen_id];
    const UiNode* onward = nullptr;
    for (const UiNode& node : screen.tree.nodes) {
      if (node.role != "button" || !node.enabled || leads_away(node)) continue;
      if (pressed.count(node.id) == 0) {
        onward = &node;
        break;
      }
      if (onward == nullptr) onward = &node;
    }
    if (onward == nullptr || screen.tree.state == "pin" || screen.tree.state == "method") return {};
    pressed.insert(onward->id);
    const Mark start = stage_.mark();
    SHOGO_CHECK_OK(stage_.touch(onward->centre_x(), onward->centre_y()));
    const auto moved = stage_.wait_event("another screen", start, is_state, kShortWait);
    if (!moved.ok() && moved.error().code() != Code::kTimeout) return moved.error();
    // A page on which the device waits for somebody else goes by itself: looked at now and then in one run
    // and not in the next, it would make the evidence of one seed differ.
    if (moved.ok() && !rests(*moved)) SHOGO_CHECK_OK(stage_.wait_event("a page that stays", start, rests));
  }
  return {};
}

Result<void> Walk::visit(const Visit& visit) {
  begin_step(stage_, visit.name, visit.patient);
  stage_.world().set_server(visit.server);
  const Mark placed = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(visit.patient, visit.card)));
  SHOGO_CHECK_OK(stage_.wait_state({"method", "error", "result_ng"}, placed));
  SHOGO_TRY(const Screen first, look());
  if (first.tree.state == "method") {
    const Mark chosen = stage_.mark();
    SHOGO_CHECK_OK(tap_pin_method(stage_));
    SHOGO_TRY(const Event state, stage_.wait_state({"pin", "error", "result_ng"}, chosen));
    if (text_of(state.data, "name") == "pin") SHOGO_CHECK_OK(pin_page(visit));
  }
  SHOGO_CHECK_OK(follow());
  stage_.world().set_server(sim::ServerFault::kNone);
  return finish(stage_);
}

Result<void> Walk::run_out_of_time() {
  if (!stage_.device().has(contract::cap::kSettings)) return {};
  constexpr int kSoon_ms = 1'500;
  constexpr int kAgain_ms = 60'000;
  begin_step(stage_, "timeout", sim::Patient::kValid);
  SHOGO_CHECK_OK(stage_.set_settings({{"idle_timeout_ms", kSoon_ms}}));
  const Mark placed = stage_.mark();
  SHOGO_CHECK_OK(stage_.ours(stage_.world().place_card(sim::Patient::kValid)));
  SHOGO_CHECK_OK(stage_.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(stage_.wait_state({"take_card", "idle", "error"}, placed));
  SHOGO_CHECK_OK(stage_.set_settings({{"idle_timeout_ms", kAgain_ms}}));
  SHOGO_CHECK_OK(look());
  return finish(stage_);
}

Result<void> Walk::play() {
  SHOGO_CHECK_OK(look());
  SHOGO_TRY(const UiTree idle, stage_.ui_tree());
  for (const UiNode& node : idle.nodes) {
    if (node.role != "button" || !node.enabled || !has_any(node.id + node.text, {"staff", "職員"})) continue;
    SHOGO_CHECK_OK(stage_.touch(node.centre_x(), node.centre_y()));
    SHOGO_TRY(const Screen called, look());
    for (const UiNode& back : called.tree.nodes)
      if (back.role == "button" && back.enabled && has_any(back.id + back.text, {"back", "戻る"})) {
        SHOGO_CHECK_OK(stage_.touch(back.centre_x(), back.centre_y()));
        break;
      }
    break;
  }
  for (const Visit& next : kVisits) {
    if (!next.quick && stage_.profile() == "quick") continue;
    SHOGO_CHECK_OK(visit(next));
  }
  if (stage_.profile() != "quick") SHOGO_CHECK_OK(run_out_of_time());
  SHOGO_CHECK_OK(look());  // idle once more: some devices say there why the last patient left
  return end_script(stage_);
}

}  // namespace

Result<void> stimulate_screen_walk(Stage& stage) {
  return Walk(stage).play();
}

}  // namespace shogo::conformance
