#include "text_drawing.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace shogo::sim {
namespace {

Bytes drawn(const std::string& text, int width = 480, int height = 48, int px = 40) {
  auto image = draw_text(text, width, height, px);
  EXPECT_TRUE(image.ok() && image->valid()) << (image.ok() ? "" : image.error().describe());
  return image.ok() ? image->pixels : Bytes();
}

/// Columns from the first to the last with ink.
int extent(const Bytes& pixels, int width) {
  int first = width, last = -1;
  for (std::size_t i = 0; i < pixels.size(); ++i)
    if (pixels[i] == 0) {
      first = std::min(first, static_cast<int>(i) % width);
      last = std::max(last, static_cast<int>(i) % width);
    }
  return last - first + 1;
}

TEST(TextDrawing, the_same_text_gives_the_same_two_tones_and_another_text_others) {
  const Bytes name = drawn("照合　花子");
  EXPECT_EQ(name, drawn("照合　花子"));
  EXPECT_NE(name, drawn("照合　太郎"));
  EXPECT_EQ(std::set<std::uint8_t>(name.begin(), name.end()), (std::set<std::uint8_t>{0, 255}));
}

TEST(TextDrawing, hard_characters_are_themselves_and_not_the_box_of_an_unknown_one) {
  const Bytes unknown = drawn("\U000F0000");
  std::set<Bytes> pictures;
  for (const char* one : {"髙", "高", "﨑", "崎", "𠮷", "吉", "邉", "邉\U000E0102", "A", "é"}) {
    const Bytes picture = drawn(one);
    EXPECT_NE(picture, unknown) << one;
    pictures.insert(picture);
  }
  EXPECT_EQ(pictures.size(), 10U) << "each looks different, variants included";
}

TEST(TextDrawing, long_names_shrink_until_they_fit_and_break_at_blanks) {
  const std::string longest = "MAXIMILIANA ALEXANDRA SYNTHETICA VON EXAMPLE UND BEISPIEL-HAUSEN";
  const Bytes picture = drawn(longest);
  EXPECT_GT(extent(picture, 480), 240);
  EXPECT_LE(extent(picture, 480), 480);
  const auto row_has_ink = [&](int y) {
    const auto from = picture.begin() + y * 480;
    return std::find(from, from + 480, 0) != from + 480;
  };
  EXPECT_FALSE(row_has_ink(47)) << "nothing is cut off below";
}

TEST(TextDrawing, digits_fit_the_small_pictures) {
  EXPECT_LE(extent(drawn("8888", 24, 12, 12), 24), 24);
  EXPECT_GT(extent(drawn("8888", 24, 12, 12), 24), 14);
  EXPECT_LE(extent(drawn("888888888888", 72, 12, 12), 72), 72);
  EXPECT_GT(extent(drawn("888888888888", 72, 12, 12), 72), 48);
}

TEST(TextDrawing, nothing_and_garbage_are_drawn_as_well) {
  const Bytes empty = drawn("");
  EXPECT_EQ(std::count(empty.begin(), empty.end(), 0), 0);
  drawn("\xFF\xC0\xE3\x81");
  drawn(std::string(4'000, 'W'));
}

}  // namespace
}  // namespace shogo::sim
