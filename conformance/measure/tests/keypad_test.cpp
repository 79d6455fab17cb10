#include "draw_keypad.h"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include <shogo/base/rng.h>
#include <shogo/conformance/digit_reader.h>
#include <shogo/conformance/keypad.h>

namespace shogo::conformance {
namespace {

TEST(Keypad, given_a_drawn_keypad_when_measured_then_sizes_and_gaps_are_right_within_the_stated_uncertainty) {
  for (const bool dark : {false, true}) {
    Drawing d;
    d.dark = dark;
    const auto keypad = find_keypad(image_of(draw(d)));
    ASSERT_TRUE(keypad.ok()) << keypad.error().message();
    EXPECT_EQ(keypad->keys.size(), 12U);
    EXPECT_EQ(keypad->columns(), 3);
    EXPECT_EQ(keypad->rows(), 4);
    for (const Key& key : keypad->keys) {
      EXPECT_NEAR(key.box.width(), d.key_w,
                  2 * kEdgeUncertainty_px + 0.25);  // the drawer itself rounds to quarter pixels
      EXPECT_NEAR(key.box.height(), d.key_h, 2 * kEdgeUncertainty_px + 0.25);
    }
    EXPECT_NEAR(keypad->smallest_gap(), d.gap_y, 2 * kEdgeUncertainty_px + 0.25);
    EXPECT_EQ(keypad->layout(), (std::array<int, 10>{1, 2, 3, 4, 5, 6, 7, 8, 9, 0}));
  }
}

TEST(Keypad, whole_pixel_edges_are_found_exactly) {
  Drawing d;
  d.key_w = 90;
  d.key_h = 80;
  d.gap_x = 30;
  d.gap_y = 25;
  d.left = 100;
  d.top = 300;
  const auto keypad = find_keypad(image_of(draw(d)));
  ASSERT_TRUE(keypad.ok()) << keypad.error().message();
  for (const Key& key : keypad->keys) {
    EXPECT_NEAR(key.box.width(), 90, kEdgeUncertainty_px);
    EXPECT_NEAR(key.box.height(), 80, kEdgeUncertainty_px);
  }
  EXPECT_NEAR(keypad->smallest_gap(), 25, kEdgeUncertainty_px);
}

TEST(Keypad, any_layout_is_read_from_its_pixels) {
  Rng rng(5, "keypad_test");
  for (int i = 0; i < 20; ++i) {
    Drawing d;
    d.order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    rng.shuffle(d.order);
    std::array<int, 10> expected{};
    std::copy(d.order.begin(), d.order.end(), expected.begin());
    d.order.insert(d.order.begin() + 9, -1);
    d.order.push_back(-2);
    const auto keypad = find_keypad(image_of(draw(d)));
    ASSERT_TRUE(keypad.ok()) << keypad.error().message();
    EXPECT_EQ(keypad->layout(), expected);
  }
}

TEST(Keypad, two_columns_by_five_rows_is_seen_as_such) {
  Drawing d;
  d.columns = 2;
  d.rows = 5;
  d.top = 200;
  d.order = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
  const auto keypad = find_keypad(image_of(draw(d)));
  ASSERT_TRUE(keypad.ok()) << keypad.error().message();
  EXPECT_EQ(keypad->columns(), 2);
  EXPECT_EQ(keypad->rows(), 5);
}

TEST(Keypad, nothing_is_found_where_there_is_none) {
  EXPECT_FALSE(find_keypad(image_of(cv::Mat(600, 800, CV_8UC3, cv::Scalar(0, 0, 0)))).ok());
  Drawing d;
  d.order = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(find_keypad(image_of(draw(d))).error().code(), Code::kNotFound);
}

TEST(DigitReader, blank_noise_and_letters_are_not_digits) {
  EXPECT_FALSE(read_digit(Image{30, 40, 1, Bytes(1200, 255)}).has_value());
  Rng rng(1, "noise");
  Image noise{40, 40, 1, Bytes(1600)};
  rng.fill(noise.pixels);
  EXPECT_FALSE(read_digit(noise).has_value());
  cv::Mat letter(60, 60, CV_8U, cv::Scalar(255));
  cv::putText(letter, "W", {5, 50}, cv::FONT_HERSHEY_SIMPLEX, 1.6, 0, 4, cv::LINE_AA);
  EXPECT_FALSE(read_digit(Image{60, 60, 1, Bytes(letter.data, letter.data + 3600)}).has_value());
}

}  // namespace
}  // namespace shogo::conformance
