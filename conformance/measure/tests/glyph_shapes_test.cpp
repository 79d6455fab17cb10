// Letters and replacement boxes, drawn by the fonts that devices have.
#include "draw_text.h"
#include <string>

#include <gtest/gtest.h>

#include <shogo/conformance/glyph_shapes.h>

namespace shogo::conformance {
namespace {

constexpr const char* kBiz = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf";
constexpr const char* kBizBold = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf";
constexpr const char* kNoto = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
constexpr const char* kNotoBold = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
constexpr const char* kDejaVu = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

class Glyphs : public testing::Test {
 protected:
  static void SetUpTestSuite() { TTF_Init(); }
  static void TearDownTestSuite() { TTF_Quit(); }
  static GlyphShapes of(const char* font, int size, const char* text) {
    const Image image = draw_text(font, size, text, {22, 33, 58}, {243, 246, 251});
    return glyph_shapes(image, {0, 0, 600, 4.0 * size}, size).value_or(GlyphShapes{});
  }
};

TEST_F(Glyphs, each_character_that_a_font_lacks_is_a_frame) {
  for (const int size : {22, 26, 30, 45})  // 3 mm and larger on an 8-inch panel
    for (const char* font : {kBiz, kBizBold}) {
      const GlyphShapes boxes = of(font, size, "비밀번호를");
      EXPECT_EQ(boxes.framed, 5) << font << size;
      EXPECT_EQ(boxes.distinct, 1) << font << size;
    }
  EXPECT_EQ(of(kDejaVu, 30, "认证").framed, 2) << "no cross in these";
}

TEST_F(Glyphs, letters_are_no_frames_but_for_those_that_are_drawn_as_one) {
  for (const int size : {20, 26, 30, 45}) {
    for (const char* font : {kNoto, kNotoBold}) {
      EXPECT_EQ(of(font, size, "본인 확인 방법을").framed, 0) << font << size;
      EXPECT_LE(of(font, size, "비밀번호를 입력해").framed, 1) << "밀 begins with a box";
      EXPECT_EQ(of(font, size, "请选择身份确认方式").framed, 0) << font << size;
    }
    for (const char* font : {kBiz, kBizBold, kNoto, kNotoBold}) {
      EXPECT_EQ(of(font, size, "暗証番号を入力してください").framed, 0) << font << size;
      EXPECT_EQ(of(font, size, "Please enter your PIN 0123456789").framed, 0) << font << size;
      EXPECT_LE(of(font, size, "窓口の日").framed, 1) << font << size;
    }
  }
}

TEST_F(Glyphs, a_row_of_one_sign_has_one_shape_and_a_row_of_words_many) {
  EXPECT_EQ(of(kNoto, 30, "??????").distinct, 1);
  EXPECT_GE(of(kNoto, 30, "카드를 올려 주십시오").distinct, 5);
  EXPECT_GE(of(kNoto, 30, "请放置卡片").distinct, 3);
}

TEST_F(Glyphs, without_ink_or_a_size_there_is_no_answer) {
  const Image empty = draw_text(kNoto, 30, " ", {0, 0, 0}, {255, 255, 255});
  EXPECT_FALSE(glyph_shapes(empty, {0, 0, 600, 120}, 30).has_value());
  const Image text = draw_text(kNoto, 30, "文", {0, 0, 0}, {255, 255, 255});
  EXPECT_FALSE(glyph_shapes(text, {0, 0, 600, 120}, 0).has_value());
  EXPECT_FALSE(glyph_shapes(text, {700, 0, 900, 120}, 30).has_value());
}

}  // namespace
}  // namespace shogo::conformance
