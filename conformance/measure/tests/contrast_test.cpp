#include "draw_text.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include <shogo/conformance/contrast.h>

namespace shogo::conformance {
namespace {

constexpr const char* kBiz = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf";
constexpr const char* kBizBold = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf";
constexpr const char* kNoto = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

constexpr const char* kNotoBold = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";

/// The definition, step by step in long double, from the fractions up: the slow oracle.
long double oracle_luminance(Rgb colour) {
  const long double weight[] = {0.2126L, 0.7152L, 0.0722L};
  long double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const long double v = static_cast<long double>(colour[i]) / 255.0L;
    sum += weight[i] * (v <= 0.04045L ? v / 12.92L : expl(2.4L * logl((v + 0.055L) / 1.055L)));
  }
  return sum;
}

TEST(Contrast, equals_the_definition_for_every_level_of_every_channel) {
  for (int level = 0; level < 256; ++level) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      Rgb colour{40, 90, 200};
      colour[channel] = static_cast<std::uint8_t>(level);
      EXPECT_NEAR(relative_luminance(colour), static_cast<double>(oracle_luminance(colour)), 1e-12);
      const Rgb other{250, 244, 10};
      const long double a = oracle_luminance(colour) + 0.05L, b = oracle_luminance(other) + 0.05L;
      EXPECT_NEAR(contrast_ratio(colour, other), static_cast<double>(std::max(a, b) / std::min(a, b)), 1e-9);
    }
  }
  EXPECT_NEAR(contrast_ratio({0, 0, 0}, {255, 255, 255}), 21.0, 1e-9);
  EXPECT_NEAR(contrast_ratio({119, 119, 119}, {255, 255, 255}), 4.478, 5e-4);  // the well known near miss
}

/// The grey whose contrast with `ground` is nearest to `ratio`, darker or lighter as there is room.
Rgb ink_at(double ratio, Rgb ground) {
  Rgb best{};
  double distance = 1e9;
  for (int level = 0; level < 256; ++level) {
    const auto v = static_cast<std::uint8_t>(level);
    const double d = std::abs(contrast_ratio({v, v, v}, ground) - ratio);
    if (d < distance) distance = d, best = {v, v, v};
  }
  return best;
}

class RenderedText : public testing::Test {
 protected:
  static void SetUpTestSuite() { TTF_Init(); }
  static void TearDownTestSuite() { TTF_Quit(); }

  static Box whole(const Image& image) {
    return {0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  }
};

TEST_F(RenderedText, the_boundary_pair_is_told_apart_in_every_font_size_and_ground) {
  double worst = 0;
  int read = 0;
  for (const char* font : {kBiz, kBizBold, kNoto}) {
    for (const int size : {22, 26, 30, 45, 60}) {  // 3 mm to 8 mm at 7.4 pixels a millimetre
      for (const Rgb ground : {Rgb{243, 246, 251}, Rgb{255, 255, 255}, Rgb{11, 79, 214}, Rgb{20, 24, 40}}) {
        for (const char* text : {"暗証番号を入力", "Enter your PIN.", "0123456789", "ニ二一・l1"}) {
          for (const double ratio : {4.4, 4.6}) {
            const Rgb ink = ink_at(ratio, ground);
            const double truth = contrast_ratio(ink, ground);
            const auto reading = read_ink(draw_text(font, size, text, ink, ground), {0, 0, 600, 4.0 * size});
            ASSERT_TRUE(reading.has_value()) << font << size << text;
            EXPECT_EQ(reading->ground, ground);
            if (reading->thin) {
              EXPECT_LE(reading->contrast, truth + 1e-9) << font << size << text;
              continue;
            }
            ++read;
            worst = std::max(worst, std::abs(reading->contrast - truth));
            EXPECT_EQ(reading->contrast >= 4.5, truth >= 4.5) << font << size << text << ratio;
          }
        }
      }
    }
  }
  EXPECT_EQ(worst, 0.0) << "colours are read exactly where strokes are two pixels wide";
  EXPECT_GT(read, 450) << "of 480";
}

TEST_F(RenderedText, hairlines_are_called_thin_and_their_ratio_is_a_lower_bound) {
  const Rgb ground{255, 255, 255};
  const auto reading =
      read_ink(draw_text(kNoto, 9, "利用者証明用", ink_at(7, ground), ground), {0, 0, 600, 36});
  ASSERT_TRUE(reading.has_value());
  EXPECT_TRUE(reading->thin);
  EXPECT_LE(reading->contrast, 7.1);
  EXPECT_GT(reading->contrast, 2);
}

TEST_F(RenderedText, of_two_inks_the_fainter_one_counts) {
  const Rgb ground{255, 255, 255};
  Image image = draw_text(kBiz, 30, "確認しています", {22, 33, 58}, ground);
  const Image faint = draw_text(kBiz, 30, "あと三回", ink_at(3.2, ground), ground);
  const auto row = static_cast<std::size_t>(image.width) * 3;
  std::copy(faint.pixels.begin(), faint.pixels.begin() + static_cast<std::ptrdiff_t>(row * 50),
            image.pixels.begin() + static_cast<std::ptrdiff_t>(row * 60));
  EXPECT_NEAR(read_ink(image, whole(image))->contrast, 3.2, 0.1);
}

TEST_F(RenderedText, lines_have_the_height_of_their_ink) {
  const Image image = draw_text(kBiz, 30, "国語", {0, 0, 0}, {255, 255, 255});
  const auto reading = read_ink(image, whole(image));
  ASSERT_EQ(reading->lines.size(), 1U);
  EXPECT_NEAR(reading->tallest_line(), 0.92 * 30, 3);
  const Image strokes = draw_text(kBiz, 30, "二", {0, 0, 0}, {255, 255, 255});
  EXPECT_LE(read_ink(strokes, whole(strokes))->lines.size(), 2U);
}

using Extent = std::array<int, 4>;

Extent ink_box(const InkReading& reading) {
  Extent box{1 << 20, 1 << 20, 0, 0};
  for (const InkLine& line : reading.lines)
    box = {std::min(box[0], line.left), std::min(box[1], line.top), std::max(box[2], line.right),
           std::max(box[3], line.bottom)};
  return box;
}

/// The same, found the simple way: pixels that are more than half of the way from blue to white.
Extent ink_box(const Image& image, Rgb ground) {
  Extent box{1 << 20, 1 << 20, 0, 0};
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (2 * (image.at(x, y)[0] - ground[0]) >= 255 - ground[0])
        box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x + 1), std::max(box[3], y + 1)};
  return box;
}

/// A button: blue, white words, and in the corner a dark plate with the figure of its key.
Image button_with_plate(const Image& words, Rgb figure, bool with_figure = true) {
  Image button = words;
  const auto fill = [&](Box box, Rgb colour) {
    for (int y = static_cast<int>(box.top); y < static_cast<int>(box.bottom); ++y)
      for (int x = static_cast<int>(box.left); x < static_cast<int>(box.right); ++x)
        for (std::size_t c = 0; c < 3; ++c)
          button.pixels[static_cast<std::size_t>(y * button.width + x) * 3 + c] = colour[c];
  };
  fill({2, 2, 26, 26}, {22, 32, 56});
  if (with_figure) fill({12, 6, 16, 22}, figure);
  return button;
}

TEST_F(RenderedText, a_plate_with_a_sign_is_a_ground_of_its_own_and_no_ink) {
  const Rgb blue{11, 79, 214}, white{255, 255, 255};
  const Image words = draw_text(kBiz, 30, "    暗証番号を入力", white, blue);
  const double plain = read_ink(words, whole(words))->contrast;
  const Image button = button_with_plate(words, white);
  const auto reading = read_ink(button, whole(button));
  ASSERT_TRUE(reading);
  EXPECT_DOUBLE_EQ(reading->contrast, plain);
  EXPECT_EQ(reading->ground, blue);
}

TEST_F(RenderedText, a_faint_sign_on_a_plate_counts_against_the_plate) {
  const Rgb blue{11, 79, 214}, plate{22, 32, 56};
  const Image words = draw_text(kBiz, 30, "    暗証番号を入力", {255, 255, 255}, blue);
  for (const double ratio : {3.0, 4.4}) {
    const Rgb figure = ink_at(ratio, plate);
    const Image button = button_with_plate(words, figure);
    EXPECT_NEAR(read_ink(button, whole(button))->contrast, contrast_ratio(figure, plate), 1e-9);
  }
}

TEST_F(RenderedText, letters_are_never_plates) {
  const Rgb white{255, 255, 255}, blue{11, 79, 214};
  for (const char* font : {kBizBold, kNoto, kNotoBold})
    for (int size = 20; size <= 72; size += 4)
      for (const char* text : {"确定", "确", "定", "国", "回", "口", "日", "目", "8", "■"}) {
        const Image words = draw_text(font, size, text, white, blue);
        const auto reading = read_ink(words, whole(words));
        ASSERT_TRUE(reading) << font << ' ' << size << ' ' << text;
        EXPECT_EQ(reading->ground, blue) << font << ' ' << size << ' ' << text;
        EXPECT_EQ(ink_box(*reading), ink_box(words, blue)) << font << ' ' << size << ' ' << text;
      }
}

TEST_F(RenderedText, a_patch_without_a_sign_is_ink) {
  const Image words = draw_text(kBiz, 30, "    暗証番号を入力", {255, 255, 255}, {11, 79, 214});
  const Image patched = button_with_plate(words, {}, false);
  EXPECT_LT(read_ink(patched, whole(patched))->contrast, 3.0);
}

TEST(Ink, an_empty_region_and_one_without_ground_have_none) {
  Image image{40, 40, 3, Bytes(40 * 40 * 3, 200)};
  EXPECT_FALSE(read_ink(image, {0, 0, 40, 40}).has_value());
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    image.pixels[i] = static_cast<std::uint8_t>(i * 37 % 251);
  EXPECT_FALSE(read_ink(image, {0, 0, 40, 40}).has_value());
  EXPECT_FALSE(read_ink(image, {50, 50, 60, 60}).has_value());
  EXPECT_FALSE(read_ink(Image{}, {0, 0, 9, 9}).has_value());
}

Image part(Rgb ground, Rgb rim, Rgb fill, int rim_px) {
  Image image{200, 120, 3, {}};
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 200; ++x) {
      const bool in = x >= 40 && x < 160 && y >= 30 && y < 90;
      const bool inner = x >= 40 + rim_px && x < 160 - rim_px && y >= 30 + rim_px && y < 90 - rim_px;
      const Rgb& colour = !in ? ground : inner ? fill : rim;
      image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
    }
  }
  return image;
}

TEST(Rim, stands_out_by_border_or_by_fill_and_the_boundary_pair_is_told_apart) {
  const Rgb ground{243, 246, 251};
  const Rgb white{255, 255, 255};
  const Box box{40, 30, 160, 90};
  for (const double ratio : {2.9, 3.1}) {
    const Rgb ink = ink_at(ratio, ground);
    EXPECT_NEAR(rim_contrast(part(ground, ink, white, 2), box, 6), contrast_ratio(ink, ground), 1e-9);
    EXPECT_NEAR(rim_contrast(part(ground, ink, ink, 2), box, 6), contrast_ratio(ink, ground), 1e-9);
  }
  EXPECT_LT(rim_contrast(part(ground, white, white, 2), box, 6), 1.1);
}

TEST_F(RenderedText, text_is_found_without_being_told_where_and_pictures_are_not_text) {
  const Image text = draw_text(kBiz, 30, "カードを置いてください", {22, 33, 58}, {243, 246, 251});
  const auto rows = text_like_rows(text, 7.4);
  ASSERT_FALSE(rows.empty());
  double left = 600;
  double right = 0;
  for (const Box& row : rows) left = std::min(left, row.left), right = std::max(right, row.right);
  EXPECT_NEAR(left, 9, 4);
  EXPECT_NEAR(right, 325, 10);
  EXPECT_TRUE(text_like_rows(part({243, 246, 251}, {22, 33, 58}, {255, 255, 255}, 2), 7.4).empty());
}

}  // namespace
}  // namespace shogo::conformance
