#include "../src/checks.h"
#include "draw_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;
constexpr Rgb kBlack{22, 33, 58};

// --- 3-10.j

Judgement judge_j(int digit_height, double ratio) {
  TranscriptBuilder t;
  ScreenDrawing("pin").keypad(80, 500, digit_height, grey_at(ratio)).record(t, "0_digits");
  return judge_digit_contrast(t.end().build(), screen_context("3-10.j"));
}

TEST(DigitContrast, small_digits_need_four_and_a_half_and_large_ones_three) {
  EXPECT_EQ(judge_j(22, 4.4).verdict, Verdict::kFail);  // 3 mm of figures: 12 points
  EXPECT_EQ(judge_j(22, 4.6).verdict, Verdict::kPass) << judge_j(22, 4.6).because_en;
  EXPECT_EQ(judge_j(60, 2.9).verdict, Verdict::kFail);
  EXPECT_EQ(judge_j(60, 3.1).verdict, Verdict::kPass);
}

TEST(DigitContrast, a_page_without_keypad_and_silence_are_inconclusive) {
  TranscriptBuilder t;
  ScreenDrawing("pin").text("no keys", 40, 40, 30, kBlack).record(t, "0_digits");
  EXPECT_EQ(judge_digit_contrast(t.end().build(), screen_context("3-10.j")).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_digit_contrast(Transcript{}, screen_context("3-10.j")).verdict, Verdict::kInconclusive);
}

// --- 3-10.k

Bytes key_picture(std::uint8_t level) {
  return *encode_png(Image{40, 30, 3, Bytes(40 * 30 * 3, level)});
}
struct Touch {
  std::string key;
  int ms = 10;
  bool changes = true;
  bool device_clock = true;
};
/// The press events of key_press.h. The builder's clock goes on by a millisecond an event.
void press(TranscriptBuilder& t, const Touch& touch) {
  t.file(source::kDevice, "key_before", {{"key", touch.key}}, "key", "png", key_picture(255));
  t.add(source::kStimulus, "ask_clock", {{"key", touch.key}});
  t.add(source::kStimulus, "finger_down", {{"key", touch.key}});
  const std::int64_t down = t.build().events().back().t_ns;
  t.file(source::kDevice, "key_pressed", {{"key", touch.key}}, "key", "png",
         key_picture(touch.changes ? 40 : 255));
  t.add(source::kHarness, "press",
        {{"key", touch.key},
         {"seen", touch.changes},
         {"t_seen_ns", down + touch.ms * 1'000'000LL},
         {"t_dev_before_ns", touch.device_clock ? 5'000'000'000LL : 0LL},
         {"t_dev_seen_ns", touch.device_clock ? 5'000'000'000LL + touch.ms * 1'000'000LL : 0LL}});
}
Judgement judge_k(const Touch& odd, bool others = true) {
  TranscriptBuilder t;
  for (const char* key : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "done"})
    if (others && key != odd.key) press(t, {key});
  press(t, odd);
  return judge_key_feedback(t.end().build(), screen_context("3-10.k"));
}

TEST(KeyFeedback, every_key_within_a_tenth_of_a_second) {
  EXPECT_EQ(judge_k({"0", 95}).verdict, Verdict::kPass);
  EXPECT_EQ(judge_k({"0", 110}).verdict, Verdict::kFail);
  // Ten milliseconds over the limit may have been the touch's way to the device, had the way been that long.
  EXPECT_THAT(judge_k({"0", 110}).because_en, HasSubstr("key 0"));
  EXPECT_EQ(judge_k({"0", 101}).verdict, Verdict::kInconclusive);
}

TEST(KeyFeedback, one_silent_key_fails_and_all_silent_ones_may_sound) {
  EXPECT_EQ(judge_k({"0", 10, false}).verdict, Verdict::kFail);
  TranscriptBuilder t;
  for (const char* key : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "done"})
    press(t, {key, 10, false});
  EXPECT_EQ(judge_key_feedback(t.end().build(), screen_context("3-10.k")).reason, Reason::kNoChannel);
}

TEST(KeyFeedback, the_benchs_own_clock_is_enough) {
  EXPECT_EQ(judge_k({"0", 50, true, false}).verdict, Verdict::kPass);
  EXPECT_EQ(judge_k({"0", 150, true, false}).verdict, Verdict::kFail);
}

TEST(KeyFeedback, too_few_keys_and_silence_are_inconclusive) {
  EXPECT_EQ(judge_k({"0"}, false).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_key_feedback(Transcript{}, screen_context("3-10.k")).verdict, Verdict::kInconclusive);
}

// --- 3-10.l

Judgement judge_l(const ScreenDrawing& japanese, const ScreenDrawing& english) {
  TranscriptBuilder t;
  japanese.record(t, "0_digits");
  english.record(t, "0_digits");
  return judge_auxiliary_labels(t.end().build(), screen_context("3-10.l"));
}
ScreenDrawing page(const char* lang, const char* erase, const char* done, Rgb ink = kBlack,
                   const char* seen_erase = "") {
  ScreenDrawing screen("pin", lang);
  screen.button("key_delete", erase, {80, 900, 190, 120}, kBlack, ink, 18, true, seen_erase);
  screen.button("key_done", done, {520, 900, 190, 120}, kBlack, kBlack);
  return screen;
}

TEST(AuxiliaryLabels, words_that_change_with_the_language_are_words) {
  EXPECT_EQ(judge_l(page("ja", "Kesu", "Kakutei"), page("en", "Delete", "Done")).verdict, Verdict::kPass);
}

TEST(AuxiliaryLabels, a_sign_is_no_label_even_when_the_tree_says_so) {
  const auto lie =
      judge_l(page("ja", "Kesu", "Kakutei", kBlack, "X"), page("en", "Delete", "Done", kBlack, "X"));
  EXPECT_EQ(lie.verdict, Verdict::kFail);
  EXPECT_THAT(lie.because_en, HasSubstr("a sign, no text"));
  EXPECT_EQ(judge_l(page("ja", "⌫", "Kakutei", kBlack, "X"), page("en", "⌫", "Done", kBlack, "X")).verdict,
            Verdict::kFail);
}

TEST(AuxiliaryLabels, the_boundary_pair_of_contrast) {
  EXPECT_EQ(judge_l(page("ja", "Kesu", "Kakutei", grey_at(4.4)), page("en", "Delete", "Done")).verdict,
            Verdict::kFail);
  EXPECT_EQ(judge_l(page("ja", "Kesu", "Kakutei", grey_at(4.6)), page("en", "Delete", "Done")).verdict,
            Verdict::kPass);
}

TEST(AuxiliaryLabels, a_hidden_key_fails_one_language_alone_is_open) {
  ScreenDrawing without("pin", "en");
  without.button("key_done", "Done", {520, 900, 190, 120}, kBlack, kBlack);
  EXPECT_EQ(judge_l(page("ja", "Kesu", "Kakutei"), without).verdict, Verdict::kFail);
  EXPECT_EQ(judge_l(page("en", "Delete", "Done"), page("en", "Delete", "Done")).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(judge_auxiliary_labels(Transcript{}, screen_context("3-10.l")).verdict, Verdict::kInconclusive);
}

// --- 1-18.c

void after_digits(TranscriptBuilder& t, const std::function<std::string(int digit, int count)>& picture) {
  t.add(source::kDevice, "after_digit", {{"digit", -1}, {"count", 0}, {"sha256", "empty"}});
  for (int digit = 0; digit < 10; ++digit)
    t.add(source::kDevice, "after_digit", {{"digit", digit}, {"count", 1}, {"sha256", picture(digit, 1)}});
  for (const int first : {1, 9})
    for (int count = 1; count <= 3; ++count)
      t.add(source::kDevice, "after_digit",
            {{"digit", first}, {"count", count}, {"sha256", picture(first, count)}});
}
Judgement judge_c(const std::function<std::string(int digit, int count)>& picture) {
  TranscriptBuilder t;
  after_digits(t, picture);
  return judge_pin_unseen(t.end().build(), screen_context("1-18.c"));
}

TEST(PinUnseen, dots_alone_pass_and_anything_of_a_digit_fails) {
  EXPECT_EQ(judge_c([](int, int count) { return std::to_string(count); }).verdict, Verdict::kPass);
  EXPECT_EQ(
      judge_c([](int digit, int count) { return std::to_string(count) + (digit == 7 ? "!" : ""); }).verdict,
      Verdict::kFail);
  EXPECT_EQ(judge_c([](int digit, int count) {
              return std::to_string(count) + (count == 3 && digit == 9 ? "!" : "");
            }).verdict,
            Verdict::kFail);
}

TEST(PinUnseen, a_screen_that_stands_still_and_silence_are_inconclusive) {
  EXPECT_EQ(judge_c([](int, int) { return std::string("frozen"); }).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_pin_unseen(Transcript{}, screen_context("1-18.c")).verdict, Verdict::kInconclusive);
}

}  // namespace
}  // namespace shogo::conformance
