#include "markup.h"

#include "html_measurement.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

TEST(Escape, leaves_no_character_that_could_end_a_text_or_an_attribute) {
  EXPECT_EQ(escape("<a href=\"x\" title='y'>&"), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(escape("照合\n\t"), "照合\n\t");
  EXPECT_EQ(escape(std::string_view("a\0b\x1b", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(escape("\xff\xc3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Link, keeps_only_what_needs_no_encoding) {
  EXPECT_EQ(link("evidence/3-10.i/pin_1.png"), "evidence/3-10.i/pin_1.png");
  EXPECT_EQ(link("a b\"#?:顔"), "a%20b%22%23%3F%3A%E9%A1%94");
}

TEST(Plain, a_device_cannot_paint_on_the_terminal) {
  EXPECT_EQ(plain("\x1b[31mred\n"), "\xEF\xBF\xBD[31mred ");
  EXPECT_EQ(plain("\xC2\x9b"
                  "31m"),
            "\xEF\xBF\xBD"
            "31m")
      << "the one-byte form of the escape";
}

TEST(DisplayWidth, counts_columns_not_bytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("照合"), 4U);
  EXPECT_EQ(display_width("ｶﾅ"), 2U) << "half-width kana";
  EXPECT_EQ(display_width("か\xE3\x82\x99"), 2U) << "combining mark";
  EXPECT_EQ(display_width("○"), 1U);
}

TEST(Fit, every_text_takes_exactly_the_width) {
  for (const char* text : {"", "a", "照合器", "非接触ICカードリーダー", "a long english title"}) {
    for (std::size_t width = 1; width < 30; ++width)
      EXPECT_EQ(display_width(fit(text, width)), width) << text << " " << width;
  }
  EXPECT_EQ(fit("照合器", 5), "照合…");
  EXPECT_EQ(fit("照合器", 4), "照… ") << "half a character is never shown";
  EXPECT_EQ(fit("照合器", 6), "照合器");
}

TEST(LimitPlot, draws_the_value_and_the_limit_to_one_scale) {
  EXPECT_EQ(limit_value(">= 10.0 mm"), 10.0);
  EXPECT_EQ(limit_value("> 0.001 p"), 0.001);
  EXPECT_FALSE(limit_value("").has_value());
  const std::string plot = limit_plot({"w", 5, "mm", ">= 10 mm", 1});
  EXPECT_NE(plot.find("width=\"72.0\""), std::string::npos) << plot;  // 180 * 5 / 12.5
  EXPECT_NE(plot.find("x1=\"144.0\""), std::string::npos) << plot;    // 180 * 10 / 12.5
  EXPECT_EQ(limit_plot({"w", 5, "mm", "", 1}), "");
  EXPECT_EQ(limit_plot({"w", 0, "mm", "= 0 mm", 1}), "");
}

}  // namespace
}  // namespace shogo::conformance
