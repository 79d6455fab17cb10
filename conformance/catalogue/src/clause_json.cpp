#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/core.h>

#include <shogo/conformance/clause.h>

namespace shogo::conformance {
namespace {

constexpr std::array<std::pair<Level, std::string_view>, 3> kLevels{{
    {Level::kMandatory, "mandatory"},
    {Level::kRecommended, "recommended"},
    {Level::kDerived, "derived"},
}};
constexpr std::array<std::pair<Part, char>, 4> kParts{{
    {Part::kAutomatic, 'A'},
    {Part::kStatistical, 'S'},
    {Part::kPhysical, 'P'},
    {Part::kDocument, 'D'},
}};
constexpr std::array<std::pair<Tier, std::string_view>, 5> kTiers{{
    {Tier::kNone, ""},
    {Tier::kT0, "T0"},
    {Tier::kT1, "T1"},
    {Tier::kT2, "T2"},
    {Tier::kT3, "T3"},
}};
constexpr std::array<std::string_view, 5> kOperators{"=", "<", "<=", ">", ">="};
constexpr std::array<std::string_view, 14> kStimuli{"card",  "phone", "face", "pai",  "cface",
                                                    "touch", "key",   "host", "link", "srv",
                                                    "clk",   "cfg",   "lux",  "fault"};
constexpr std::array<std::string_view, 17> kChannels{"scr", "ui",  "aud", "log",  "sc",  "usb",
                                                     "mem", "fs",  "net", "host", "pwr", "phy",
                                                     "doc", "srv", "key", "cfg",  "clk"};

template <typename Words>
bool among(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Error at(const JsonObject& object, std::string_view key, std::string_view problem) {
  return Error{Code::kInvalid, fmt::format("{}: \"{}\" {}", object.where(), key, problem)};
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), is_word_character);
}

/// "m.area.defect", or the fixture that breaks the form of a manual clause.
bool is_mutant_id(std::string_view text) {
  if (text == "fixture.form") return true;
  if (!text.starts_with("m.")) return false;
  text.remove_prefix(2);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view area = text.substr(0, dot);
  const std::string_view defect = text.substr(dot + 1);
  return is_name(area) && area.find('_') == std::string_view::npos && !defect.empty() &&
         defect.front() != '_' && std::all_of(defect.begin(), defect.end(), is_word_character);
}

/// "5-9": a group, a dash, one or two digits without a leading zero.
bool is_item_id(std::string_view id) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return (id.size() == 3 || id.size() == 4) && id[0] >= '1' && id[0] <= '5' && id[1] == '-' && id[2] != '0' &&
         std::all_of(id.begin() + 2, id.end(), digit);
}

bool is_clause_of(std::string_view clause, std::string_view item) {
  if (clause == item) return true;
  return clause.size() == item.size() + 2 && clause.starts_with(item) && clause[item.size()] == '.' &&
         clause.back() >= 'a' && clause.back() <= 'z';
}

Result<std::string> read_changed_in(const JsonObject& object) {
  if (!object.raw().contains("changed_in")) return at(object, "changed_in", "is missing (null: unchanged)");
  if (object.missing("changed_in")) return std::string();
  SHOGO_TRY(std::string version, object.string("changed_in"));
  if (version.empty() || version.find('.') == std::string::npos)
    return at(object, "changed_in", "must be like \"1.1\"");
  return version;
}

Result<Level> read_level(const JsonObject& object) {
  SHOGO_TRY(const std::string word, object.string("level"));
  const auto level = level_from(word);
  if (!level)
    return at(object, "level", fmt::format("must be mandatory, recommended or derived, got \"{}\"", word));
  return *level;
}

Result<Number> read_number(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"name", "op", "value", "unit", "origin"}));
  Number number;
  SHOGO_TRY(number.name, object.string("name"));
  SHOGO_TRY(number.op, object.string("op"));
  SHOGO_TRY(number.value, object.number("value"));
  SHOGO_TRY(number.unit, object.string("unit"));
  SHOGO_TRY(const std::string origin, object.string("origin"));
  if (!is_name(number.name)) return at(object, "name", "must be snake_case");
  if (!among(kOperators, number.op))
    return at(object, "op", fmt::format("must be = < <= > >=, got \"{}\"", number.op));
  if (!std::isfinite(number.value)) return at(object, "value", "must be finite");
  if (number.unit.empty()) return at(object, "unit", "must not be empty");
  if (origin != "document" && origin != "shogo")
    return at(object, "origin", fmt::format("must be document or shogo, got \"{}\"", origin));
  number.ours = origin == "shogo";
  return number;
}

template <typename Words>
Result<std::vector<std::string>> read_words(const JsonObject& object, std::string_view key,
                                            const Words& allowed) {
  SHOGO_TRY(std::vector<std::string> words, object.strings(key));
  std::set<std::string> seen;
  for (const std::string& word : words) {
    if (!among(allowed, word)) return at(object, key, fmt::format("knows no word \"{}\"", word));
    if (!seen.insert(word).second) return at(object, key, fmt::format("names \"{}\" twice", word));
  }
  return words;
}

template <typename Word, typename Table>
std::string_view text_of(const Table& table, Word word) {
  for (const auto& [each, text] : table) {
    if (each == word) return text;
  }
  return "?";
}

}  // namespace

bool ClauseClass::has(Part part) const {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

bool ClauseClass::needs_person() const {
  if (alternatives && has_automatic()) return false;
  return has(Part::kPhysical) || has(Part::kDocument);
}

const Number* Clause::number(std::string_view name) const {
  for (const Number& each : numbers) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::string_view to_string(Level level) {
  return text_of(kLevels, level);
}
std::string_view to_string(Tier tier) {
  return text_of(kTiers, tier);
}

std::string to_string(const ClauseClass& parts) {
  std::string text;
  for (const Part part : parts.parts) {
    if (!text.empty()) text += parts.alternatives ? '|' : '+';
    for (const auto& [each, letter] : kParts) {
      if (each == part) text += letter;
    }
  }
  return text;
}

std::optional<Level> level_from(std::string_view text) {
  for (const auto& [level, word] : kLevels) {
    if (word == text) return level;
  }
  return std::nullopt;
}

std::optional<ClauseClass> class_from(std::string_view text) {
  ClauseClass result;
  char join = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 2 == 1) {
      // "A+P|D" would need brackets to mean anything.
      if ((text[i] != '+' && text[i] != '|') || (join != 0 && join != text[i])) return std::nullopt;
      join = text[i];
      continue;
    }
    const auto part =
        std::find_if(kParts.begin(), kParts.end(), [&](const auto& each) { return each.second == text[i]; });
    if (part == kParts.end() || result.has(part->first)) return std::nullopt;
    result.parts.push_back(part->first);
  }
  if (text.size() % 2 == 0) return std::nullopt;
  result.alternatives = join == '|';
  return result;
}

Result<Bilingual> read_bilingual(const JsonObject& parent, std::string_view key) {
  SHOGO_TRY(const JsonObject object, parent.object(key));
  SHOGO_CHECK_OK(object.only({"ja", "en"}));
  Bilingual text;
  SHOGO_TRY(text.ja, object.string("ja"));
  SHOGO_TRY(text.en, object.string("en"));
  for (const auto& [language, words] : {std::pair{"ja", &text.ja}, std::pair{"en", &text.en}}) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    if (words->empty() || blank(words->front()) || blank(words->back()))
      return at(object, language, "must be a text without blanks at its ends");
  }
  return text;
}

Result<Clause> read_clause(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "level", "class", "tier", "applies_if", "changed_in", "text", "procedure",
                              "criterion", "numbers", "stimuli", "channels", "evidence", "mutants"}));
  Clause clause;
  SHOGO_TRY(clause.id, object.string("id"));
  SHOGO_TRY(clause.level, read_level(object));
  SHOGO_TRY(const std::string parts, object.string("class"));
  const auto known = class_from(parts);
  if (!known) return at(object, "class", fmt::format("must be A S P D joined by + or |, got \"{}\"", parts));
  clause.parts = *known;

  if (!object.raw().contains("tier")) return at(object, "tier", "is missing (null: access plays no part)");
  if (!object.missing("tier")) {
    SHOGO_TRY(const std::string word, object.string("tier"));
    const auto tier =
        std::find_if(kTiers.begin() + 1, kTiers.end(), [&](const auto& each) { return each.second == word; });
    if (tier == kTiers.end())
      return at(object, "tier", fmt::format("must be T0 to T3 or null, got \"{}\"", word));
    clause.tier = tier->first;
  }
  if (!object.raw().contains("applies_if")) return at(object, "applies_if", "is missing (null: always)");
  if (!object.missing("applies_if")) {
    SHOGO_TRY(clause.applies_if, read_bilingual(object, "applies_if"));
  }
  SHOGO_TRY(clause.changed_in, read_changed_in(object));
  SHOGO_TRY(clause.text, read_bilingual(object, "text"));
  SHOGO_TRY(clause.procedure, read_bilingual(object, "procedure"));
  SHOGO_TRY(clause.criterion, read_bilingual(object, "criterion"));
  SHOGO_TRY(clause.evidence, read_bilingual(object, "evidence"));
  SHOGO_TRY(clause.stimuli, read_words(object, "stimuli", kStimuli));
  SHOGO_TRY(clause.channels, read_words(object, "channels", kChannels));
  if (clause.channels.empty()) return at(object, "channels", "must name at least one");

  SHOGO_TRY(const std::vector<JsonObject> numbers, object.objects("numbers"));
  for (const JsonObject& each : numbers) {
    SHOGO_TRY(Number number, read_number(each));
    if (clause.number(number.name) != nullptr)
      return at(each, "name", fmt::format("\"{}\" stands twice in one clause", number.name));
    clause.numbers.push_back(std::move(number));
  }
  SHOGO_TRY(clause.mutants, object.strings("mutants"));
  if (clause.mutants.empty()) return at(object, "mutants", "must name at least one");
  std::set<std::string> seen;
  for (const std::string& mutant : clause.mutants) {
    if (!is_mutant_id(mutant)) return at(object, "mutants", fmt::format("\"{}\" is no mutant id", mutant));
    if (!seen.insert(mutant).second) return at(object, "mutants", fmt::format("names \"{}\" twice", mutant));
  }
  return clause;
}

Result<Item> read_item(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "group", "title", "paraphrase", "level", "changed_in", "clauses"}));
  Item item;
  SHOGO_TRY(item.id, object.string("id"));
  if (!is_item_id(item.id)) return at(object, "id", fmt::format("must be like \"1-8\", got \"{}\"", item.id));
  SHOGO_TRY(const std::int64_t group, object.integer("group"));
  if (group != item.id.front() - '0')
    return at(object, "group", fmt::format("{} is not the group of {}", group, item.id));
  item.group = static_cast<int>(group);
  SHOGO_TRY(item.title, read_bilingual(object, "title"));
  SHOGO_TRY(item.paraphrase, read_bilingual(object, "paraphrase"));
  SHOGO_TRY(item.level, read_level(object));
  if (item.level == Level::kDerived)
    return at(object, "level", "of an item must be mandatory or recommended");
  SHOGO_TRY(item.changed_in, read_changed_in(object));
  SHOGO_TRY(const std::vector<JsonObject> clauses, object.objects("clauses"));
  if (clauses.empty()) return at(object, "clauses", "must hold at least one");
  std::set<std::string> seen;
  for (const JsonObject& each : clauses) {
    SHOGO_TRY(Clause clause, read_clause(each));
    if (!is_clause_of(clause.id, item.id))
      return at(each, "id", fmt::format("\"{}\" is no clause of {}", clause.id, item.id));
    if (!seen.insert(clause.id).second) return at(each, "id", fmt::format("\"{}\" stands twice", clause.id));
    item.clauses.push_back(std::move(clause));
  }
  return item;
}

json::object to_json(const Bilingual& text) {
  return {{"ja", text.ja}, {"en", text.en}};
}

json::object to_json(const Clause& clause) {
  const auto words = [](const std::vector<std::string>& list) {
    return json::array(list.begin(), list.end());
  };
  const auto or_null = [](std::string_view text) { return text.empty() ? json::value() : json::value(text); };
  json::array numbers;
  for (const Number& number : clause.numbers) {
    numbers.push_back(json::object{{"name", number.name},
                                   {"op", number.op},
                                   {"value", number.value},
                                   {"unit", number.unit},
                                   {"origin", number.ours ? "shogo" : "document"}});
  }
  json::object object;
  object["id"] = clause.id;
  object["level"] = to_string(clause.level);
  object["class"] = to_string(clause.parts);
  object["tier"] = or_null(to_string(clause.tier));
  object["applies_if"] = clause.applies_if ? json::value(to_json(*clause.applies_if)) : json::value();
  object["changed_in"] = or_null(clause.changed_in);
  object["text"] = to_json(clause.text);
  object["procedure"] = to_json(clause.procedure);
  object["criterion"] = to_json(clause.criterion);
  object["numbers"] = std::move(numbers);
  object["stimuli"] = words(clause.stimuli);
  object["channels"] = words(clause.channels);
  object["evidence"] = to_json(clause.evidence);
  object["mutants"] = words(clause.mutants);
  return object;
}

}  // namespace shogo::conformance
