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

/// The most that words may take up there.
double room_of(const Page& page, const Node& node, const Panel& panel) {
  if (node.role != "button") return node.box.w + kHair;
  double room = node.box.w - panel.px(1);
  bool tile = false;  // its words stand beside a picture, its key in a corner
  for (const Node& other : page.nodes) tile = tile || other.id == node.id + "_note";
  for (const Node& other : page.nodes)
    if (!tile && other.id == node.id + "_key") room = node.box.x + node.box.w - other.box.x - other.box.w;
  return room;
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
      page.next_language = next_after(language, all_languages());
      page.tries_left = 3;
      page.keypad = keypad_shape(panel);
      page.keypad_gone = true;
      page.has_camera = true;
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
      if (name != "consent_prescription" && name != "consent_subsidy" && name != "consent_referral") continue;
      // Names of every length: one, as many as there may be, and such as no page has room for.
      for (const std::size_t characters : {14, 63}) {
        for (const std::size_t count : {std::size_t{1}, Papers::kMost}) {
          page.papers.assign(count, {"id", longest(characters, "𠮷"), true});
          pages.push_back(page);
        }
      }
    }
  }
  return pages;
}

Result<void> check_page(const Page& page, const PageInput& input, const Panel& panel, Fonts& fonts) {
  const Rect whole{0, 0, static_cast<double>(panel.width_px), static_cast<double>(panel.height_px)};
  for (std::size_t i = 0; i < page.nodes.size(); ++i) {
    const Node& node = page.nodes[i];
    if (!inside(whole, node.box)) return flaw(node, "does not lie on the panel");
    const Language language = node.id == "language" ? input.next_language : input.language;
    for (const bool bold : {false, true})
      if (!fonts.get(panel.px(panel.body_mm), bold, language).has_all(node.text))
        return flaw(node, "has characters that the device has no type for");
    if (node.words_w > room_of(page, node, panel)) return flaw(node, "is wider than its place");
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
    const auto sound = check_page(lay_out_page(input, panel, fonts, messages), input, panel, fonts);
    if (!sound.ok())
      return Error{Code::kInvalid, fmt::format("page {} in {}", input.screen, code_of(input.language)),
                   sound.error()};
  }
  return {};
}

}  // namespace shogo::reader
