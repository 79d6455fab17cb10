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

/// What a font draws of one character.
std::vector<std::uint8_t> drawn(Language language, bool bold, std::string_view text) {
  std::vector<std::uint8_t> ink(64 * 64);
  (void)fonts().get(40, bold, language).draw(text, [&](int x, int y, std::uint8_t coverage) {
    if (x >= 0 && x < 64 && y >= 0 && y < 64) ink[static_cast<std::size_t>(y * 64 + x)] = coverage;
  });
  return ink;
}

TEST(Fonts, each_language_writes_a_character_in_its_own_form) {
  // One code point, three ways to write it: the Han unification of Unicode.
  for (const bool bold : {false, true}) {
    for (const char* character : {"直", "骨", "角"}) {
      const auto ja = drawn(Language::kJapanese, bold, character);
      const auto zh = drawn(Language::kChinese, bold, character);
      const auto ko = drawn(Language::kKorean, bold, character);
      EXPECT_NE(ja, zh) << character;
      EXPECT_NE(zh, ko) << character;
      EXPECT_EQ(drawn(Language::kEnglish, bold, character), ja) << character;
    }
  }
}

TEST(Fonts, every_language_stands_on_one_base_line) {
  // The foot of a capital, which stands on the line in every font.
  const auto foot = [](Language language) {
    int lowest = 0;
    (void)fonts().get(40, false, language).draw("H", [&](int, int y, std::uint8_t coverage) {
      if (coverage > 128) lowest = std::max(lowest, y);
    });
    return lowest;
  };
  for (const auto& [language, code] : kLanguages)
    EXPECT_NEAR(foot(language), foot(Language::kJapanese), 1)
        << code << ": more than the rounding of an outline";
}

TEST(LineBreak, a_korean_line_breaks_at_blanks_only) {
  const std::string text =
      "카드를 케이스에서 꺼내 다시 올려 주십시오. 4자리 비밀번호(PIN)를 입력해 주십시오.";
  const Font& font = fonts().get(20, false, Language::kKorean);
  for (double width = 200; width < 600; width += 1) {
    std::string joined;
    for (const std::string& line : break_lines(text, font, width))
      joined += (joined.empty() ? "" : " ") + line;
    EXPECT_EQ(joined, text) << width;
  }
}

TEST(LineBreak, a_chinese_line_begins_with_no_closing_mark_and_ends_with_no_opening_one) {
  const std::string text = "由于卡片已取出，未回答的问题按“不提供”处理（共3项）。如需更改，请放置卡片！";
  const Font& font = fonts().get(20, false, Language::kChinese);
  for (double width = 60; width < 500; width += 1) {
    std::string joined;
    for (const std::string& line : break_lines(text, font, width)) {
      const std::u32string shown = decode_utf8(line);
      ASSERT_FALSE(shown.empty());
      EXPECT_EQ(std::u32string_view(U"，。！）”").find(shown.front()), std::u32string_view::npos) << line;
      EXPECT_EQ(std::u32string_view(U"（“").find(shown.back()), std::u32string_view::npos) << line;
      joined += line;
    }
    EXPECT_EQ(joined, text) << width;
  }
}

TEST(Fonts, malformed_text_is_shown_as_replacement_and_never_crashes) {
  const Font& font = fonts().get(24, false);
  EXPECT_GE(font.width("\xFF\xC0\xE3\x81"), 0);
  EXPECT_EQ(decode_utf8("\xC0\x80"), std::u32string(U"\uFFFD\uFFFD"));
  EXPECT_EQ(decode_utf8("\xED\xA0\x80").front(), U'\uFFFD') << "a surrogate is no character";
}

TEST(Messages, every_text_stands_in_every_language_and_every_glyph_exists) {
  const json::value document = *parse_json(resource("messages.json"), "messages.json");
  const auto check = [&](std::string_view where, const json::value& texts) {
    EXPECT_EQ(texts.as_object().size(), std::size(kLanguages)) << where;
    for (const auto& [language, code] : kLanguages) {
      ASSERT_TRUE(texts.as_object().contains(code)) << where << " lacks " << code;
      const std::string text(texts.at(code).as_string());
      for (const bool bold : {false, true})
        EXPECT_TRUE(fonts().get(20, bold, language).has_all(text)) << where << ": " << text;
      EXPECT_EQ(texts.at("ja").as_string().empty(), text.empty()) << where << " " << code;
    }
  };
  for (const auto& [key, texts] : document.at("words").as_object()) check(key, texts);
  for (const auto& [key, parts] : document.at("screens").as_object()) {
    check(key, parts.at("title"));
    check(key, parts.at("body"));
  }
}

/// Kana, Han, Hangul in a text: what tells that it was forgotten in another language.
struct Letters {
  bool kana = false, han = false, hangul = false;
};
Letters letters_of(const std::string& text) {
  Letters found;
  for (const char32_t c : decode_utf8(text)) {
    found.kana = found.kana || (c >= 0x3041 && c <= 0x30FF);
    found.han = found.han || (c >= 0x4E00 && c <= 0x9FFF);
    found.hangul = found.hangul || (c >= 0xAC00 && c <= 0xD7A3);
  }
  return found;
}

TEST(Messages, no_text_was_forgotten_in_another_language) {
  const json::value document = *parse_json(resource("messages.json"), "messages.json");
  const auto check = [&](std::string_view where, const json::value& texts) {
    const auto in = [&](const char* code) { return std::string(texts.at(code).as_string()); };
    const Letters en = letters_of(in("en")), zh = letters_of(in("zh")), ko = letters_of(in("ko"));
    EXPECT_FALSE(en.kana || en.han || en.hangul) << where;
    EXPECT_FALSE(zh.kana || zh.hangul) << where;
    EXPECT_FALSE(ko.kana || ko.han) << where;
    const bool a_name = in("ja") == in("en");  // iPhone, Android
    EXPECT_TRUE(zh.han || a_name) << where;
    EXPECT_TRUE(ko.hangul || a_name) << where;
    // What the program puts in stands in each of them.
    for (const char* gap : {"{}", "{place}"})
      for (const char* code : {"en", "zh", "ko"})
        EXPECT_EQ(in(code).find(gap) == std::string::npos, in("ja").find(gap) == std::string::npos) << where;
  };
  for (const auto& [key, texts] : document.at("words").as_object()) check(key, texts);
  for (const auto& [key, parts] : document.at("screens").as_object()) {
    check(key, parts.at("title"));
    if (!parts.at("body").at("ja").as_string().empty()) check(key, parts.at("body"));
  }
}

TEST(Languages, the_key_goes_round_those_that_are_offered) {
  using L = Language;
  L now = L::kJapanese;
  for (const L next : {L::kEnglish, L::kChinese, L::kKorean, L::kJapanese}) {
    now = next_after(now, all_languages());
    EXPECT_EQ(now, next);
  }
  const std::vector<L> some{L::kJapanese, L::kKorean};
  EXPECT_EQ(next_after(L::kJapanese, some), L::kKorean);
  EXPECT_EQ(next_after(L::kKorean, some), L::kJapanese);
  EXPECT_EQ(next_after(L::kJapanese, {L::kJapanese}), L::kJapanese);
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
