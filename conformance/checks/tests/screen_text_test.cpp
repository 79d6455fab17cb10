#include "../src/checks.h"
#include "draw_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;
constexpr Rgb kBlack{22, 33, 58};
constexpr int kSmall = 20;  // 2.7 mm capitals: 11 points
constexpr int kLarge = 40;  // 5.4 mm capitals: 22 points

/// A walk that came everywhere, with one screen of the test's own.
Judgement judge_f(const ScreenDrawing& screen, bool whole = true) {
  TranscriptBuilder t;
  for (const char* state : {"idle", "method"})
    ScreenDrawing(state).text("Please wait", 40, 40, kSmall, kBlack).record(t);
  screen.record(t);
  if (whole) t.end();
  return judge_text_contrast(t.build(), screen_context("3-10.f"));
}
Judgement judge_n(const ScreenDrawing& screen) {
  TranscriptBuilder t;
  for (const char* state : {"idle", "method"})
    ScreenDrawing(state).text("Please wait", 40, 40, kSmall, kBlack).record(t);
  screen.record(t);
  t.end();
  return judge_text_contrast_without_exception(t.build(), screen_context("3-10.n"));
}
ScreenDrawing pin() {
  return ScreenDrawing("pin");
}

TEST(TextContrast, the_boundary_pair_at_four_and_a_half) {
  const auto faint = judge_f(pin().text("Four digits", 40, 200, kSmall, grey_at(4.4)));
  const auto enough = judge_f(pin().text("Four digits", 40, 200, kSmall, grey_at(4.6)));
  EXPECT_EQ(faint.verdict, Verdict::kFail);
  EXPECT_THAT(faint.because_en, HasSubstr("pin.ja \"Four digits\" 4.4"));
  EXPECT_EQ(enough.verdict, Verdict::kPass) << enough.because_en;
}

TEST(TextContrast, large_text_needs_three_and_the_plain_reading_knows_no_large_text) {
  EXPECT_EQ(judge_f(pin().text("Large", 40, 200, kLarge, grey_at(3.1))).verdict, Verdict::kPass);
  EXPECT_EQ(judge_f(pin().text("Large", 40, 200, kLarge, grey_at(2.9))).verdict, Verdict::kFail);
  EXPECT_EQ(judge_n(pin().text("Large", 40, 200, kLarge, grey_at(3.1))).verdict, Verdict::kFail);
  EXPECT_EQ(judge_n(pin().text("Large", 40, 200, kLarge, grey_at(4.6))).verdict, Verdict::kPass);
}

TEST(TextContrast, a_size_that_is_large_only_in_bold_stays_open) {
  const auto open = judge_f(pin().text("Medium", 40, 200, 30, grey_at(3.5)));  // 16 points
  EXPECT_EQ(open.verdict, Verdict::kInconclusive);
  EXPECT_EQ(open.reason, Reason::kPartial);
}

TEST(TextContrast, a_type_size_that_only_the_tree_claims_makes_no_text_large) {
  ScreenDrawing screen = pin();
  screen.text("Four cents", 40, 200, kSmall, grey_at(4.0), false);
  screen.node("body", "text", "Four cents", {34, 190, 300, 40}, true, 90);
  EXPECT_EQ(judge_f(screen).verdict, Verdict::kFail);
}

TEST(TextContrast, disabled_parts_are_spared_by_the_standard_and_not_by_the_plain_reading) {
  const auto disabled = [](double ratio) {
    return pin().button("done", "Done", {100, 300, 200, 90}, kBlack, grey_at(ratio), kSmall, false);
  };
  EXPECT_EQ(judge_f(disabled(2.0)).verdict, Verdict::kPass);
  EXPECT_EQ(judge_n(disabled(4.4)).verdict, Verdict::kFail);
  EXPECT_EQ(judge_n(disabled(4.6)).verdict, Verdict::kPass);
}

TEST(TextContrast, faint_text_that_the_tree_does_not_tell_of_never_passes) {
  const ScreenDrawing screen = pin()
                                   .text("Told of", 40, 100, kSmall, kBlack)
                                   .text("Kept quiet about it", 40, 400, kSmall, grey_at(3.0), false);
  const auto standard = judge_f(screen);
  EXPECT_EQ(standard.verdict, Verdict::kInconclusive);
  EXPECT_THAT(standard.because_en, HasSubstr("not in the UI tree"));
  EXPECT_EQ(judge_n(screen).verdict, Verdict::kFail);
}

TEST(TextContrast, text_that_only_the_tree_sees_stays_open) {
  const auto judged = judge_f(pin()
                                  .text("Four digits", 40, 100, kSmall, kBlack)
                                  .node("ghost", "text", "Nothing", {400, 800, 200, 60}));
  EXPECT_EQ(judged.verdict, Verdict::kInconclusive);
  EXPECT_THAT(judged.because_en, HasSubstr("nothing to be seen there"));
}

TEST(TextContrast, silence_and_half_a_walk_are_inconclusive) {
  TranscriptBuilder nothing;
  EXPECT_EQ(judge_text_contrast(nothing.end().build(), screen_context("3-10.f")).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(judge_f(pin().text("Four digits", 40, 200, kSmall, kBlack), false).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(judge_f(ScreenDrawing("error").text("Ask the staff", 40, 200, kSmall, kBlack)).reason,
            Reason::kControlFailed);
}

// --- 1-12.a

Judgement judge_size(const ScreenDrawing& screen) {
  TranscriptBuilder t;
  for (const char* state : {"idle", "method"})
    ScreenDrawing(state).text("Please wait", 40, 40, 30, kBlack).record(t);
  screen.record(t);
  return judge_text_size(t.end().build(), screen_context("1-12.a"));
}

TEST(TextSize, the_boundary_pair_at_three_millimetres) {
  // The capital's height is 0.7 of the type's: 14 px are 2.7 mm of type, 18 px are 3.5 mm.
  EXPECT_EQ(judge_size(pin().text("Scan it", 40, 200, 13, kBlack)).verdict, Verdict::kFail);
  const auto enough = judge_size(pin().text("Scan it", 40, 200, 18, kBlack));
  EXPECT_EQ(enough.verdict, Verdict::kInconclusive);
  EXPECT_EQ(enough.reason, Reason::kPartial) << "only the guide for the face is missing";
}

TEST(TextSize, text_that_lacks_its_end_or_leaves_the_panel_is_cut_off) {
  ScreenDrawing half = pin();
  half.text("Please", 40, 200, 30, kBlack, false);
  half.node("body", "text", "Please place your card on the reader and wait", {34, 190, 300, 50}, true, 43);
  EXPECT_EQ(judge_size(half).verdict, Verdict::kFail);
  EXPECT_EQ(judge_size(pin().text("Please place your card on the reader", 500, 200, 30, kBlack)).verdict,
            Verdict::kFail);
}

TEST(TextSize, silence_is_inconclusive) {
  EXPECT_EQ(judge_text_size(Transcript{}, screen_context("1-12.a")).verdict, Verdict::kInconclusive);
}

// --- 3-10.d, 3-10.e

Judgement judge_parts(Judgement (*judge)(const Transcript&, const CheckContext&), const char* clause,
                      int height_px, Rgb outline) {
  TranscriptBuilder t;
  pin().button("end", "End", {100, 300, 200, height_px}, outline, kBlack).record(t);
  return judge(t.end().build(), screen_context(clause));
}

TEST(TargetSize, the_boundary_pair_at_44_css_pixels) {
  // 44 CSS pixels are 11.64 mm: 86.5 pixels of this panel.
  EXPECT_EQ(judge_parts(judge_target_size, "3-10.d", 85, kBlack).verdict, Verdict::kFail);
  EXPECT_EQ(judge_parts(judge_target_size, "3-10.d", 87, kBlack).verdict, Verdict::kPass);
}

TEST(TargetSize, without_a_scale_or_a_target_it_is_inconclusive) {
  TranscriptBuilder t;
  pin().text("nothing to touch", 40, 40, kSmall, kBlack).record(t);
  EXPECT_EQ(judge_target_size(t.end().build(), screen_context("3-10.d")).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_target_size(t.build(), context_of("3-10.d")).reason, Reason::kNoNumber);
}

TEST(PartContrast, the_boundary_pair_at_three) {
  EXPECT_EQ(judge_parts(judge_part_contrast, "3-10.e", 90, grey_at(2.9)).verdict, Verdict::kFail);
  EXPECT_EQ(judge_parts(judge_part_contrast, "3-10.e", 90, grey_at(3.1)).verdict, Verdict::kPass);
  EXPECT_EQ(judge_parts(judge_part_contrast, "3-10.e", 90, {255, 255, 255}).verdict, Verdict::kInconclusive)
      << "a label without an outline is 3-10.f's";
}

}  // namespace
}  // namespace shogo::conformance
