#include "messages.h"

#include <map>
#include <stdexcept>

#include <shogo/base/embedded.h>

namespace shogo::embedded_shogo_report {
std::span<const EmbeddedFile> files();
}

namespace shogo::conformance {
namespace {

using Table = std::map<std::string, Bilingual, std::less<>>;

Table load() {
  Table table;
  const auto text = find_embedded(embedded_shogo_report::files(), "report/messages.json");
  const auto value = parse_json(text.value_or(""), "messages.json");
  if (!value.ok()) throw std::logic_error(value.error().describe());
  const auto all = JsonObject::of(*value, "messages.json");
  if (!all.ok()) throw std::logic_error(all.error().describe());
  for (const auto& [key, each] : all->raw()) {
    auto words = read_bilingual(*all, key);
    if (!words.ok()) throw std::logic_error(words.error().describe());
    table.emplace(key, *words);
  }
  return table;
}

}  // namespace

std::string_view message(Language language, std::string_view key) {
  static const Table table = load();
  const auto found = table.find(key);
  if (found == table.end()) throw std::logic_error(fmt::format("no message \"{}\"", key));
  return in(language, found->second);
}

std::string_view mark(Level level) {
  switch (level) {
    case Level::kMandatory:
      return "○";
    case Level::kRecommended:
      return "−";
    case Level::kDerived:
      return "＊";
  }
  return "?";
}

std::string_view level_word(Language language, Level level) {
  return message(language, fmt::format("level.{}", to_string(level)));
}

std::string_view verdict_word(Language language, Verdict verdict) {
  return message(language, fmt::format("verdict.{}", to_string(verdict)));
}

}  // namespace shogo::conformance
