#include "physical_keypad.h"

#include "card_trace.h"
#include "journey.h"
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include <shogo/conformance/digit_reader.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace cap = contract::cap;

constexpr std::array<std::string_view, 10> kPlaces{"r4c2", "r1c1", "r1c2", "r1c3", "r2c1",
                                                   "r2c2", "r2c3", "r3c1", "r3c2", "r3c3"};

/// The inside of a badge, without the rounded corners, in grey.
Image badge(const Image& frame, const UiNode& node) {
  const int inset_x = node.width / 8, inset_y = node.height / 8;
  const int left = std::clamp(node.x + inset_x, 0, frame.width);
  const int right = std::clamp(node.x + node.width - inset_x, left, frame.width);
  const int top = std::clamp(node.y + inset_y, 0, frame.height);
  const int bottom = std::clamp(node.y + node.height - inset_y, top, frame.height);
  Image grey{right - left, bottom - top, 1, {}};
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x) {
      const std::uint8_t* p = frame.at(x, y);
      grey.pixels.push_back(static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000));
    }
  return grey;
}

}  // namespace

Result<bool> has_keypad(const Stage& stage, bool external_only) {
  const std::string& keypad = stage.hello().keypad;
  if (keypad.empty())
    return Error{Code::kUnsupported, "hello does not say whether the device has a physical keypad"};
  return keypad == "external" || (keypad == "built_in" && !external_only);
}

std::optional<Judgement> without_keypad(const CheckContext& context, bool external_only) {
  const std::string& keypad = context.device.keypad;
  if (keypad.empty())
    return inconclusive(Reason::kNoChannel,
                        "hello does not say whether the device has a physical keypad (keypad: none, built_in "
                        "or external)",
                        "物理テンキーの有無がhelloに書かれていない（keypad: none、built_in、external）");
  if (keypad == "external" || (keypad == "built_in" && !external_only)) return std::nullopt;
  Judgement judgement;
  judgement.verdict = Verdict::kNotApplicable;
  judgement.reason = Reason::kNone;
  judgement.because_en =
      external_only ? "the device has no external keypad" : "the device has no physical keypad";
  judgement.because_ja =
      external_only ? "外付けテンキーを接続しない機器である" : "物理テンキーのない機器である";
  return judgement;
}

std::string_view place_of(char digit) {
  return digit >= '0' && digit <= '9' ? kPlaces[static_cast<std::size_t>(digit - '0')] : std::string_view();
}

Result<sim::BenchKeypad*> keypad_in_port(Stage& stage) {
  if (!stage.device().has(cap::kKeypadPort))
    return Error{Code::kUnsupported,
                 "the device does not declare keypad.port: its keypad cannot be unplugged"};
  sim::BenchKeypad* keypad = stage.world().keypad();
  if (keypad == nullptr) return Error{Code::kInternal, "this bench has no keypad to plug in"};
  return keypad;
}

Result<void> press_place(Stage& stage, std::string_view place) {
  if (stage.device().has(cap::kKeypadPort)) {
    SHOGO_TRY(sim::BenchKeypad * keypad, keypad_in_port(stage));
    stage.note("key", {{"code", place}});
    return stage.ours(keypad->press(place));
  }
  if (!stage.device().has(cap::kInputKey))
    return Error{Code::kUnsupported, "the device declares neither input.key nor keypad.port"};
  return stage.key(place);
}

Result<void> press_unseen(Stage& stage, std::string_view place) {
  if (stage.device().has(cap::kKeypadPort)) {
    SHOGO_TRY(sim::BenchKeypad * keypad, keypad_in_port(stage));
    return stage.ours(keypad->press(place));
  }
  if (!stage.device().has(cap::kInputKey))
    return Error{Code::kUnsupported, "the device declares neither input.key nor keypad.port"};
  for (const std::string_view phase : {"down", "up"})
    SHOGO_CHECK_OK(stage.device().call("key", {{"code", place}, {"phase", phase}}, kAnswerWait));
  return {};
}

Result<void> press_digits(Stage& stage, std::string_view digits) {
  for (const char digit : digits) SHOGO_CHECK_OK(press_place(stage, place_of(digit)));
  return {};
}

Result<void> send_entry(Stage& stage) {
  const Mark entered = stage.mark();
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin") {
    PinPad pad;
    SHOGO_CHECK_OK(pad.done(stage));
  }
  SHOGO_CHECK_OK(stage.wait_event("an answer to the entry", entered, [](const Event& event) {
    if (event.source != source::kDevice || event.kind != "state") return false;
    const std::string name = text_of(event.data, "name");
    return (name != "verifying" && name != "pin") || text_of(event.data, "substate") == "wrong_pin";
  }));
  return {};
}

void note_shown(Stage& stage, sim::Patient patient) {
  const Secret shown = stage.world().pin_shown(patient);
  stage.record(source::kCard, "shown", {{"digits", as_text(shown.expose())}});
}

std::vector<Legend> legends_of(const Screen& screen) {
  std::vector<Legend> legends;
  for (const UiNode& node : screen.tree.nodes) {
    if (node.role != "key_legend" || node.text.size() != 1) continue;
    Legend legend;
    legend.told = node.text[0];
    for (const UiNode& button : screen.tree.nodes) {
      const bool around = node.centre_x() >= button.x && node.centre_x() < button.x + button.width &&
                          node.centre_y() >= button.y && node.centre_y() < button.y + button.height;
      if (button.role == "button" && button.enabled && around) legend.button = &button;
    }
    if (legend.button == nullptr) continue;
    if (const auto digit = read_digit(badge(screen.frame.image, node)))
      legend.seen = static_cast<char>('0' + digit->digit);
    legends.push_back(legend);
  }
  return legends;
}

}  // namespace shogo::conformance
