// Layout on every panel profile, in every language, of every screen.
#include "ui/page.h"

#include "hooks.h"
#include "settings.h"
#include "ui/page_check.h"
#include "ui/screens.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

Fonts& fonts() {
  static const auto opened = Fonts::open();
  return **opened;
}

struct Drawn {
  Page page;  ///< laid out, without pixels
  PageInput input;
  Panel panel;
};

std::vector<Drawn> draw_every_page() {
  std::vector<Drawn> drawn;
  for (const std::string_view panel_name : kPanelNames) {
    const Panel panel = *load_panel(panel_name);
    for (const PageInput& input : fullest_pages(panel))
      drawn.push_back({lay_out_page(input, panel, fonts(), Messages::built_in()), input, panel});
  }
  return drawn;
}

void for_every_page(const std::function<void(const Page&, const PageInput&, const Panel&)>& look) {
  static const std::vector<Drawn> all = draw_every_page();
  for (const auto& [page, input, panel] : all) {
    SCOPED_TRACE(panel.name + " " + input.screen + " " + std::string(code_of(input.language)));
    look(page, input, panel);
  }
}

double channel(std::uint8_t value) {
  const double c = value / 255.0;
  return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);  // WCAG 2.0 relative luminance
}
double luminance(Colour c) {
  return 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b);
}
double contrast(Colour a, Colour b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Page, everything_lies_on_the_panel_covers_nothing_and_no_text_is_clipped) {
  for_every_page([](const Page& page, const PageInput& input, const Panel& panel) {
    const auto sound = check_page(page, input, panel, fonts());
    EXPECT_TRUE(sound.ok()) << sound.error().describe();
    for (const Node& node : page.nodes)
      EXPECT_TRUE(node.words_w > 0 || node.text.empty() || node.role == "key_legend" || node.id == "entry")
          << node.id << ": nobody knows how wide its words are";
  });
}

TEST(Page, every_text_stands_in_its_language_and_every_glyph_of_it_exists) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    for (const Node& node : page.nodes) {
      const Language language = node.id == "language" ? input.next_language : input.language;
      EXPECT_TRUE(fonts().get(20, false, language).has_all(node.text)) << node.text;
      EXPECT_TRUE(fonts().get(20, true, language).has_all(node.text)) << node.text;
      if (node.id == "language") {
        EXPECT_EQ(node.text, Messages::built_in().word("language", input.next_language));
      }
    }
  });
}

TEST(Page, where_one_language_is_offered_there_is_no_language_key) {
  for (const std::string_view panel_name : kPanelNames) {
    const Panel panel = *load_panel(panel_name);
    for (const char* screen : {"idle", "pin", "consent_bundle"}) {
      PageInput input;
      input.screen = screen;
      input.keypad = keypad_shape(panel);
      input.next_language = input.language;
      const Page page = draw_page(input, panel, fonts(), Messages::built_in());
      for (const Node& node : page.nodes) EXPECT_NE(node.id, "language") << screen;
      EXPECT_EQ(page.by_key('9'), nullptr);
    }
  }
}

TEST(Page, the_language_key_is_written_in_the_forms_of_the_language_it_leads_to) {
  // 语 and 語 apart, the same word of the same letters: a name keeps its own font on every page.
  const Panel panel = *load_panel("panel-8-portrait");
  const auto key = [&](Language on_page) {
    PageInput input;
    input.language = on_page;
    input.next_language = Language::kJapanese;
    const Page page = draw_page(input, panel, fonts(), Messages::built_in());
    for (const Node& node : page.nodes)
      if (node.id == "language") return node;
    return Node{};
  };
  EXPECT_EQ(key(Language::kKorean).words_w, key(Language::kEnglish).words_w);
  EXPECT_EQ(key(Language::kChinese).text, "日本語");
}

TEST(Page, every_button_is_at_least_12_mm_in_both_directions) {
  for_every_page([](const Page& page, const PageInput&, const Panel& panel) {
    for (const Node& node : page.nodes) {
      if (node.role != "button") continue;
      EXPECT_GE(node.box.w, panel.px(12) - 0.01) << node.id;
      EXPECT_GE(node.box.h, panel.px(12) - 0.01) << node.id;
    }
  });
}

TEST(Page, buttons_keep_a_distance_of_3_mm) {
  for_every_page([](const Page& page, const PageInput&, const Panel& panel) {
    for (std::size_t i = 0; i < page.nodes.size(); ++i) {
      for (std::size_t j = i + 1; j < page.nodes.size(); ++j) {
        const Node& a = page.nodes[i];
        const Node& b = page.nodes[j];
        if (a.role != "button" || b.role != "button") continue;
        const Rect wider{a.box.x - panel.px(3) + 1, a.box.y - panel.px(3) + 1, a.box.w + panel.px(6) - 2,
                         a.box.h + panel.px(6) - 2};
        EXPECT_FALSE(overlap(wider, b.box)) << a.id << " and " << b.id;
      }
    }
  });
}

TEST(Page, text_is_at_least_3_mm_high_and_stands_out_at_4_5_to_1_even_when_disabled) {
  for_every_page([](const Page& page, const PageInput&, const Panel& panel) {
    for (const Node& node : page.nodes) {
      if (node.text.empty()) continue;
      EXPECT_GE(node.font_px, panel.px(3) - 1) << node.id;
      EXPECT_GE(contrast(node.ink, node.ground), 4.5) << node.id << " \"" << node.text << "\"";
    }
  });
}

TEST(Page, the_keypad_has_three_columns_and_four_rows_with_delete_and_done_in_its_corners) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    if (input.screen != "pin" && input.screen != "pin_again") return;
    std::set<long> columns, rows;
    const Node* corner[2] = {};
    double left = 1e9, right = 0, bottom = 0;
    for (const Node& node : page.nodes) {
      if (node.id.rfind("key_", 0) != 0) continue;
      columns.insert(std::lround(node.box.x));
      rows.insert(std::lround(node.box.y));
      left = std::min(left, node.box.x);
      right = std::max(right, node.box.x);
      bottom = std::max(bottom, node.box.y);
      if (node.id == "key_delete") corner[0] = &node;
      if (node.id == "key_done") corner[1] = &node;
    }
    EXPECT_EQ(columns.size(), 3U);
    EXPECT_EQ(rows.size(), 4U);
    ASSERT_TRUE(corner[0] != nullptr && corner[1] != nullptr);
    EXPECT_EQ(corner[0]->box.x, left);
    EXPECT_EQ(corner[0]->box.y, bottom);
    EXPECT_EQ(corner[1]->box.x, right);
    EXPECT_EQ(corner[1]->box.y, bottom);
  });
}

TEST(Page, done_is_enabled_with_four_digits_only_and_no_page_tells_which) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    for (const Node& node : page.nodes) {
      if (node.id == "key_done") {
        EXPECT_EQ(node.enabled, input.typed == kPinDigits);
      }
      if (node.id == "entry") {
        EXPECT_EQ(node.text, std::string(input.typed, '*'));
      }
    }
  });
}

TEST(Page, face_authentication_is_shown_as_not_available) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    if (input.screen != "method") return;
    for (const Node& node : page.nodes)
      if (node.id == "face") {
        EXPECT_FALSE(node.enabled);
      }
  });
}

TEST(Page, agree_stands_above_disagree_equally_large_on_every_page_that_asks) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    const Screen& screen = Screens::built_in().at(input.screen);
    if (screen.layout != Layout::kChoices || input.screen == "volume") return;  // the volume asks nothing
    std::vector<const Node*> answers;
    for (const Choice& choice : screen.choices)
      for (const Node& node : page.nodes)
        if (node.id == choice.id && node.role == "button" && node.event == choice.event)
          answers.push_back(&node);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_LT(answers[0]->box.y + answers[0]->box.h, answers[1]->box.y);
    EXPECT_EQ(answers[0]->box.x, answers[1]->box.x);
    EXPECT_EQ(answers[0]->box.w, answers[1]->box.w);
    EXPECT_EQ(answers[0]->box.h, answers[1]->box.h);
    EXPECT_EQ(answers[0]->ground, answers[1]->ground) << "neither is recommended";
    EXPECT_EQ(screen.choices[0].primary, screen.choices[1].primary);
  });
}

TEST(Page, every_page_says_where_in_the_procedure_it_is_or_that_time_runs_out) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    int places = 0;
    for (const Node& node : page.nodes) places += node.role == "step" || node.id == "ending_soon" ? 1 : 0;
    EXPECT_GE(places, 1) << input.screen;
  });
}

TEST(Page, every_legend_is_the_key_of_its_button_and_no_key_means_two) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    std::set<char> keys;
    for (const Node& node : page.nodes) {
      if (node.key == 0) continue;
      EXPECT_TRUE(keys.insert(node.key).second) << node.key;
      const auto legend = std::find_if(page.nodes.begin(), page.nodes.end(),
                                       [&](const Node& other) { return other.id == node.id + "_key"; });
      if (!input.key_legends || !node.enabled) continue;
      ASSERT_NE(legend, page.nodes.end()) << node.id;
      EXPECT_EQ(legend->text, std::string(1, node.key));
      EXPECT_EQ(page.by_key(node.key), &node);
    }
  });
}

TEST(Page, without_a_keypad_no_legend_is_shown) {
  for_every_page([](const Page& page, const PageInput& input, const Panel&) {
    if (input.key_legends) return;
    for (const Node& node : page.nodes) EXPECT_NE(node.role, "key_legend") << node.id;
  });
}

TEST(Page, a_pressed_key_looks_different) {
  const Panel panel = *load_panel("panel-8-portrait");
  PageInput input;
  input.screen = "pin";
  input.keypad = keypad_shape(panel);
  const Page calm = draw_page(input, panel, fonts(), Messages::built_in());
  input.pressed = "key_5";
  EXPECT_NE(draw_page(input, panel, fonts(), Messages::built_in()).frame.pixels, calm.frame.pixels);
}

TEST(Page, a_random_layout_moves_digits_and_nothing_else) {
  const Panel panel = *load_panel("panel-8-portrait");
  PageInput input;
  input.screen = "pin";
  input.typed = 1;
  input.keypad = keypad_shape(panel);
  const Page plain = draw_page(input, panel, fonts(), Messages::built_in());
  input.layout = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  const Page moved = draw_page(input, panel, fonts(), Messages::built_in());
  ASSERT_EQ(plain.nodes.size(), moved.nodes.size());
  for (std::size_t i = 0; i < plain.nodes.size(); ++i) {
    EXPECT_EQ(plain.nodes[i].box.x, moved.nodes[i].box.x);
    EXPECT_EQ(plain.nodes[i].box.y, moved.nodes[i].box.y);
  }
  EXPECT_NE(plain.frame.pixels, moved.frame.pixels);
}

}  // namespace
}  // namespace shogo::reader
