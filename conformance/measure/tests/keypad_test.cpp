#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include <shogo/base/rng.h>
#include <shogo/conformance/digit_reader.h>
#include <shogo/conformance/keypad.h>

namespace shogo::conformance {
namespace {

// An independent little drawer: keys as filled boxes with borders at exact fractional positions
// (area-averaged from 8x oversampling), digits in OpenCV's own vector font, which is none of the templates'.
struct Drawing {
  int columns = 3;
  int rows = 4;
  double key_w = 90.4, key_h = 80.7, gap_x = 30.3, gap_y = 25.6;
  double left = 100.25, top = 300.5;
  std::vector<int> order{1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0, -2};
  bool dark = false;
};

cv::Mat draw(const Drawing& d) {
  constexpr int kOver = 8;
  const cv::Scalar ground = d.dark ? cv::Scalar(20, 30, 40) : cv::Scalar(243, 246, 251);
  const cv::Scalar ink = d.dark ? cv::Scalar(240, 240, 240) : cv::Scalar(22, 33, 58);
  const cv::Scalar fill = d.dark ? cv::Scalar(60, 70, 90) : cv::Scalar(255, 255, 255);
  cv::Mat big(1000 * kOver / 2, 800 * kOver / 2, CV_8UC3, ground);
  const auto at = [&](double v) { return static_cast<int>(std::lround(v * kOver / 2)); };
  for (std::size_t i = 0; i < d.order.size(); ++i) {
    const double x =
        d.left + static_cast<double>(i % static_cast<std::size_t>(d.columns)) * (d.key_w + d.gap_x);
    const double y =
        d.top + static_cast<double>(i / static_cast<std::size_t>(d.columns)) * (d.key_h + d.gap_y);
    const cv::Rect outer(at(x), at(y), at(x + d.key_w) - at(x), at(y + d.key_h) - at(y));
    cv::rectangle(big, outer, ink, cv::FILLED);
    const int border = kOver;
    cv::rectangle(
        big,
        cv::Rect(outer.x + border, outer.y + border, outer.width - 2 * border, outer.height - 2 * border),
        fill, cv::FILLED);
    const std::string text = d.order[i] >= 0 ? std::to_string(d.order[i]) : d.order[i] == -1 ? "del" : "ok";
    const double scale = d.order[i] >= 0 ? 6.0 : 3.0;
    int base = 0;
    const cv::Size size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, 24, &base);
    cv::putText(big, text,
                {outer.x + (outer.width - size.width) / 2, outer.y + (outer.height + size.height) / 2},
                cv::FONT_HERSHEY_SIMPLEX, scale, ink, 24, cv::LINE_AA);
  }
  cv::Mat frame;
  cv::resize(big, frame, cv::Size(800, 1000), 0, 0, cv::INTER_AREA);
  return frame;
}

Image image_of(const cv::Mat& m) {
  return Image{m.cols, m.rows, 3, Bytes(m.data, m.data + m.total() * 3)};
}

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
