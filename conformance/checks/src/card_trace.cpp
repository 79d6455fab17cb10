#include "card_trace.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

std::string name_of(std::int64_t ins) {
  switch (ins) {
    case 0x20:
      return "VERIFY";
    case 0x2A:
      return "COMPUTE_SIGNATURE";
    case 0x84:
      return "GET_CHALLENGE";
    case 0xA4:
      return "SELECT";
    case 0xB0:
      return "READ_BINARY";
    default:
      return fmt::format("INS_{:02X}", ins);
  }
}

}  // namespace

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t integer_of(const json::object& object, std::string_view key, std::int64_t otherwise) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return otherwise;
  json::error_code ec;
  const auto number = value->to_number<std::int64_t>(ec);
  return ec ? otherwise : number;
}

Submissions submissions_of(const std::vector<CardCommand>& commands, std::string_view secret) {
  Submissions counted;
  for (const CardCommand& command : commands) {
    if (!command.carries_pin || command.content != secret) continue;
    ++counted.all;
    const bool refused = (command.sw & 0xFFF0) == 0x63C0 || command.sw == 0x6300;
    if (refused) ++counted.wrong;
  }
  return counted;
}

std::string Step::name() const {
  return text_of(data, "name");
}

std::vector<const Event*> Step::select(std::string_view source, std::string_view kind) const {
  std::vector<const Event*> found;
  for (const Event* event : events) {
    if (event->source == source && event->kind == kind) found.push_back(event);
  }
  return found;
}

std::vector<CardCommand> Step::commands() const {
  std::vector<CardCommand> list;
  for (const Event* event : select(source::kCard, "apdu")) {
    CardCommand command;
    command.name = name_of(integer_of(event->data, "ins", -1));
    command.body_size = static_cast<int>(integer_of(event->data, "body_size", 0));
    command.sw = static_cast<std::uint16_t>(integer_of(event->data, "sw", 0));
    command.carries_pin = command.name == "VERIFY" && command.body_size > 0;
    command.content = text_of(event->data, "content");
    list.push_back(std::move(command));
  }
  return list;
}

std::vector<CardCommand> Step::pin_verifies() const {
  std::vector<CardCommand> list;
  for (CardCommand& command : commands()) {
    if (command.carries_pin) list.push_back(std::move(command));
  }
  return list;
}

int Step::tries_left() const {
  const auto readings = select(source::kCard, "tries");
  return readings.empty() ? -1 : static_cast<int>(integer_of(readings.back()->data, "auth_pin", -1));
}

bool Step::showed(std::string_view state) const {
  for (const Event* event : select(source::kDevice, "state")) {
    if (text_of(event->data, "name") == state) return true;
  }
  return false;
}

std::vector<Step> steps_of(const Transcript& transcript) {
  std::vector<Step> steps;
  for (const Event& event : transcript.events()) {
    if (event.source == source::kStimulus && event.kind == "step") {
      steps.push_back({event.data, {}});
    } else if (!steps.empty()) {
      steps.back().events.push_back(&event);
    }
  }
  return steps;
}

const Step* find_step(const std::vector<Step>& steps, std::string_view name) {
  for (const Step& step : steps) {
    if (step.name() == name) return &step;
  }
  return nullptr;
}

}  // namespace shogo::conformance
