// 1-14.b: the rows of a physical keypad read 123, 456, 789 from the top. Its keys are pressed by their
// places; which digits that gave is what the card was shown.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "physical_keypad.h"
#include "whole_script.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// One wrong PIN each: nobody's card is blocked by it.
struct Entry {
  const char* name;
  sim::Patient patient;
  std::string_view digits;  ///< as 1-14.b would have them at the places pressed
};
constexpr Entry kEntries[] = {
    {"first", sim::Patient::kValid, "1234"},
    {"second", sim::Patient::kWrongPin, "5678"},
    {"third", sim::Patient::kCanary, "9519"},
};

}  // namespace

Result<void> stimulate_keypad_rows(Stage& stage) {
  SHOGO_TRY(const bool there, has_keypad(stage));
  if (!there) return end_script(stage);
  SHOGO_CHECK_OK(stage.watch_screen());
  for (const Entry& entry : kEntries) {
    SHOGO_CHECK_OK(go_to_pin(stage, entry.patient));
    json::array places;
    for (const char digit : entry.digits) places.emplace_back(place_of(digit));
    begin_step(stage, entry.name, entry.patient, {{"places", places}, {"expected", entry.digits}});
    for (const json::value& place : places) {
      const Mark pressed = stage.mark();
      SHOGO_CHECK_OK(press_place(stage, place.as_string()));
      // One key after the other, as a person does; whether it was felt is the card's to tell.
      const auto felt = stage.frame_after(pressed, kShortWait);
      if (!felt.ok() && felt.error().code() != Code::kTimeout) return felt.error();
    }
    if (const auto sent = send_entry(stage); !sent.ok() && sent.error().code() != Code::kTimeout)
      return sent.error();
    note_shown(stage, entry.patient);
    SHOGO_CHECK_OK(finish(stage));
  }
  return end_script(stage);
}

Judgement judge_keypad_rows(const Transcript& transcript, const CheckContext& context) {
  if (auto none = without_keypad(context)) return *std::move(none);
  const std::vector<Step> steps = steps_of(transcript);
  std::int64_t keys = 0;
  std::string wrong;
  std::string missing;
  for (const Entry& entry : kEntries) {
    const Step* step = find_step(steps, entry.name);
    const auto shown = step == nullptr ? std::vector<const Event*>{} : step->select(source::kCard, "shown");
    const std::string digits = shown.empty() ? "" : text_of(shown.back()->data, "digits");
    if (step == nullptr || step->pin_verifies().empty() || digits.size() != entry.digits.size()) {
      missing += (missing.empty() ? "" : ", ") + std::string(entry.name);
      continue;
    }
    for (std::size_t i = 0; i < digits.size(); ++i, ++keys)
      if (digits[i] != entry.digits[i])
        wrong += fmt::format("{}{} gives {} and not {}", wrong.empty() ? "" : ", ", place_of(entry.digits[i]),
                             digits[i], entry.digits[i]);
  }
  Judgement judgement;
  if (!wrong.empty()) {
    judgement = fail(fmt::format("by their places (r1c1 is top left): {}", wrong),
                     fmt::format("キーの並びが異なる（r1c1が左上）：{}", wrong));
  } else if (!missing.empty()) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("what was typed on the keypad did not reach the card ({}), so its digits are not known",
                    missing),
        fmt::format("テンキーの入力がカードに届かず（{}）、数字を確かめられない", missing));
  } else {
    judgement = pass("the rows give 1-2-3, 4-5-6 and 7-8-9 from the top, as the card was shown",
                     "上の段から1・2・3、4・5・6、7・8・9と入力され、カードに届いた");
  }
  judgement.measurements = {{"keys_pressed", static_cast<double>(keys), "count", "", keys}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
