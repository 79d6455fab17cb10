#include "journey.h"

#include "whole_script.h"
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// A button may be worded differently on every device; the first node with any of these words is meant.
Result<void> tap_any(Stage& stage, std::initializer_list<std::string_view> words, std::string_view what) {
  SHOGO_TRY(const UiTree tree, stage.ui_tree());
  for (const std::string_view word : words) {
    for (const UiNode& node : tree.nodes) {
      if (node.role == "button" && node.enabled && node.text.find(word) != std::string::npos)
        return stage.touch(node.centre_x(), node.centre_y());
    }
  }
  return Error{Code::kNotFound,
               fmt::format("the screen {} offers no enabled button for \"{}\"", tree.screen_id, what)};
}

}  // namespace

json::object flags_of_hand_over(std::string_view text) {
  json::object flags;
  for (std::size_t at = 0; (at = text.find('<', at)) != std::string_view::npos; ++at) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) break;
    const std::string_view name = text.substr(at + 1, end - at - 1);
    const bool flag = name.ends_with("ConsFlg") || name == "PrescriptionIssueSelect";
    if (flag && name.front() != '/') flags[name] = text.substr(end + 1, text.find('<', end) - end - 1);
  }
  return flags;
}

void begin_step(Stage& stage, std::string_view name, sim::Patient patient, json::object more) {
  more["name"] = name;
  more["patient"] = sim::to_string(patient);
  stage.note("step", std::move(more));
  note_tries(stage, patient);
}

void note_tries(Stage& stage, sim::Patient patient) {
  stage.record(source::kCard, "tries", {{"auth_pin", stage.world().auth_tries_left(patient)}});
}

Result<PinPad> PinPad::find(Stage& stage) {
  PinPad pad;
  SHOGO_TRY(const Frame frame, stage.settled_frame());
  auto keypad = find_keypad(frame.image);
  // What the bench saw belongs to the evidence, most of all when it could not read it.
  if (!keypad.ok()) SHOGO_CHECK_OK(stage.keep_frame("unreadable_keypad"));
  if (!keypad.ok()) return keypad.error();
  pad.keypad_ = *std::move(keypad);
  return pad;
}

Result<void> PinPad::type(Stage& stage, std::string_view digits) {
  for (const char c : digits) {
    if (c < '0' || c > '9') return Error{Code::kInternal, "a PIN consists of digits"};
    const Box& box = keypad_.digit(c - '0').box;
    SHOGO_CHECK_OK(stage.touch(static_cast<int>(std::lround(box.center_x())),
                               static_cast<int>(std::lround(box.center_y()))));
  }
  return {};
}

Result<void> PinPad::type(Stage& stage, const Secret& digits) {
  return type(stage, as_text(digits.expose()));
}

Result<void> PinPad::done(Stage& stage) {
  // Where the device refuses a short PIN by a disabled key, a patient still presses it: touch it all the
  // same.
  SHOGO_TRY(const UiTree tree, stage.ui_tree());
  for (const std::string_view word : {"確定", "完了", "決定", "OK", "Done", "Enter"}) {
    for (const UiNode& node : tree.nodes) {
      if (node.role == "button" && node.text == word) return stage.touch(node.centre_x(), node.centre_y());
    }
  }
  return Error{Code::kNotFound, "the PIN page has no key that ends the entry (確定, Done, …)"};
}

Result<void> PinPad::erase(Stage& stage) {
  return tap_any(stage, {"消す", "削除", "訂正", "Delete", "Clear"}, "delete a digit");
}

Result<void> tap_pin_method(Stage& stage) {
  return tap_any(stage, {"暗証番号", "PIN"}, "enter the PIN");
}

Result<Event> choose_pin(Stage& stage, sim::Patient patient, milliseconds timeout) {
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(patient)));
  SHOGO_TRY(const Event first, stage.wait_state({"method", "error"}, start, timeout));
  if (const json::value* name = first.data.if_contains("name"); name != nullptr && *name == "error")
    return first;  // a card that the device does not take
  const Mark chosen = stage.mark();
  SHOGO_CHECK_OK(tap_pin_method(stage));
  return stage.wait_state({"pin", "error", "result_ng"}, chosen, timeout);
}

Result<void> go_to_pin(Stage& stage, sim::Patient patient) {
  SHOGO_TRY(const Event state, choose_pin(stage, patient));
  const json::value* name = state.data.if_contains("name");
  if (name != nullptr && *name == "pin") return {};
  return Error{Code::kConflict, "expected the PIN page after choosing the PIN, the device refused the card"};
}

Result<void> leave_pin(Stage& stage) {
  const Mark start = stage.mark();
  SHOGO_CHECK_OK(tap_any(stage, {"戻る", "Back"}, "go back"));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, start));
  return {};
}

const UiNode* find_button(const UiTree& tree, const Words& wanted) {
  const auto has_one_of = [](const UiNode& node, const Words& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view word) { return node.text.find(word) != std::string::npos; });
  };
  const bool agreement = &wanted == &words::kAgree;
  for (const UiNode& node : tree.nodes) {
    if (node.role != "button" || !node.enabled || !has_one_of(node, wanted)) continue;
    if (agreement && has_one_of(node, words::kDisagree)) continue;
    return &node;
  }
  return nullptr;
}

Result<void> press(Stage& stage, const Words& wanted, std::string_view what) {
  SHOGO_TRY(const UiTree tree, stage.ui_tree());
  const UiNode* node = find_button(tree, wanted);
  if (node == nullptr)
    return Error{Code::kNotFound,
                 fmt::format("the screen {} offers no enabled button for \"{}\"", tree.screen_id, what)};
  return stage.touch(node->centre_x(), node->centre_y());
}

Result<Event> enter_right_pin(Stage& stage, sim::Patient patient) {
  SHOGO_CHECK_OK(go_to_pin(stage, patient));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(patient)));
  // A device may send at the fourth digit.
  if (const auto now = stage.last_state(); now && now->data.at("name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  return stage.wait_event("an answer to the PIN", entered, [](const Event& event) {
    if (event.source != source::kDevice || event.kind != "state") return false;
    const json::value* name = event.data.if_contains("name");
    return name != nullptr && *name != "verifying" && *name != "pin";
  });
}

void note_register(Stage& stage, sim::Patient patient) {
  stage.record(source::kServer, "register",
               {{"patient", sim::to_string(patient)}, {"state", stage.world().server_state(patient)}});
}

Result<void> note_hand_overs(Stage& stage, std::size_t expected) {
  std::vector<std::string> texts = stage.world().hand_overs();
  // The device may show the end before the file is there.
  for (int i = 0; i < 5 && texts.size() < expected; ++i) {
    SHOGO_CHECK_OK(stage.linger(milliseconds{100}));
    texts = stage.world().hand_overs();
  }
  for (const std::string& text : texts) stage.record(source::kHost, "hand_over", flags_of_hand_over(text));
  return {};
}

Result<void> note_new_hand_overs(Stage& stage, std::size_t& known) {
  std::vector<std::string> texts = stage.world().hand_overs();
  for (int i = 0; i < 5 && texts.size() <= known; ++i) {
    SHOGO_CHECK_OK(stage.linger(milliseconds{100}));
    texts = stage.world().hand_overs();
  }
  for (; known < texts.size(); ++known)
    stage.record(source::kHost, "hand_over", flags_of_hand_over(texts[known]));
  return {};
}

Result<void> finish(Stage& stage) {
  const Mark start = stage.mark();
  stage.world().take_card();
  const auto state = stage.last_state();
  if (state && state->data.contains("name") && state->data.at("name") == "idle") return {};
  SHOGO_CHECK_OK(stage.wait_state({"idle"}, start));
  return {};
}

Result<void> end_script(Stage& stage) {
  stage.note(kScriptEnd);
  return {};
}

std::string wrong_pin_for(Stage& stage, sim::Patient patient) {
  const auto right = as_text(stage.world().pin_of(patient).expose());
  std::string pin;
  do {
    pin = fmt::format("{:04}", stage.rng().below(10'000));
  } while (pin == right);
  return pin;
}

}  // namespace shogo::conformance
