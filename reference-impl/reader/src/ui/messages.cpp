#include "ui/messages.h"

#include "resources.h"
#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {

std::string_view code_of(Language language) {
  for (const auto& [known, code] : kLanguages)
    if (known == language) return code;
  return {};
}

Language next_after(Language language, const std::vector<Language>& offered) {
  constexpr std::size_t kCount = std::size(kLanguages);
  std::size_t at = 0;
  while (at < kCount && kLanguages[at].first != language) ++at;
  for (std::size_t step = 1; step < kCount; ++step) {
    const Language next = kLanguages[(at + step) % kCount].first;
    if (std::find(offered.begin(), offered.end(), next) != offered.end()) return next;
  }
  return language;
}

std::vector<Language> all_languages() {
  std::vector<Language> all;
  for (const auto& [language, code] : kLanguages) all.push_back(language);
  return all;
}

Result<Messages> Messages::load(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject root, JsonObject::of(document, std::string(where)));
  SHOGO_TRY(const JsonObject words, root.object("words"));
  SHOGO_TRY(const JsonObject screens, root.object("screens"));
  Messages messages;
  for (const auto& pair : words.raw()) {
    const std::string key(pair.key());
    SHOGO_TRY(const JsonObject word, words.object(key));
    for (const auto& [language, code] : kLanguages) {
      SHOGO_TRY(messages.words_[key][language], word.string(code));
    }
  }
  for (const auto& pair : screens.raw()) {
    const std::string key(pair.key());
    SHOGO_TRY(const JsonObject screen, screens.object(key));
    SHOGO_TRY(const JsonObject title, screen.object("title"));
    SHOGO_TRY(const JsonObject body, screen.object("body"));
    for (const auto& [language, code] : kLanguages) {
      ScreenText& made = messages.screens_[key][language];
      SHOGO_TRY(made.title, title.string(code));
      SHOGO_TRY(made.body, body.string(code));
      if (!screen.missing("number")) {
        SHOGO_TRY(made.number, screen.string("number"));
      }
    }
  }
  return messages;
}

const Messages& Messages::built_in() {
  static const Messages messages = [] {
    auto loaded = load(resource("messages.json"), "messages.json");
    if (!loaded.ok()) throw std::logic_error(loaded.error().describe());
    return *std::move(loaded);
  }();
  return messages;
}

const std::string& Messages::word(std::string_view key, Language language) const {
  return words_.at(std::string(key)).at(language);
}

const ScreenText& Messages::screen(std::string_view name, Language language) const {
  return screens_.at(std::string(name)).at(language);
}

}  // namespace shogo::reader
