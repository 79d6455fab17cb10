// Touches and keys, and what they mean on the page of the moment (1-9, 1-14).
#include "reader.h"

#include <fmt/core.h>

namespace shogo::reader {
namespace {

// What somebody agreed to is nobody's business in a log: every other choice is "choice" there.
constexpr std::string_view kButtons[] = {"end", "staff", "back", "next", "delete", "done", "choose_pin"};

/// Of the event of a digit's key; 0 of any other.
char digit_in(const std::string& event) {
  return event.rfind("digit:", 0) == 0 ? event.back() : '\0';
}

}  // namespace

void Reader::stay() {
  const bool announced = ending_soon_;
  rearm();
  if (announced) redraw();
}

void Reader::touch(double x, double y, bool down) {
  if (!hooks_.touch(x, y, page_, panel_)) return;
  stay();
  const Node* node = page_.at(x, y);
  const std::string id = node == nullptr ? std::string() : node->id;
  if (down) {
    if (!id.empty())
      key_sounds(digit_in(node->event),
                 false);  // before the picture, which takes longer for some keys than for others
    pressed_ = id;
    if (!id.empty()) redraw();
    return;
  }
  const bool same = !id.empty() && id == pressed_;
  const std::string event = same ? node->event : std::string();
  const bool was_pressed = !pressed_.empty();
  pressed_.clear();
  if (event.empty() ? was_pressed : !activate(event, "touch")) redraw();
}

void Reader::press(Key pressed) {
  const bool takes_digits = journey_.step(state_, "digit", facts()) != nullptr;
  const auto key = hooks_.key(pressed, takes_digits);
  if (!key) return;
  const auto digit = digit_of(*key);
  if (hooks_.keypad_sets_volume && *key == Key::kDone) set_volume(static_cast<int>(settings_.volume) - 1);
  key_sounds(digit.value_or('\0'), true);
  stay();
  if (takes_digits) {
    activate(digit ? fmt::format("digit:{}", *digit) : *key == Key::kDelete ? "delete" : "done", "key");
  } else if (const Node* node = digit && keypad_there_ ? page_.by_key(*digit) : nullptr) {
    activate(std::string(node->event), "key");  // a copy: the page it stands on goes
  }
}

void Reader::keypad(bool there) {
  if (there == keypad_there_) return;
  keypad_there_ = there;
  log_.write("keypad", {{"attached", there}});
  if (!there && journey_.step(state_, "keypad_gone", facts()) != nullptr) {
    keypad_gone_ = true;
    if (hooks_.forgets_at_unplug && fire("keypad_gone")) return;
  }
  redraw();
}

void Reader::switch_language() {
  const Language next = next_after(language_, settings_.languages);
  if (next == language_) return;
  language_ = next;
  redraw();
  outlets_.notify("state", state_message());
  announce(Speaker::Urgency::kNow);  // nobody wants to hear the rest in the other language
}

bool Reader::activate(const std::string& event, Literal by) {
  if (event == "language") {
    log_.write(by, {{"key", "language"}});
    switch_language();
    return true;
  }
  if (event.rfind("digit:", 0) == 0) {
    log_.write(by, {{"key", "digit"}});
    return type_digit(event.back());
  }
  if (use_papers(event)) {
    log_.write(by, {{"key", "choice"}});  // which one is nobody's business in a log
    return true;
  }
  // Which button, but never which digit: a log must not become a key logger (3-17).
  log_.write(by, {{"key", PublicText::from_table(in_table(kButtons, event).value_or("choice"))}});
  return fire(event);
}

bool Reader::use_papers(const std::string& event) {
  constexpr std::string_view kOne = "paper:", kFrom = "papers:";
  const bool turns = event.starts_with(kOne);
  if (!turns && !event.starts_with(kFrom)) return false;
  const auto index = static_cast<std::size_t>(event.back() - '0');  // of Papers::kMost, so one digit
  if (turns && !papers_.turn(journey_.state(state_).question, index)) return false;
  if (!turns) first_paper_ = index;
  redraw();
  if (!turns) {
    say(announcement(page_, messages_, language_, keypad_there_, Part::kPapers), Speaker::Urgency::kNow,
        language_);
    return true;
  }
  for (const Node& node : page_.nodes)
    if (node.event == event) say({spoken(node)}, Speaker::Urgency::kNow, language_);
  return true;
}

bool Reader::type_digit(char digit) {
  if (digit < '0' || digit > '9') return false;
  keypad_gone_ = false;
  pending_digit_ = digit - '0';
  const bool drawn = fire("digit");
  pending_digit_ = -1;
  return drawn;
}

}  // namespace shogo::reader
