// The PIN page: words, four slots, the screen keypad.
#include "ui/line_break.h"
#include "ui/painter.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::reader {

using namespace paint;

namespace {

struct Grid {
  double key_w, key_h, gap;
  int columns, rows;
  bool inside;  ///< delete and done share the grid of three columns; any other grid pushes them below it
  [[nodiscard]] double width() const { return columns * key_w + (columns - 1) * gap; }
  [[nodiscard]] double height() const { return rows * key_h + (rows - 1) * gap; }
};

Grid grid(const Painter& p) {
  const KeypadShape& shape = p.in.keypad;
  const bool inside = shape.columns == 3;
  return {p.mm(shape.key_width_mm),
          p.mm(shape.key_height_mm),
          p.mm(shape.gap_mm),
          shape.columns,
          inside ? 4 : (10 + shape.columns - 1) / shape.columns + 1,
          inside};
}

void keypad(Painter& p, const Grid& g, double left, double top) {
  const auto cell = [&](int column, int row) {
    return Rect{left + column * (g.key_w + g.gap), top + row * (g.key_h + g.gap), g.key_w, g.key_h};
  };
  for (int position = 0; position < 10; ++position) {
    const int column = g.inside && position == 9 ? 1 : position % g.columns;
    const int digit = p.in.layout[static_cast<std::size_t>(position)];
    p.button(fmt::format("key_{}", digit), std::to_string(digit), fmt::format("digit:{}", digit),
             cell(column, position / g.columns),
             {.size_mm = p.panel.digit_mm, .language = Language::kJapanese});
  }
  p.button("key_delete", p.word("delete"), "delete", cell(0, g.rows - 1),
           {.size_mm = 5, .enabled = p.in.typed > 0});
  p.button("key_done", p.word("done"), "done", cell(g.inside ? 2 : g.columns - 1, g.rows - 1),
           {.size_mm = 5, .enabled = p.in.may_finish, .primary = p.in.may_finish});
}

/// What is wrong, or what is asked, and how many tries are left. Returns where it ends.
double pin_words(Painter& p, const Rect& words) {
  const char* caution = p.in.keypad_gone                     ? "keypad_gone"
                        : p.in.screen.ends_with("pin_again") ? "wrong"
                                                             : nullptr;
  const bool again = caution != nullptr && p.in.manners.shows_cautions;
  // On the lowest panel every line counts: what went wrong takes the title's place.
  const bool low = p.panel.px(65.5) > p.height();
  double y = words.y;
  if (!low) y += p.title(words, p.panel.landscape ? p.word("choose_pin") : p.text().title) + p.mm(1);
  if (low && !again)
    y += p.paragraph(words, p.word("pin_low"), p.panel.title_mm, true, kInk, "heading", "title");
  const Colour ink = again ? kCaution : kInk;
  if (again) {
    const Font& f = p.font(p.panel.note_mm, true);
    const auto lines = break_lines(p.word(caution), f, words.w - p.mm(4));
    const double h = static_cast<double>(lines.size()) * f.size_px() * 1.35 + p.mm(2);
    p.canvas.box({words.x, y, words.w, h}, p.mm(1.5), kCautionGround, kCaution, p.mm(kBorder_mm));
    p.paragraph({words.x + p.mm(2), y + p.mm(1), words.w - p.mm(4), 0}, p.word(caution), p.panel.note_mm,
                true, kCaution, "caution", caution, kCautionGround);
    y += h + p.mm(1);
  } else if (!low) {
    y += p.paragraph({words.x, y, words.w, 0}, p.word("pin_kind"), p.panel.note_mm, false, kSecondary, "text",
                     "kind");
  }
  if (p.in.tries_left >= 0)
    y += p.paragraph({words.x, y, words.w, 0}, fmt::format(fmt::runtime(p.word("tries")), p.in.tries_left),
                     p.panel.note_mm, true, ink, "status", "tries");
  return y;
}

void slots(Painter& p, double left, double top, double w, double h, double gap) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Rect slot{left + static_cast<double>(i) * (w + gap), top, w, h};
    const bool next = i == p.in.typed;
    p.canvas.box(slot, p.mm(1.2), kWhite, next ? kAccent : kSecondary, p.mm(next ? 0.5 : 0.25));
    if (i < p.in.typed) p.canvas.circle(slot.x + w / 2, slot.y + h / 2, p.mm(1.5), kInk);
  }
  p.note("entry", "status", std::string(p.in.typed, '*'), {left, top, 4 * w + 3 * gap, h}, p.mm(4), kInk,
         kWhite);
}

}  // namespace

void draw_pin(Painter& p, const Rect& body) {
  const Grid g = grid(p);
  const double y = pin_words(p, body) + p.mm(2);
  slots(p, body.x, y, p.mm(10), p.mm(11.5), p.mm(4));
  // Beside the four slots there is room for the way back; nowhere else would it not be taken for a key.
  p.button("back", p.word("back"), "back", {body.x + body.w - p.mm(24), y - p.mm(0.25), p.mm(24), p.mm(12)},
           {.size_mm = p.panel.body_mm});
  keypad(p, g, body.x + (body.w - g.width()) / 2, body.y + body.h - g.height());
}

/// A low panel has no height to give away: the keypad takes all of it on the right, words and the four
/// other keys stand in a column on the left.
void draw_landscape_pin(Painter& p) {
  const Grid g = grid(p);
  const double edge = p.mm(p.panel.margin_mm);
  const double pad_x = p.width() - edge - g.width();
  const Rect column{edge, 0, pad_x - edge - p.mm(4), p.height()};
  p.header({0, 0, pad_x - p.mm(2), p.mm(p.panel.header_mm)}, kGround);
  const double gap = p.mm(3);
  const double key_w = (column.w - gap) / 2;
  const double key_h = p.mm(12);
  const double keys = p.height() - p.mm(2.5) - 2 * key_h - gap;
  const double y = pin_words(p, {column.x, p.mm(p.panel.header_mm), column.w, 0}) + p.mm(0.8);
  const double slot_h = std::min(p.mm(11), keys - y - p.mm(1.5));
  slots(p, column.x, y, std::min(p.mm(9), (column.w - 3 * p.mm(3)) / 4), slot_h, p.mm(3));
  int place = 0;
  for (const char* id : {"back", "end", "staff", "language"}) {
    if (std::string_view(id) == "language" && !p.has_language_key()) continue;
    p.button(id, p.foot_word(id), id,
             {column.x + (place % 2) * (key_w + gap), keys + (place / 2) * (key_h + gap), key_w, key_h},
             {.size_mm = p.panel.body_mm, .language = p.foot_language(id)});
    ++place;
  }
  keypad(p, g, pad_x, (p.height() - g.height()) / 2);
}

}  // namespace shogo::reader
