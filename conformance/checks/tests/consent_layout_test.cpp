#include "checks.h"
#include "drawn_box.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

boost::json::object box(int left, int top, int right, int bottom) {
  return {{"left", left}, {"top", top}, {"right", right}, {"bottom", bottom}};
}
const boost::json::object kUpper = box(100, 500, 700, 600);
const boost::json::object kLower = box(100, 600, 700, 700);  // touching is still above

struct Visit {
  bool agrees;
  boost::json::object agree, disagree;
  const char* flag;
};

Judgement verdict(const std::vector<Visit>& visits, bool end = true) {
  TranscriptBuilder t;
  for (const Visit& visit : visits)
    t.step(visit.agrees ? "agrees" : "refuses")
        .add(source::kDevice, "choice_boxes",
             {{"state", "consent_operations"},
              {"lang", "ja"},
              {"pressed", visit.agrees},
              {"agree", visit.agree},
              {"disagree", visit.disagree}});
  for (const Visit& visit : visits)
    if (visit.flag != nullptr) t.add(source::kHost, "hand_over", {{"OperationInfoConsFlg", visit.flag}});
  if (end) t.end();
  return judge_consent_layout(t.build(), context_of("3-10.g"));
}

TEST(ConsentLayout, given_agree_above_disagree_then_pass) {
  EXPECT_EQ(verdict({{true, kUpper, kLower, "1"}, {false, kUpper, kLower, "0"}}).verdict, Verdict::kPass);
}

TEST(ConsentLayout, given_one_pixel_of_overlap_in_height_then_side_by_side) {
  const auto higher = box(100, 599, 700, 699);
  EXPECT_EQ(verdict({{true, kUpper, higher, "1"}, {false, kUpper, higher, "0"}}).verdict, Verdict::kFail);
}

TEST(ConsentLayout, given_disagree_above_then_fail) {
  EXPECT_EQ(verdict({{true, kLower, kUpper, "1"}, {false, kLower, kUpper, "0"}}).verdict, Verdict::kFail);
}

TEST(ConsentLayout, given_columns_that_do_not_overlap_then_fail) {
  const auto beside = box(700, 600, 800, 700);
  EXPECT_EQ(verdict({{true, kUpper, beside, "1"}, {false, kUpper, beside, "0"}}).verdict, Verdict::kFail);
}

TEST(ConsentLayout, given_a_button_that_does_the_opposite_then_fail) {
  EXPECT_EQ(verdict({{true, kUpper, kLower, "0"}, {false, kUpper, kLower, "1"}}).verdict, Verdict::kFail);
}

TEST(ConsentLayout, given_no_answer_at_the_clinic_or_no_screen_then_control_failed) {
  EXPECT_EQ(verdict({{true, kUpper, kLower, nullptr}, {false, kUpper, kLower, nullptr}}).reason,
            Reason::kControlFailed);
  EXPECT_EQ(verdict({{true, kUpper, kLower, "1"}}).reason, Reason::kControlFailed) << "nobody refused";
  EXPECT_EQ(verdict({}).reason, Reason::kControlFailed);
}

TEST(ConsentLayout, given_the_script_was_cut_off_then_never_pass) {
  EXPECT_EQ(verdict({{true, kUpper, kLower, "1"}, {false, kUpper, kLower, "0"}}, false).verdict,
            Verdict::kInconclusive);
}

Image blank(int width, int height) {
  Image image;
  image.width = width;
  image.height = height;
  image.channels = 3;
  image.pixels.assign(static_cast<std::size_t>(width * height * 3), 240);
  return image;
}

void fill(Image& image, int left, int top, int right, int bottom, std::uint8_t value) {
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      for (int c = 0; c < 3; ++c)
        image.pixels[static_cast<std::size_t>((y * image.width + x) * 3 + c)] = value;
}

TEST(DrawnBox, finds_the_edges_that_are_drawn_and_not_those_that_are_told) {
  Image image = blank(300, 200);
  fill(image, 52, 61, 249, 140, 20);
  fill(image, 54, 63, 247, 138, 255);
  UiNode told;
  told.x = 50;
  told.y = 60;
  told.width = 200;
  told.height = 80;
  const auto box = drawn_box(image, told);
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(box->left, 52);
  EXPECT_EQ(box->top, 61);
  EXPECT_EQ(box->right, 249);
  EXPECT_EQ(box->bottom, 140);
  EXPECT_TRUE(has_ink(image, told));
}

TEST(DrawnBox, a_button_that_is_told_and_not_drawn_is_none) {
  const Image image = blank(300, 200);
  UiNode told;
  told.x = 50;
  told.y = 60;
  told.width = 200;
  told.height = 80;
  EXPECT_FALSE(drawn_box(image, told).has_value());
  EXPECT_FALSE(has_ink(image, told));
  told.x = 5000;
  EXPECT_FALSE(drawn_box(image, told).has_value());
  EXPECT_FALSE(has_ink(image, told));
}

}  // namespace
}  // namespace shogo::conformance
