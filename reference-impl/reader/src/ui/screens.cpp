#include "ui/screens.h"

#include "resources.h"
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

template <typename Value, std::size_t N>
Result<Value> look_up(const JsonObject& object, std::string_view key,
                      const std::pair<std::string_view, Value> (&table)[N]) {
  SHOGO_TRY(const std::string word, object.string(key));
  for (const auto& [name, value] : table)
    if (name == word) return value;
  return Error{Code::kInvalid, fmt::format("{}: \"{}\" knows no \"{}\"", object.where(), key, word)};
}

constexpr std::pair<std::string_view, Layout> kLayouts[] = {{"notice", Layout::kNotice},
                                                            {"choices", Layout::kChoices},
                                                            {"tiles", Layout::kTiles},
                                                            {"pin", Layout::kPin},
                                                            {"camera", Layout::kCamera}};
constexpr std::pair<std::string_view, Sign> kSigns[] = {
    {"card", Sign::kCard}, {"wait", Sign::kWait},   {"caution", Sign::kCaution},
    {"good", Sign::kGood}, {"staff", Sign::kStaff}, {"phone", Sign::kPhone},
};
constexpr std::pair<std::string_view, Mark> kMarks[] = {
    {"yes", Mark::kYes},     {"no", Mark::kNo},     {"list", Mark::kList},     {"phone", Mark::kPhone},
    {"sheet", Mark::kSheet}, {"face", Mark::kFace}, {"keypad", Mark::kKeypad},
};

Result<Choice> read_choice(const JsonObject& object) {
  SHOGO_CHECK_OK(
      object.only({"id", "word", "note", "event", "key", "mark", "enabled", "primary", "takes_papers"}));
  Choice choice;
  SHOGO_TRY(choice.id, object.string("id"));
  choice.word = choice.id;
  if (!object.missing("word")) {
    SHOGO_TRY(choice.word, object.string("word"));
  }
  if (!object.missing("note")) {
    SHOGO_TRY(choice.note, object.string("note"));
  }
  if (!object.missing("event")) {
    SHOGO_TRY(choice.event, object.string("event"));
  }
  if (!object.missing("key")) {
    SHOGO_TRY(const std::string key, object.string("key"));
    if (key.size() != 1 || key[0] < '0' || key[0] > '9')
      return Error{Code::kInvalid,
                   fmt::format("{}: \"key\" must be one digit, got \"{}\"", object.where(), key)};
    choice.key = key[0];
  }
  if (!object.missing("mark")) {
    SHOGO_TRY(choice.mark, look_up(object, "mark", kMarks));
  }
  if (!object.missing("enabled")) {
    SHOGO_TRY(choice.enabled, object.boolean("enabled"));
  }
  if (!object.missing("primary")) {
    SHOGO_TRY(choice.primary, object.boolean("primary"));
  }
  if (!object.missing("takes_papers")) {
    SHOGO_TRY(choice.takes_papers, object.boolean("takes_papers"));
  }
  return choice;
}

Result<Screen> read_screen(const JsonObject& object, const JsonObject& choice_sets) {
  SHOGO_CHECK_OK(object.only({"layout", "step", "sign", "choices", "asked", "caution", "without",
                              "volume_button", "camera_button"}));
  Screen screen;
  SHOGO_TRY(screen.layout, look_up(object, "layout", kLayouts));
  SHOGO_TRY(const std::string step, object.string("step"));
  const auto* found = std::find(std::begin(kSteps), std::end(kSteps), step);
  if (found == std::end(kSteps))
    return Error{Code::kInvalid, fmt::format("{}: no step \"{}\"", object.where(), step)};
  screen.step = static_cast<int>(found - std::begin(kSteps));
  if (!object.missing("sign")) {
    SHOGO_TRY(screen.sign, look_up(object, "sign", kSigns));
  }
  if (!object.missing("asked")) {
    SHOGO_TRY(screen.asked, object.boolean("asked"));
  }
  if (!object.missing("volume_button")) {
    SHOGO_TRY(screen.volume_button, object.boolean("volume_button"));
  }
  if (!object.missing("camera_button")) {
    SHOGO_TRY(screen.camera_button, object.boolean("camera_button"));
  }
  if (!object.missing("caution")) {
    SHOGO_TRY(screen.caution, object.boolean("caution"));
  }
  if (!object.missing("choices")) {
    SHOGO_TRY(const std::string name, object.string("choices"));
    SHOGO_TRY(const auto set, choice_sets.objects(name));
    for (const JsonObject& one : set) {
      SHOGO_TRY(Choice choice, read_choice(one));
      screen.choices.push_back(std::move(choice));
    }
  }
  if (!object.missing("without")) {
    SHOGO_TRY(const auto without, object.strings("without"));
    for (const std::string& button : without) {
      if (button == "end") screen.may_end = false;
      if (button == "staff") screen.may_call_staff = false;
    }
  }
  return screen;
}

}  // namespace

Result<Screens> Screens::load(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject root, JsonObject::of(document, std::string(where)));
  SHOGO_CHECK_OK(root.only({"choices", "screens"}));
  SHOGO_TRY(const JsonObject choices, root.object("choices"));
  SHOGO_TRY(const JsonObject screens, root.object("screens"));
  Screens result;
  for (const auto& pair : screens.raw()) {
    const std::string name(pair.key());
    SHOGO_TRY(const JsonObject object, screens.object(name));
    SHOGO_TRY(result.screens_[name], read_screen(object, choices));
  }
  return result;
}

const Screens& Screens::built_in() {
  static const Screens screens = [] {
    auto loaded = load(resource("screens.json"), "screens.json");
    if (!loaded.ok()) throw std::logic_error(loaded.error().describe());
    return *std::move(loaded);
  }();
  return screens;
}

const Screen& Screens::at(std::string_view name) const {
  const auto found = screens_.find(name);
  if (found == screens_.end()) throw std::out_of_range("no screen " + std::string(name));
  return found->second;
}

}  // namespace shogo::reader
