// What is said of a page, and in which order.
#include "sound/announcement.h"

#include "ui/screens.h"
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class Announced : public testing::Test {
 protected:
  static void SetUpTestSuite() { fonts_ = Fonts::open().value().release(); }
  static std::vector<std::string> said(const std::string& screen, bool keypad = false,
                                       Language language = Language::kJapanese, std::size_t typed = 0) {
    PageInput input;
    input.screen = screen;
    input.language = language;
    input.next_language = next_after(language, all_languages());
    input.typed = typed;
    input.tries_left = 3;
    input.key_legends = keypad;
    input.volume = screen == "volume" ? 4 : 0;
    const Panel panel = load_panel("panel-8-portrait").value();
    input.keypad = keypad_shape(panel);
    input.steps_passed = 1;
    const Page page = draw_page(input, panel, *fonts_, Messages::built_in());
    return announcement(page, Messages::built_in(), language, keypad);
  }
  static std::ptrdiff_t place(const std::vector<std::string>& said, const std::string& text) {
    const auto found = std::find(said.begin(), said.end(), text);
    return found == said.end() ? -1 : found - said.begin();
  }

 private:
  static inline Fonts* fonts_ = nullptr;
};

TEST_F(Announced, first_what_is_wrong_then_the_heading_the_words_the_choices_the_foot_and_the_steps) {
  EXPECT_THAT(said("consent_operations"),
              ElementsAre("過去の手術情報を当機関に提供することに同意しますか。",
                          "この情報はあなたの診察や健康管理のために使用します。", "同意する", "同意しない",
                          "戻る", "終了する", "職員を呼ぶ", "English", "カード", "本人確認", "同意", "完了"));
  const auto again = said("pin_again");
  EXPECT_EQ(place(again, "暗証番号が違います。"), 0);
  EXPECT_EQ(place(again, "暗証番号を入力してください。"), 1);
}

TEST_F(Announced, with_a_keypad_every_choice_is_said_with_its_key_and_the_pin_page_explains_it) {
  const auto choices = said("consent_operations", true);
  EXPECT_EQ(place(choices, "1のキー。") + 1, place(choices, "同意する"));
  EXPECT_EQ(place(choices, "3のキー。") + 1, place(choices, "同意しない"));
  EXPECT_EQ(place(choices, "8のキー。") + 1, place(choices, "職員を呼ぶ"));
  const auto pin = said("pin", true);
  EXPECT_GT(place(pin, "テンキーで4けたを入力し、右下のキーで確定します。左下のキーで1つ消します。"), 0);
  EXPECT_THAT(said("pin"),
              Not(Contains("テンキーで4けたを入力し、右下のキーで確定します。左下のキーで1つ消します。")));
}

TEST_F(Announced, no_digit_and_no_typed_digit_is_ever_said) {
  for (const std::size_t typed : {0, 1, 3, 4})
    EXPECT_EQ(said("pin", true, Language::kJapanese, typed), said("pin", true));
  for (const std::string& text : said("pin", true)) {
    EXPECT_FALSE(text.size() == 1 && text[0] >= '0' && text[0] <= '9') << text;
    EXPECT_EQ(text.find('*'), std::string::npos);
  }
}

TEST_F(Announced, every_page_says_something_in_every_language) {
  for (const auto& [name, screen] : Screens::built_in().all())
    for (const auto& [language, code] : kLanguages)
      EXPECT_FALSE(said(name, true, language).empty()) << name << code;
}

TEST_F(Announced, the_volume_s_page_says_the_step_and_no_key_of_the_keypad_means_anything_there) {
  const auto page = said("volume", true);
  EXPECT_GE(place(page, "音量 4"), 0);
  EXPECT_EQ(place(page, "1のキー。"), -1);
  EXPECT_EQ(place(page, "3のキー。"), -1);
}

}  // namespace
}  // namespace shogo::reader
