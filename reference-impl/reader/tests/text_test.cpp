#include "flow/journey.h"
#include "resources.h"
#include "ui/fonts.h"
#include "ui/line_break.h"
#include "ui/messages.h"
#include "ui/screens.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

Fonts& fonts() {
  static const auto opened = Fonts::open();
  return **opened;
}

std::vector<std::string> lines(std::string_view text, double width, double size = 20) {
  return break_lines(text, fonts().get(size, false), width);
}

TEST(LineBreak, no_line_begins_with_a_closing_mark_at_any_width) {
  const std::u32string_view forbidden = U"、。」）！？ー";
  for (double width = 40; width < 500; width += 1) {
    for (const std::string& line :
         lines("暗証番号（4けた）を入力し、「確定」を押してください。サーバーへ！よろしいですか？", width)) {
      const std::u32string text = decode_utf8(line);
      ASSERT_FALSE(text.empty());
      EXPECT_EQ(forbidden.find(text.front()), std::u32string_view::npos) << line << " at " << width;
    }
  }
}

TEST(LineBreak, no_line_ends_with_an_opening_mark_at_any_width) {
  for (double width = 60; width < 500; width += 1) {
    for (const std::string& line :
         lines("続けるときは「戻る」を押し（または）「終了」を押してください。", width)) {
      const std::u32string text = decode_utf8(line);
      EXPECT_NE(text.back(), U'「') << width;
      EXPECT_NE(text.back(), U'（') << width;
    }
  }
}

TEST(LineBreak, no_english_word_is_cut_while_words_fit) {
  const std::string text = "Please leave your card where it is.";
  for (double width = 90; width < 400; width += 1) {
    std::string joined;
    for (const std::string& line : lines(text, width)) joined += (joined.empty() ? "" : " ") + line;
    EXPECT_EQ(joined, text) << width;
  }
}

TEST(LineBreak, nothing_is_lost_and_nothing_is_wider_than_the_line) {
  const std::string text =
      "カードとオンライン資格確認のシステムに問い合わせています。カードを動かさずにお待ちください。";
  for (double width = 80; width < 600; width += 3) {
    std::string joined;
    for (const std::string& line : lines(text, width)) {
      joined += line;
      EXPECT_LE(fonts().get(20, false).width(line), width);
    }
    EXPECT_EQ(joined, text);
  }
}

TEST(LineBreak, a_newline_ends_a_line_and_adds_no_empty_one) {
  EXPECT_EQ(lines("あ\nい", 400), (std::vector<std::string>{"あ", "い"}));
}

TEST(Fonts, a_glyph_that_the_first_font_lacks_comes_from_the_second) {
  const Font& font = fonts().get(24, false);
  EXPECT_TRUE(font.has_all("𠮷野家 한국어"));
  EXPECT_GT(font.width("𠮷"), 15);
}

TEST(Fonts, malformed_text_is_shown_as_replacement_and_never_crashes) {
  const Font& font = fonts().get(24, false);
  EXPECT_GE(font.width("\xFF\xC0\xE3\x81"), 0);
  EXPECT_EQ(decode_utf8("\xC0\x80"), std::u32string(U"\uFFFD\uFFFD"));
  EXPECT_EQ(decode_utf8("\xED\xA0\x80").front(), U'\uFFFD') << "a surrogate is no character";
}

TEST(Messages, every_text_stands_in_both_languages_and_every_glyph_exists) {
  const json::value document = *parse_json(resource("messages.json"), "messages.json");
  const Font& font = fonts().get(20, false);
  const auto check = [&](std::string_view where, const json::value& texts) {
    for (const char* lang : {"ja", "en"}) {
      ASSERT_TRUE(texts.as_object().contains(lang)) << where << " lacks " << lang;
      const std::string text(texts.at(lang).as_string());
      EXPECT_TRUE(font.has_all(text)) << where << ": " << text;
    }
    EXPECT_EQ(texts.at("ja").as_string().empty(), texts.at("en").as_string().empty()) << where;
  };
  for (const auto& [key, texts] : document.at("words").as_object()) check(key, texts);
  for (const auto& [key, parts] : document.at("screens").as_object()) {
    check(key, parts.at("title"));
    check(key, parts.at("body"));
  }
}

TEST(Messages, every_screen_of_the_journey_has_its_words_and_its_parts) {
  std::set<std::string> used;
  for (const auto& [name, state] : Journey::built_in().states()) {
    if (state.junction) continue;
    used.insert(state.screen);
    EXPECT_TRUE(Messages::built_in().has_screen(state.screen)) << state.screen;
    EXPECT_EQ(Screens::built_in().all().count(state.screen), 1U) << state.screen;
  }
  // What the staff see in place of a page (1-22.d) is no patient's page.
  for (const auto& [name, screen] : Screens::built_in().all())
    EXPECT_EQ(used.count(name), name.rfind("mirror_", 0) == 0 ? 0U : 1U) << name;
}

TEST(Messages, every_choice_has_its_words_in_every_language) {
  for (const auto& [name, screen] : Screens::built_in().all()) {
    for (const Choice& choice : screen.choices) {
      for (const auto& [language, code] : kLanguages) {
        EXPECT_FALSE(Messages::built_in().word(choice.word, language).empty()) << choice.id;
        if (!choice.note.empty()) {
          EXPECT_FALSE(Messages::built_in().word(choice.note, language).empty()) << choice.id;
        }
      }
    }
  }
}

TEST(Screens, broken_data_is_refused_with_the_place) {
  const auto message = [](std::string_view screen) {
    const auto loaded = Screens::load(
        fmt::format(R"({{"choices":{{"c":[{{"id":"a","key":"10"}}]}},"screens":{{"s":{}}}}})", screen),
        "t.json");
    return loaded.ok() ? std::string("accepted") : loaded.error().describe();
  };
  EXPECT_EQ(message(R"({"layout":"notice","step":"card"})"), "accepted");
  EXPECT_NE(message(R"({"layout":"poster","step":"card"})").find("poster"), std::string::npos);
  EXPECT_NE(message(R"({"layout":"notice","step":"tea"})").find("tea"), std::string::npos);
  EXPECT_NE(message(R"({"layout":"choices","step":"card","choices":"c"})").find("one digit"),
            std::string::npos);
  EXPECT_NE(message(R"({"layout":"choices","step":"card","choices":"d"})").find("d"), std::string::npos);
  EXPECT_NE(message(R"({"layout":"notice","step":"card","colour":"red"})").find("colour"), std::string::npos);
}

TEST(LineBreak, balanced_lines_are_as_many_and_leave_no_single_character_over) {
  const std::string text = "電子証明書の期限が近づいています";
  const Font& font = fonts().get(20, false);
  for (double width = 100; width < 330; width += 3) {
    const auto plain = break_lines(text, font, width);
    const auto balanced = balanced_lines(text, font, width);
    ASSERT_EQ(plain.size(), balanced.size()) << width;
    std::string joined;
    for (const std::string& line : balanced) joined += line;
    EXPECT_EQ(joined, text);
    if (balanced.size() == 2) {
      EXPECT_GE(decode_utf8(balanced.back()).size(), 4U) << width;
    }
  }
}

TEST(Messages, every_error_has_its_own_title) {
  std::set<std::string> titles;
  for (const auto& [name, state] : Journey::built_in().states()) {
    if (state.junction) continue;
    if (state.state != contract::State::kError && state.state != contract::State::kResultNg) continue;
    EXPECT_TRUE(titles.insert(Messages::built_in().screen(state.screen, Language::kJapanese).title).second)
        << state.screen;
  }
}

}  // namespace
}  // namespace shogo::reader
