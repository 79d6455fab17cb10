#include "screen_defects.h"

#include <shogo/reference/mutant.h>

#ifdef SHOGO_MUTANTS

#include <algorithm>
#include <cmath>
#include <memory>

namespace shogo::reader {
namespace {

double luminance(Colour c) {
  const auto linear = [](std::uint8_t level) {
    const double v = level / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

/// The grey that comes nearest to this contrast with `ground`, on the darker side where there is room.
Colour grey_at(double ratio, Colour ground) {
  Colour best;
  double distance = 1e9;
  for (int level = 0; level < 256; ++level) {
    const auto v = static_cast<std::uint8_t>(level);
    const double a = luminance({v, v, v}) + 0.05;
    const double b = luminance(ground) + 0.05;
    const double off = std::abs(std::max(a, b) / std::min(a, b) - ratio);
    if (off < distance) distance = off, best = {v, v, v};
  }
  return best;
}

template <typename Change>
void each_pixel(Image& image, const Rect& box, Change change) {
  const int left = std::max(0, static_cast<int>(box.x));
  const int top = std::max(0, static_cast<int>(box.y));
  const int right = std::min(image.width, static_cast<int>(std::ceil(box.x + box.w)));
  const int bottom = std::min(image.height, static_cast<int>(std::ceil(box.y + box.h)));
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      change(x, y,
             &image.pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                            static_cast<std::size_t>(x)) *
                           3]);
}

/// What was drawn in `ink` over `ground`, as if it had been drawn in another ink.
void recolour(std::uint8_t* p, Colour ink, Colour ground, Colour other) {
  const double whole = std::abs(ink.r - ground.r) + std::abs(ink.g - ground.g) + std::abs(ink.b - ground.b);
  const double part = std::abs(p[0] - ground.r) + std::abs(p[1] - ground.g) + std::abs(p[2] - ground.b);
  const double share = whole > 0 ? std::min(1.0, part / whole) : 0;
  const auto mixed = [&](std::uint8_t from, std::uint8_t to) {
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * share));
  };
  p[0] = mixed(ground.r, other.r);
  p[1] = mixed(ground.g, other.g);
  p[2] = mixed(ground.b, other.b);
}

void fade_text(Page& page, Node& node, double ratio, double inset) {
  const Colour other = grey_at(ratio, node.ground);
  const Rect box{node.box.x + inset, node.box.y + inset, node.box.w - 2 * inset, node.box.h - 2 * inset};
  each_pixel(page.frame, box, [&](int, int, std::uint8_t* p) { recolour(p, node.ink, node.ground, other); });
  node.ink = other;
}

void fade_outline(Page& page, const Node& node, double width, Colour ground) {
  const Colour other = grey_at(2.9, ground);
  const Rect inner{node.box.x + width, node.box.y + width, node.box.w - 2 * width, node.box.h - 2 * width};
  each_pixel(page.frame, node.box, [&](int x, int y, std::uint8_t* p) {
    if (!inner.contains(x + 0.5, y + 0.5)) recolour(p, node.ink, node.ground, other);
  });
}

/// The word goes, a sign comes; the tree goes on telling of the word.
void sign_instead_of_word(Page& page, const Node& node, double mm) {
  const double cx = node.box.x + node.box.w / 2;
  const double cy = node.box.y + node.box.h / 2;
  const Rect inner{node.box.x + mm, node.box.y + mm, node.box.w - 2 * mm, node.box.h - 2 * mm};
  each_pixel(page.frame, inner, [&](int x, int y, std::uint8_t* p) {
    const double dx = std::abs(x + 0.5 - cx);
    const double dy = std::abs(y + 0.5 - cy);
    const bool cross = std::abs(dx - dy) < 0.5 * mm && dx < 3 * mm;
    const Colour c = cross ? node.ink : node.ground;
    p[0] = c.r, p[1] = c.g, p[2] = c.b;
  });
}

/// What a defect remembers from one picture to the next.
struct Memory {
  std::string last_key;
  std::string typed;
};

void remember(Memory& memory, const PageInput& input) {
  if (input.pressed.size() == 5 && input.pressed.rfind("key_", 0) == 0) memory.last_key = input.pressed;
  while (memory.typed.size() > input.typed) memory.typed.pop_back();
  if (memory.typed.size() < input.typed && !memory.last_key.empty()) memory.typed += memory.last_key.back();
}

/// As many strokes as the digit says, beside the place of each dot.
void echo(Page& page, const Memory& memory, double mm) {
  for (std::size_t i = 0; i < memory.typed.size(); ++i)
    for (int stroke = 0; stroke <= memory.typed[i] - '0'; ++stroke)
      each_pixel(page.frame, {(8 + 14.0 * static_cast<double>(i) + stroke) * mm, 15 * mm, 0.5 * mm, 2 * mm},
                 [](int, int, std::uint8_t* p) { p[0] = p[1] = p[2] = 0; });
}

/// What takes a text for markup makes of it.
std::string without_tags(const std::string& text) {
  std::string rest;
  bool inside = false;
  for (const char c : text) {
    inside = inside || c == '<';
    if (!inside) rest += c;
    if (c == '>') inside = false;
  }
  return rest;
}

void bend_page(Page& page, const Memory& memory, double mm) {
  if (SHOGO_MUTANT("m.ui.pin_echo")) echo(page, memory, mm);
  for (Node& node : page.nodes) {
    const bool button = node.role == "button";
    if (SHOGO_MUTANT("m.ui.text_4_4") && node.id == "body") fade_text(page, node, 4.4, 0);
    if (SHOGO_MUTANT("m.ui.disabled_3_1") && button && !node.enabled) fade_text(page, node, 3.1, mm);
    if (SHOGO_MUTANT("m.ui.digit_4_4") && node.event.rfind("digit:", 0) == 0) fade_text(page, node, 4.4, mm);
    if (SHOGO_MUTANT("m.ui.icon_2_9") && button && node.enabled && node.ground == rgb(0xFFFFFF))
      fade_outline(page, node, 0.5 * mm, rgb(0xFFFFFF));
    if (SHOGO_MUTANT("m.ui.delete_icon_only") && node.id == "key_delete")
      sign_instead_of_word(page, node, mm);
    if (SHOGO_MUTANT("m.ui.small_target") && node.id == "language")
      node.box = {node.box.x, node.box.y + mm, node.box.w, node.box.h - 2 * mm};
  }
}

/// False: the panel does not feel this finger.
bool bend_touch(double& x, double& y, const Page& page, double mm) {
  if (SHOGO_MUTANT("m.touch.offset_20px")) x += 20, y += 20;
  if (!SHOGO_MUTANT("m.touch.dead_corner")) return true;
  return std::none_of(page.nodes.begin(), page.nodes.end(), [&](const Node& node) {
    const double corner = 3 * mm;
    return Rect{node.box.x, node.box.y, corner, corner}.contains(x, y) && !node.event.empty();
  });
}

}  // namespace

void bend_screen(Hooks& hooks) {
  auto memory = std::make_shared<Memory>();
  hooks.before_draw = [memory](PageInput& input, Panel& panel) {
    remember(*memory, input);
    if (SHOGO_MUTANT("m.ui.no_feedback_0") && input.pressed == "key_0") input.pressed.clear();
    if (SHOGO_MUTANT("m.ui.highlight_digit") && input.pressed.empty() && input.typed > 0)
      input.pressed = memory->last_key;
    if (SHOGO_MUTANT("m.ui.custom_ignored")) input.own_words.clear();
    if (SHOGO_MUTANT("m.ui.custom_injection")) input.own_words = without_tags(input.own_words);
    if (SHOGO_MUTANT("m.ui.digit_4_4")) panel.digit_mm = 4;
    if (SHOGO_MUTANT("m.ui.font_8px")) panel.body_mm = panel.note_mm = 8 / panel.px_per_mm();
  };
  hooks.after_draw = [memory](Page& page, const Panel& panel) { bend_page(page, *memory, panel.px(1)); };
  hooks.touch = [](double& x, double& y, const Page& page, const Panel& panel) {
    return bend_touch(x, y, page, panel.px(1));
  };
}

}  // namespace shogo::reader

#else

namespace shogo::reader {
void bend_screen(Hooks&) {}
}  // namespace shogo::reader

#endif
