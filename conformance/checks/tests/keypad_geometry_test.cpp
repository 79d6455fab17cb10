// 3-10.h and 3-10.i: grid and millimetres, from drawn screens of 0.16 mm per pixel.
#include "checks.h"
#include "draw_keypad.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <cmath>

#include <gtest/gtest.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

constexpr double kMmPerPx = 0.16;
constexpr int kWidth_px = 800;
constexpr int kHeight_px = 1000;

/// A keypad whose keys and gaps have these millimetres.
Drawing keypad_mm(double key_w, double key_h, double gap_x, double gap_y) {
  Drawing d;
  d.key_w = key_w / kMmPerPx;
  d.key_h = key_h / kMmPerPx;
  d.gap_x = gap_x / kMmPerPx;
  d.gap_y = gap_y / kMmPerPx;
  return d;
}

CheckContext context_with_panel(const char* clause) {
  CheckContext context = context_of(clause);
  context.device.panel_width_px = kWidth_px;
  context.device.panel_height_px = kHeight_px;
  context.device.panel_inches = std::hypot(kWidth_px, kHeight_px) * kMmPerPx / 25.4;
  return context;
}

Bytes png_of(const Drawing& d) {
  return encode_png(image_of(draw(d))).value();
}

TranscriptBuilder shown(Bytes png) {
  TranscriptBuilder t;
  t.state("method").state("pin").frame("pin_page", std::move(png));
  return t.add(source::kHarness, "ui_keys", {{"1", {100, 300, 60, 60}}}).state("idle").end();
}

Judgement grid(const Drawing& d) {
  return judge_keypad_grid(shown(png_of(d)).build(), context_of("3-10.h"));
}

Judgement size(const Drawing& d) {
  return judge_keypad_size(shown(png_of(d)).build(), context_with_panel("3-10.i"));
}

TEST(KeypadGrid, three_columns_by_four_rows_pass_in_any_order_of_digits) {
  EXPECT_EQ(grid(Drawing{}).verdict, Verdict::kPass);
  Drawing shuffled;
  shuffled.order = {7, 0, 3, 9, 1, 5, 2, 8, 6, -1, 4, -2};
  EXPECT_EQ(grid(shuffled).verdict, Verdict::kPass);
}

TEST(KeypadGrid, two_by_five_and_four_by_three_fail) {
  Drawing two;
  two.columns = 2;
  two.top = 200;
  two.order = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
  const Judgement narrow = grid(two);
  EXPECT_EQ(narrow.verdict, Verdict::kFail) << narrow.because_en;
  Drawing four;
  four.columns = 4;
  four.order = {1, 2, 3, 4, 5, 6, 7, 8, -1, 9, 0, -2};
  const Judgement wide = grid(four);
  EXPECT_EQ(wide.verdict, Verdict::kFail) << wide.because_en;
}

TEST(KeypadSize, keys_and_gaps_just_above_the_limits_pass) {
  const Judgement judgement = size(keypad_mm(10.2, 10.2, 3.2, 3.2));
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
  ASSERT_EQ(judgement.measurements.size(), 3U);
  EXPECT_NEAR(judgement.measurements[0].value, 10.2, 0.08);
  EXPECT_NEAR(judgement.measurements[1].value, 10.2, 0.08);
  EXPECT_NEAR(judgement.measurements[2].value, 3.2, 0.08);
  EXPECT_EQ(judgement.measurements[0].n, 12) << "auxiliary keys count as keys";
}

TEST(KeypadSize, keys_of_9_8_mm_fail_in_either_direction) {
  const Judgement narrow = size(keypad_mm(9.8, 12, 4, 4));
  EXPECT_EQ(narrow.verdict, Verdict::kFail) << narrow.because_en;
  const Judgement flat = size(keypad_mm(12, 9.8, 4, 4));
  EXPECT_EQ(flat.verdict, Verdict::kFail) << flat.because_en;
  EXPECT_EQ(size(keypad_mm(10.2, 12, 4, 4)).verdict, Verdict::kPass);
  EXPECT_EQ(size(keypad_mm(12, 10.2, 4, 4)).verdict, Verdict::kPass);
}

TEST(KeypadSize, gaps_of_2_8_mm_fail_in_either_direction) {
  const Judgement beside = size(keypad_mm(12, 12, 2.8, 4));
  EXPECT_EQ(beside.verdict, Verdict::kFail) << beside.because_en;
  const Judgement below = size(keypad_mm(12, 12, 4, 2.8));
  EXPECT_EQ(below.verdict, Verdict::kFail) << below.because_en;
  EXPECT_EQ(size(keypad_mm(12, 12, 3.2, 4)).verdict, Verdict::kPass);
  EXPECT_EQ(size(keypad_mm(12, 12, 4, 3.2)).verdict, Verdict::kPass);
}

TEST(KeypadSize, a_length_within_the_uncertainty_of_its_limit_is_neither_passed_nor_failed) {
  Drawing d = keypad_mm(12, 12, 4, 4);
  d.left = 100;
  d.key_w = 62.5;  // 10.00 mm, drawn without rounding
  const Judgement judgement = size(d);
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive) << judgement.because_en;
  EXPECT_EQ(judgement.reason, Reason::kPartial);
}

TEST(KeypadSize, without_a_panel_size_pixels_have_no_millimetres) {
  const Transcript t = shown(png_of(keypad_mm(12, 12, 4, 4))).build();
  for (const int what : {0, 1, 2}) {
    CheckContext context = context_with_panel("3-10.i");
    if (what == 0) context.device.panel_inches = 0;
    if (what == 1) context.device.panel_width_px = 0;
    if (what == 2) context.device.panel_height_px = -1000;
    const Judgement judgement = judge_keypad_size(t, context);
    EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
    EXPECT_EQ(judgement.reason, Reason::kNoChannel);
  }
}

TEST(KeypadSize, a_frame_of_another_size_than_the_panel_has_no_known_scale) {
  CheckContext context = context_with_panel("3-10.i");
  context.device.panel_width_px = 1600;
  context.device.panel_height_px = 2000;
  EXPECT_EQ(judge_keypad_size(shown(png_of(keypad_mm(12, 12, 4, 4))).build(), context).verdict,
            Verdict::kInconclusive);
}

TEST(KeypadGeometry, nine_digits_no_frame_and_a_damaged_one_are_inconclusive) {
  Drawing nine;
  nine.order = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  Bytes damaged = png_of(Drawing{});
  damaged.resize(damaged.size() / 2);
  TranscriptBuilder unseen;
  unseen.state("pin").end();
  for (const Transcript& t : {shown(png_of(nine)).build(), shown(damaged).build(), shown({}).build(),
                              unseen.build(), Transcript()}) {
    EXPECT_EQ(judge_keypad_grid(t, context_of("3-10.h")).verdict, Verdict::kInconclusive);
    EXPECT_EQ(judge_keypad_size(t, context_with_panel("3-10.i")).verdict, Verdict::kInconclusive);
  }
}

TEST(KeypadGeometry, the_device_s_own_words_never_decide_but_their_contradiction_is_told) {
  TranscriptBuilder t;
  t.frame("pin_page", png_of(keypad_mm(9.8, 9.8, 4, 4)));
  t.add(source::kHarness, "ui_keys", {{"1", {500, 300, 200, 200}}}).end();
  const Judgement judgement = judge_keypad_size(t.build(), context_with_panel("3-10.i"));
  EXPECT_EQ(judgement.verdict, Verdict::kFail);
  EXPECT_NE(judgement.because_en.find("UI tree"), std::string::npos) << judgement.because_en;
}

TEST(KeypadGeometry, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext h = context_of("3-10.h");
  const CheckContext i = context_with_panel("3-10.i");
  Drawing two;
  two.columns = 2;
  two.top = 200;
  two.order = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
  const Transcript good = shown(png_of(keypad_mm(12, 12, 4, 4))).build();
  const Transcript narrow = shown(png_of(two)).build();
  const Transcript small = shown(png_of(keypad_mm(9.8, 9.8, 4, 4))).build();
  expect_no_pass_when_cut_off(judge_keypad_grid, good, h);
  expect_no_pass_when_cut_off(judge_keypad_size, good, i);
  expect_no_pass_when_cut_off(judge_keypad_grid, narrow, h);
  expect_no_pass_when_cut_off(judge_keypad_size, small, i);
  expect_no_pass_when_repeated_or_reordered(judge_keypad_grid, narrow, h, 1, 20);
  expect_no_pass_when_repeated_or_reordered(judge_keypad_size, small, i, 1, 20);
}

TEST(KeypadGeometry, garbage_does_not_crash_the_judges) {
  const Transcript good = shown(png_of(keypad_mm(12, 12, 4, 4))).build();
  expect_to_survive_garbage(judge_keypad_grid, good, context_of("3-10.h"), 40);
  expect_to_survive_garbage(judge_keypad_size, good, context_with_panel("3-10.i"), 40);
}

}  // namespace
}  // namespace shogo::conformance
