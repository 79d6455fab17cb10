#include "language_defects.h"

#include <shogo/reference/mutant.h>

#ifdef SHOGO_MUTANTS

#include "resources.h"
#include <map>
#include <utility>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

json::value table() {
  return *parse_json(resource("messages.json"), "messages.json");
}

/// One text was never translated, and so stands there in Japanese.
const Messages& without_a_korean_text() {
  static const Messages bent = [] {
    json::value words = table();
    json::object& text = words.at("screens").at("method").at("body").as_object();
    const std::string japanese(text.at("ja").as_string());
    text["ko"] = japanese;
    return *Messages::load(json::serialize(words), "messages.json");
  }();
  return bent;
}

std::string filled(std::string text, std::string_view gap, std::string_view value) {
  if (const auto at = text.find(gap); at != std::string::npos) text.replace(at, gap.size(), value);
  return text;
}

/// Every text of the table, as it is shown, with the Japanese one in its place.
std::map<std::string, std::string> japanese_of_every_text() {
  std::map<std::string, std::string> japanese;
  const json::value all = table();
  const json::object& words = all.at("words").as_object();
  const auto learn = [&](const json::value& texts) {
    const std::string ja(texts.at("ja").as_string());
    for (const auto& [language, code] : kLanguages) {
      const std::string text(texts.at(code).as_string());
      for (int n = 0; n <= 10; ++n)
        japanese[filled(text, "{}", std::to_string(n))] = filled(ja, "{}", std::to_string(n));
      for (const char* place : {"place_same", "place_none", "place_right"})
        japanese[filled(text, "{place}", words.at(place).at(code).as_string())] =
            filled(ja, "{place}", words.at(place).at("ja").as_string());
    }
  };
  for (const auto& [key, texts] : words)
    if (key != "language") learn(texts);
  for (const auto& [key, parts] : all.at("screens").as_object())
    for (const char* part : {"title", "body"}) learn(parts.at(part));
  return japanese;
}

void speak_japanese(Announcement& said) {
  static const std::map<std::string, std::string> japanese = japanese_of_every_text();
  for (std::string& text : said.texts)
    if (const auto found = japanese.find(text); found != japanese.end()) text = found->second;
  said.language = Language::kJapanese;
}

/// What a place made for a shorter language leaves of the words.
void cut_off(Page& page, std::string_view id) {
  for (const Node& node : page.nodes) {
    if (node.id != id) continue;
    const Image& image = page.frame;
    for (int y = static_cast<int>(node.box.y); y < static_cast<int>(node.box.y + node.box.h); ++y) {
      for (int x = static_cast<int>(node.box.x + node.words_w / 2);
           x < static_cast<int>(node.box.x + node.box.w); ++x) {
        std::uint8_t* p =
            &page.frame.pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                                    static_cast<std::size_t>(x))];
        p[0] = node.ground.r, p[1] = node.ground.g, p[2] = node.ground.b;
      }
    }
  }
}

}  // namespace

void bend_languages(Hooks& hooks) {
  if (SHOGO_MUTANT("m.i18n.ko_missing")) hooks.messages = without_a_korean_text;
  if (SHOGO_MUTANT("m.i18n.ko_no_glyphs"))
    hooks.manners = [before = std::move(hooks.manners)](Language language) {
      Manners manners = before(language);
      manners.has_every_font = language != Language::kKorean;
      return manners;
    };
  if (SHOGO_MUTANT("m.i18n.zh_cut_off"))
    hooks.after_draw = [before = std::move(hooks.after_draw)](Page& page, const Panel& panel) {
      before(page, panel);
      for (const Node& node : page.nodes)
        if (node.id == "language" && node.text == Messages::built_in().word("language", Language::kKorean))
          return cut_off(page, "body");  // the Chinese page: Korean is the next
    };
  if (SHOGO_MUTANT("m.i18n.voice_stays_ja"))
    hooks.announce = [before = std::move(hooks.announce)](Announcement& said, const JourneyState& now,
                                                          const Page& page) {
      before(said, now, page);
      speak_japanese(said);
    };
}

}  // namespace shogo::reader

#else

namespace shogo::reader {
void bend_languages(Hooks&) {}
}  // namespace shogo::reader

#endif
