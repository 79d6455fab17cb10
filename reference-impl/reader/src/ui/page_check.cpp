#include "ui/page_check.h"

#include "hooks.h"
#include "settings.h"
#include "ui/screens.h"

#include <fmt/core.h>

namespace shogo::reader {
namespace {

constexpr double kHair = 0.01;  ///< pixels

std::string longest(std::size_t characters, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < characters; ++i) text += i % 7 == 3 ? between : "照";
  return text;
}

/// The second line of a large choice, and the key that means a button, are part of it.
bool is_part(const Node& part, const Node& whole) {
  return part.id == whole.id + "_note" || part.id == whole.id + "_key";
}

Error flaw(const Node& node, const char* what) {
  return Error{Code::kInvalid, fmt::format("{} \"{}\" {}", node.id, node.text, what)};
}

/// What a button leaves for its words. Those of a tile go on in a second line.
bool fits_its_button(const Page& page, const Node& button, const Panel& panel, Fonts& fonts) {
  double room = button.box.w - panel.px(1);
  for (const Node& other : page.nodes) {
    if (other.id == button.id + "_note") return true;
    if (other.id == button.id + "_key") room = button.box.x + button.box.w - other.box.x - other.box.w;
  }
  // The font that was used is not known here; bold words are the wider ones and stand on wide buttons.
  return fonts.get(button.font_px, false).width(button.text) <= room;
}

}  // namespace

bool overlap(const Rect& a, const Rect& b) {
  return a.x + kHair < b.x + b.w && b.x + kHair < a.x + a.w && a.y + kHair < b.y + b.h &&
         b.y + kHair < a.y + a.h;
}

bool inside(const Rect& outer, const Rect& inner) {
  return inner.x >= outer.x - kHair && inner.y >= outer.y - kHair &&
         inner.x + inner.w <= outer.x + outer.w + kHair && inner.y + inner.h <= outer.y + outer.h + kHair;
}

std::vector<PageInput> fullest_pages(const Panel& panel) {
  std::vector<PageInput> pages;
  for (const auto& [language, code] : kLanguages) {
    for (const auto& [name, screen] : Screens::built_in().all()) {
      PageInput page;
      page.screen = name;
      page.language = language;
      page.tries_left = 3;
      page.keypad = keypad_shape(panel);
      page.keypad_gone = true;
      pages.push_back(page);
      page.keypad_gone = false;
      page.key_legends = page.ending_soon = page.may_go_back = page.may_finish = true;
      page.typed = kPinDigits;
      page.steps_passed = screen.step;
      if (name == "idle") page.clinic_name = longest(kMostClinicName, "照");
      // Where the clinic's own sentence goes (3-11.c).
      if (name.rfind("idle", 0) == 0 || name.rfind("result_ok", 0) == 0)
        page.own_words = longest(kMostOwnWords, "𠮷");
      pages.push_back(page);
    }
  }
  return pages;
}

Result<void> check_page(const Page& page, const Panel& panel, Fonts& fonts) {
  const Rect whole{0, 0, static_cast<double>(panel.width_px), static_cast<double>(panel.height_px)};
  const Font& font = fonts.get(panel.px(panel.body_mm), false);
  for (std::size_t i = 0; i < page.nodes.size(); ++i) {
    const Node& node = page.nodes[i];
    if (!inside(whole, node.box)) return flaw(node, "does not lie on the panel");
    if (!font.has_all(node.text)) return flaw(node, "has characters that the device has no type for");
    if (node.role == "button" && !fits_its_button(page, node, panel, fonts))
      return flaw(node, "is wider than its button");
    for (std::size_t j = 0; j < page.nodes.size(); ++j) {
      const Node& other = page.nodes[j];
      if (is_part(other, node)) {
        if (!inside(node.box, other.box)) return flaw(other, "sticks out of what it is part of");
      } else if (j > i && !is_part(node, other) && overlap(node.box, other.box)) {
        return flaw(other, "covers something else");
      }
    }
  }
  return {};
}

Result<void> check_pages(const Messages& messages, const Panel& panel, Fonts& fonts) {
  for (const PageInput& input : fullest_pages(panel)) {
    const auto sound = check_page(lay_out_page(input, panel, fonts, messages), panel, fonts);
    if (!sound.ok())
      return Error{Code::kInvalid, fmt::format("page {} in {}", input.screen, code_of(input.language)),
                   sound.error()};
  }
  return {};
}

}  // namespace shogo::reader
