#include "../src/languages.h"
#include "../src/letters.h"
#include "draw_screen.h"
#include "hostile_transcripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;
constexpr Rgb kBlack{22, 33, 58};
constexpr int kHeight = 30;  // of a capital: type of 43 pixels

/// One page with a heading: what the tree says of it, and letters of the drawing's own in its place.
struct Heading {
  std::string told;
  int letters = 12;  ///< how many are drawn; each about half an em wide
  bool boxes = false;
};
ScreenDrawing page(const std::string& state, const std::string& lang, const Heading& heading) {
  ScreenDrawing screen(state, lang);
  const std::string drawn =
      std::string("RACEHBKMSNPWRAC").substr(0, static_cast<std::size_t>(heading.letters));
  if (heading.boxes)
    for (int i = 0; i < heading.letters; ++i) screen.frame({60 + 40 * i, 200, 34, 40});
  else
    screen.text(drawn, 60, 200, kHeight, kBlack, false);
  screen.node("title", "heading", heading.told, {50, 180, 720, 80}, true, kHeight / 0.7);
  screen.text("12345678", 60, 500, kHeight, kBlack);
  return screen;
}

struct Story {
  std::map<std::string, Heading> headings{{"ja", {"暗証番号を入力"}},
                                          {"en", {"Enter your PIN"}},
                                          {"zh", {"请输入密码"}},
                                          {"ko", {"비밀번호를 입력"}}};
  std::vector<std::string> languages{"ja", "en", "zh", "ko"};
  bool whole = true;
};
Transcript walk(const Story& story) {
  TranscriptBuilder t;
  for (const char* state : {"idle", "method", "pin"})
    for (const std::string& lang : story.languages) page(state, lang, story.headings.at(lang)).record(t);
  if (story.whole) t.end();
  return t.build();
}
Judgement judge(const Story& story) {
  return judge_language_screens(walk(story), screen_context("1-22.a"));
}
Judgement with(const std::string& lang, const Heading& heading) {
  Story story;
  story.headings[lang] = heading;
  return judge(story);
}

TEST(LanguageScreens, four_languages_that_are_whole_pass) {
  const Judgement judgement = judge({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
  EXPECT_THAT(judgement.because_en, HasSubstr("en, zh, ko"));
}

TEST(LanguageScreens, a_text_of_another_language_fails_and_is_named) {
  for (const auto& [lang, text] : {std::pair{"ko", "暗証番号を入力"},
                                   {"ko", "确认密码"},
                                   {"zh", "暗証番号を入力"},
                                   {"zh", "本人確認"},
                                   {"en", "暗証番号を入力"},
                                   {"zh", "Enter your PIN"},
                                   {"ko", "Enter your PIN"}}) {
    const Judgement judgement = with(lang, {text});
    EXPECT_EQ(judgement.verdict, Verdict::kFail) << lang << text;
    EXPECT_THAT(judgement.because_en, HasSubstr("not in that language")) << text;
    EXPECT_THAT(judgement.because_en, HasSubstr(text));
  }
}

TEST(LanguageScreens, a_name_in_latin_letters_is_the_same_in_every_language) {
  Story story;
  for (auto& [lang, heading] : story.headings) heading.told = "iPhone";
  EXPECT_EQ(judge(story).verdict, Verdict::kPass) << judge(story).because_en;
}

TEST(LanguageScreens, han_characters_that_both_countries_write_are_chinese) {
  EXPECT_EQ(with("zh", {"同意"}).verdict, Verdict::kPass);
}

TEST(LanguageScreens, a_missing_text_fails) {
  TranscriptBuilder t;
  for (const char* state : {"idle", "method", "pin"}) {
    page(state, "ja", {"暗証番号を入力"}).record(t);
    page(state, "en", {"Enter your PIN"}).record(t);
  }
  ScreenDrawing("consent", "ja")
      .text("123", 60, 500, kHeight, kBlack)
      .node("title", "heading", "同意", {50, 180, 720, 80})
      .record(t);
  ScreenDrawing("consent", "en").text("123", 60, 500, kHeight, kBlack).record(t);
  const Judgement judgement = judge_language_screens(t.end().build(), screen_context("1-22.a"));
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_THAT(judgement.because_en, HasSubstr("missing: consent \"同意\" in en"));
}

TEST(LanguageScreens, boxes_in_place_of_letters_fail_and_letters_that_are_boxes_do_not) {
  const Judgement boxes = with("ko", {"비밀번호를 입력", 7, true});
  EXPECT_EQ(boxes.verdict, Verdict::kFail);
  EXPECT_THAT(boxes.because_en, HasSubstr("replacement glyphs: idle.ko"));
  EXPECT_EQ(with("ko", {"마", 1, true}).verdict, Verdict::kPass);
  EXPECT_EQ(with("ko", {"입", 1, true}).verdict, Verdict::kFail);
  EXPECT_EQ(with("zh", {"口日", 2, true}).verdict, Verdict::kPass);
  EXPECT_EQ(with("zh", {"口码", 2, true}).verdict, Verdict::kPass) << "one more than the list has";
  EXPECT_EQ(with("zh", {"认码", 2, true}).verdict, Verdict::kFail);
  EXPECT_EQ(with("ko", {"비밀\xEF\xBF\xBD호"}).verdict, Verdict::kFail);
  EXPECT_EQ(with("ko", {"비밀\x83호"}).verdict, Verdict::kFail);
}

TEST(LanguageScreens, the_width_is_judged_at_the_narrowest_that_type_can_be) {
  // Han of 43 pixels: 0.66 of it each. A drawn letter is about 30 pixels wide.
  const std::string ten = "请选择身份确认方式吧";  // at least 283 pixels
  EXPECT_EQ(with("zh", {ten, 12}).verdict, Verdict::kPass);
  const Judgement cut = with("zh", {ten, 6});
  EXPECT_EQ(cut.verdict, Verdict::kFail);
  EXPECT_THAT(cut.because_en, HasSubstr("cut off"));
}

TEST(LanguageScreens, a_device_is_judged_on_what_it_offers) {
  Story two;
  two.languages = {"ja", "ko"};
  const Judgement judgement = judge(two);
  EXPECT_EQ(judgement.verdict, Verdict::kPass);
  EXPECT_THAT(judgement.because_en, HasSubstr("not offered: en, zh"));
  Story one;
  one.languages = {"ja"};
  EXPECT_EQ(judge(one).verdict, Verdict::kFail);
}

TEST(LanguageScreens, a_rule_that_finds_something_in_the_device_s_own_language_controls_nothing) {
  Story story;
  story.headings["ja"] = {"暗証番号を入力", 2};
  EXPECT_EQ(judge(story).reason, Reason::kControlFailed) << judge(story).because_en;
}

TEST(LanguageScreens, half_a_walk_is_undecided) {
  Story story;
  story.whole = false;
  EXPECT_EQ(judge(story).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_language_screens(Transcript{}, screen_context("1-22.a")).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_language_screens(walk({}), context_of("1-22.a")).reason, Reason::kNoNumber);
  TranscriptBuilder t;
  for (const char* state : {"idle", "method", "pin"}) page(state, "ja", {"暗証番号を入力"}).record(t);
  page("idle", "ko", {"비밀번호를 입력"}).record(t);
  EXPECT_EQ(judge_language_screens(t.end().build(), screen_context("1-22.a")).reason, Reason::kPartial);
  expect_no_pass_when_cut_off(judge_language_screens, walk({}), screen_context("1-22.a"), 3);
  expect_to_survive_garbage(judge_language_screens, walk({}), screen_context("1-22.a"), 10);
}

TEST(Letters, tell_which_language_a_text_can_be_in) {
  EXPECT_EQ(fits(letters_of("确认", "zh"), "zh"), Fits::kYes);
  EXPECT_EQ(fits(letters_of("確認", "zh"), "zh"), Fits::kNo) << "not in GB 2312";
  EXPECT_EQ(fits(letters_of("確認", "zh-TW"), "zh-TW"), Fits::kYes);
  EXPECT_EQ(fits(letters_of("确认", "zh-Hant"), "zh-Hant"), Fits::kNo);
  EXPECT_EQ(fits(letters_of("확인", "ko"), "ko"), Fits::kYes);
  EXPECT_EQ(fits(letters_of("PIN", "ko"), "ko"), Fits::kName);
  EXPECT_EQ(fits(letters_of("PIN", "en-GB"), "en-GB"), Fits::kYes);
  EXPECT_EQ(fits(letters_of("カード", "en"), "en"), Fits::kNo);
  EXPECT_EQ(letters_of("마음口日", "ko").boxes, 4);
  EXPECT_EQ(letters_of("가각 12", "ko").kinds, 2);
  EXPECT_TRUE(letters_of("\xFF", "ja").lost);
}

}  // namespace
}  // namespace shogo::conformance
