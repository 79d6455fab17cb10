#include "ui/page.h"

#include "ui/line_break.h"
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

namespace shogo::reader {
namespace {

constexpr Colour kInk = rgb(0x16213A);
constexpr Colour kGround = rgb(0xF3F6FB);
constexpr Colour kWhite = rgb(0xFFFFFF);
constexpr Colour kAccent = rgb(0x0B4FD6);
constexpr Colour kSecondary = rgb(0x4F5969);
constexpr Colour kCaution = rgb(0x804000);
constexpr Colour kCautionGround = rgb(0xFFF4E5);
constexpr Colour kPale = rgb(0xC4CDDB);
constexpr Colour kDisabledGround = rgb(0xD9DFE8);
constexpr Colour kPressed = rgb(0x0A2F80);
constexpr double kLineHeight = 1.5;
constexpr double kBorder_mm = 0.3;
constexpr double kRadius_mm = 2.0;

/// Which of the four steps a screen belongs to: card, identity, consent, done.
int step_of(const std::string& screen) {
  if (screen == "idle" || screen == "idle_card_removed" || screen == "out_of_service" ||
      screen == "card_unreadable" || screen == "card_unsupported" || screen == "wiping")
    return 0;
  if (screen == "result_ok" || screen.rfind("take_card", 0) == 0) return 3;
  return 1;
}

class Painter {
 public:
  Painter(const PageInput& input, const Panel& panel, Fonts& fonts, const Messages& messages)
      : in_(input),
        panel_(panel),
        fonts_(fonts),
        messages_(messages),
        canvas_(panel.width_px, panel.height_px, kGround) {}

  Page draw() {
    if (panel_.landscape && (in_.screen == "pin" || in_.screen == "pin_again")) {
      landscape_pin();
      page_.frame = canvas_.take();
      return std::move(page_);
    }
    header({0, 0, width(), mm(panel_.header_mm)}, kWhite);
    footer();
    const Rect body{mm(panel_.margin_mm), mm(panel_.header_mm) + mm(panel_.landscape ? 3 : 6),
                    width() - 2 * mm(panel_.margin_mm),
                    height() - mm(panel_.header_mm + panel_.footer_mm) - mm(panel_.landscape ? 5 : 10)};
    if (in_.screen == "pin" || in_.screen == "pin_again") {
      pin(body);
    } else if (in_.screen == "method") {
      method(body);
    } else {
      notice(body);
    }
    page_.frame = canvas_.take();
    return std::move(page_);
  }

 private:
  double mm(double v) const { return panel_.px(v); }
  double width() const { return panel_.width_px; }
  double height() const { return panel_.height_px; }
  const std::string& word(std::string_view key) const { return messages_.word(key, in_.language); }
  const Font& font(double size_mm, bool bold = false) { return fonts_.get(mm(size_mm), bold); }

  Node& note(std::string id, std::string role, std::string text, const Rect& box, double font_px, Colour ink,
             Colour ground) {
    page_.nodes.push_back(
        {std::move(id), std::move(role), std::move(text), "", box, true, font_px, ink, ground});
    return page_.nodes.back();
  }

  /// Text centred in a box; shrinks when one line would not fit, never below 3 mm.
  double centred(const Rect& box, const std::string& text, double size_mm, bool bold, Colour ink) {
    double size = size_mm;
    while (size > 3.0 && font(size, bold).width(text) > box.w - mm(2)) size -= 0.25;
    const Font& f = font(size, bold);
    canvas_.text(box.x + (box.w - f.width(text)) / 2, box.y + (box.h - f.size_px() * 1.17) / 2, text, f, ink);
    return f.size_px();
  }

  /// Wrapped text from the top of `box`; returns the height used.
  double paragraph(const Rect& box, const std::string& text, double size_mm, bool bold, Colour ink,
                   const std::string& role, const std::string& id, Colour ground = kGround) {
    const Font& f = font(size_mm, bold);
    const double step = f.size_px() * (bold ? 1.35 : kLineHeight);
    double y = box.y;
    for (const std::string& line : break_lines(text, f, box.w)) {
      canvas_.text(box.x, y, line, f, ink);
      y += step;
    }
    note(id, role, text, {box.x, box.y, box.w, y - box.y}, f.size_px(), ink, ground);
    return y - box.y;
  }

  void button(const std::string& id, const std::string& text, const std::string& event, const Rect& box,
              double size_mm, bool enabled = true, bool primary = false) {
    const bool pressed = in_.pressed == id && enabled;
    Colour fill = primary ? kAccent : kWhite;
    Colour ink = primary ? kWhite : kInk;
    Colour border = primary ? kAccent : kInk;
    if (pressed) fill = border = kPressed, ink = kWhite;
    if (!enabled) fill = border = kDisabledGround, ink = kSecondary;
    canvas_.box(box, mm(kRadius_mm), fill, border, mm(kBorder_mm));
    // A pressed key sinks: its legend moves with the finger, its outline stays where it was.
    Rect legend = box;
    if (pressed) legend.y += mm(0.4);
    const double font_px = centred(legend, text, size_mm, primary, ink);
    Node& node = note(id, "button", text, box, font_px, ink, fill);
    node.event = event;
    node.enabled = enabled;
  }

  void header(const Rect& area, Colour ground) {
    canvas_.fill(area, ground);
    const int now = step_of(in_.screen);
    const char* keys[] = {"step_card", "step_identity", "step_consent", "step_done"};
    const double left = area.x + mm(panel_.margin_mm) * 0.7;
    const double gap = mm(2);
    const double segment = (area.x + area.w - mm(panel_.margin_mm) * 0.7 - left - 3 * gap) / 4;
    if (segment < mm(16)) return narrow_header(area, ground, now, keys);
    for (int i = 0; i < 4; ++i) {
      const Rect bar{left + i * (segment + gap), area.y + mm(2.2), segment, mm(1)};
      canvas_.rounded(bar, mm(0.5), i <= now ? kAccent : kPale);
      const bool current = i == now;
      // Consent is not asked in this journey: it is never ticked off.
      const bool past = i < now && i != 2;
      const std::string text = word(keys[i]);
      double size = panel_.note_mm * 0.95;
      while (size > 2.6 && font(size, current).width(text) > segment - mm(past ? 4 : 0)) size -= 0.1;
      const Font& f = font(size, current);
      const double mark = past ? mm(4) : 0;
      const double x = bar.x + (segment - f.width(text) - mark) / 2;
      const double y = area.y + mm(panel_.header_mm * 0.42);
      if (past) {
        const double cy = y + f.size_px() * 0.62;
        canvas_.line(x, cy, x + mm(0.9), cy + mm(0.9), mm(0.45), kSecondary);
        canvas_.line(x + mm(0.9), cy + mm(0.9), x + mm(2.5), cy - mm(1.2), mm(0.45), kSecondary);
      }
      const Colour ink = current ? kInk : kSecondary;
      canvas_.text(x + mark, y, text, f, ink);
      note(std::string(keys[i]), "status", text + (current ? " ●" : ""),
           {bar.x, bar.y, segment, area.y + area.h - bar.y}, f.size_px(), ink, ground);
    }
  }

  /// Four bars and the name of the current step: four names would not be legible.
  void narrow_header(const Rect& area, Colour ground, int now, const char* const* keys) {
    const double left = area.x + mm(panel_.margin_mm);
    const double gap = mm(2);
    const double segment = (area.x + area.w - mm(2) - left - 3 * gap) / 4;
    for (int i = 0; i < 4; ++i)
      canvas_.rounded({left + i * (segment + gap), area.y + mm(2.2), segment, mm(1)}, mm(0.5),
                      i <= now ? kAccent : kPale);
    const std::string text = fmt::format("{}/4  {}", now + 1, word(keys[now]));
    const Font& f = font(3.5, true);
    const double y = area.y + mm(4);
    canvas_.text(left, y, text, f, kInk);
    note(keys[now], "status", text, {left, y, area.x + area.w - mm(2) - left, f.size_px() * 1.3}, f.size_px(),
         kInk, ground);
  }

  void footer() {
    const double top = height() - mm(panel_.footer_mm);
    canvas_.fill({0, top, width(), mm(panel_.footer_mm)}, kWhite);
    const double left = mm(panel_.margin_mm) * 0.7;
    const double gap = mm(4);
    const double w = (width() - 2 * left - 2 * gap) / 3;
    const double h = mm(12);
    const double y = top + (mm(panel_.footer_mm) - h) / 2;
    const bool calm = in_.screen != "wiping" && in_.screen != "out_of_service";
    button("end", word("end"), "end", {left, y, w, h}, panel_.body_mm, calm && in_.screen != "idle");
    button("staff", word("staff"), "staff", {left + w + gap, y, w, h}, panel_.body_mm,
           calm && in_.screen != "call_staff");
    button("language", word("language"), "language", {left + 2 * (w + gap), y, w, h}, panel_.body_mm);
  }

  double title(const Rect& body) {
    const bool narrow = panel_.landscape && (in_.screen == "pin" || in_.screen == "pin_again");
    const std::string& text = narrow ? word("choose_pin") : messages_.screen(in_.screen, in_.language).title;
    return paragraph(body, text, panel_.title_mm, true, kInk, "heading", "title");
  }

  void method(const Rect& body) {
    const double air = panel_.landscape ? 1 : 2;
    double y = body.y + title(body) + mm(air);
    y += paragraph({body.x, y, body.w, 0}, messages_.screen("method", in_.language).body, panel_.note_mm,
                   false, kSecondary, "text", "body") +
         mm(2 * air);
    const double gap = mm(panel_.landscape ? 4 : 6);
    const bool side = panel_.landscape;
    const double room = body.y + body.h - y;
    const double w = side ? (body.w - gap) / 2 : body.w;
    const double h = std::min(side ? room : (room - gap) / 2, mm(42));
    choice("choose_pin", word("choose_pin"), word("choose_pin_note"), "choose_pin", {body.x, y, w, h}, true,
           true);
    choice("face", word("face"), word("face_note"), "",
           {side ? body.x + w + gap : body.x, side ? y : y + h + gap, w, h}, false, false);
  }

  /// A large choice: picture, words, a second line that says more.
  void choice(const std::string& id, const std::string& text, const std::string& more,
              const std::string& event, const Rect& box, bool enabled, bool primary) {
    const bool pressed = in_.pressed == id && enabled;
    const Colour fill = !enabled ? kDisabledGround : pressed ? kPressed : primary ? kAccent : kWhite;
    const Colour ink = !enabled ? kSecondary : primary || pressed ? kWhite : kInk;
    canvas_.box(box, mm(3), fill, enabled && !primary ? kInk : fill, mm(kBorder_mm));
    // The picture takes what the words leave; its unit is a millimetre where there is room.
    const double unit = std::min(mm(1), std::min(box.h / mm(24), box.w / mm(62)) * mm(1));
    const double cx = box.x + 12 * unit;
    const double cy = box.y + box.h / 2;
    if (id == "choose_pin") {
      for (int i = 0; i < 10; ++i) {
        const double dx = (i == 9 ? 0 : i % 3 - 1) * 4.2 * unit;
        canvas_.circle(cx + dx, cy + (i / 3 - 1.5) * 4.2 * unit, 1.2 * unit, ink);
      }
    } else {
      canvas_.ring(cx, cy - 2 * unit, 4.4 * unit, 0.7 * unit, ink);
      canvas_.line(cx - 6 * unit, cy + 8 * unit, cx - 3 * unit, cy + 5.4 * unit, 0.7 * unit, ink);
      canvas_.line(cx - 3 * unit, cy + 5.4 * unit, cx + 3 * unit, cy + 5.4 * unit, 0.7 * unit, ink);
      canvas_.line(cx + 3 * unit, cy + 5.4 * unit, cx + 6 * unit, cy + 8 * unit, 0.7 * unit, ink);
    }
    const double left = cx + 10 * unit;
    const double room = box.x + box.w - left - mm(2);
    double size = panel_.title_mm;
    while (size > 3.75 && font(size, true).width(text) > room) size -= 0.25;
    const Font& large = font(size, true);
    const Font& small = font(std::min(panel_.note_mm, size));
    const auto first = break_lines(text, large, room);
    const auto second = break_lines(more, small, room);
    const double above = static_cast<double>(first.size()) * large.size_px() * 1.35;
    const double below = static_cast<double>(second.size()) * small.size_px() * 1.4;
    double y = cy - (above + below) / 2;
    for (const std::string& line : first) {
      canvas_.text(left, y, line, large, ink);
      y += large.size_px() * 1.35;
    }
    Node& node = note(id, "button", text, box, large.size_px(), ink, fill);
    node.event = event;
    node.enabled = enabled;
    note(id + "_note", "text", more, {left, y, room, below}, small.size_px(), ink, fill);
    for (const std::string& line : second) {
      canvas_.text(left, y, line, small, ink);
      y += small.size_px() * 1.4;
    }
  }

  struct Grid {
    double key_w, key_h, gap;
    int columns, rows;
    bool inside;  ///< delete and done share the grid of three columns; any other grid pushes them below it
    [[nodiscard]] double width() const { return columns * key_w + (columns - 1) * gap; }
    [[nodiscard]] double height() const { return rows * key_h + (rows - 1) * gap; }
  };
  Grid grid() const {
    const KeypadShape& shape = in_.keypad;
    const bool inside = shape.columns == 3;
    return {mm(shape.key_width_mm),
            mm(shape.key_height_mm),
            mm(shape.gap_mm),
            shape.columns,
            inside ? 4 : (10 + shape.columns - 1) / shape.columns + 1,
            inside};
  }

  void keypad(const Grid& g, double left, double top) {
    const auto cell = [&](int column, int row) {
      return Rect{left + column * (g.key_w + g.gap), top + row * (g.key_h + g.gap), g.key_w, g.key_h};
    };
    for (int position = 0; position < 10; ++position) {
      const int column = g.inside && position == 9 ? 1 : position % g.columns;
      const int digit = in_.layout[static_cast<std::size_t>(position)];
      button(fmt::format("key_{}", digit), std::to_string(digit), fmt::format("digit:{}", digit),
             cell(column, position / g.columns), panel_.digit_mm);
    }
    button("key_delete", word("delete"), "delete", cell(0, g.rows - 1), 5, in_.typed > 0);
    button("key_done", word("done"), "done", cell(g.inside ? 2 : g.columns - 1, g.rows - 1), 5,
           in_.may_finish, in_.may_finish);
  }

  /// What is wrong, or what is asked, and how many tries are left. Returns where it ends.
  double pin_words(const Rect& words) {
    const bool again = in_.screen == "pin_again";
    // On the lowest panel every line counts: what went wrong takes the title's place.
    const bool low = panel_.px(65.5) > height();
    double y = words.y;
    if (!low) y += title(words) + mm(1);
    if (low && !again)
      y += paragraph(words, word("pin_low"), panel_.title_mm, true, kInk, "heading", "title");
    const Colour ink = again ? kCaution : kInk;
    if (again) {
      const Font& f = font(panel_.note_mm, true);
      const auto lines = break_lines(word("wrong"), f, words.w - mm(4));
      const double h = static_cast<double>(lines.size()) * f.size_px() * 1.35 + mm(2);
      canvas_.box({words.x, y, words.w, h}, mm(1.5), kCautionGround, kCaution, mm(kBorder_mm));
      paragraph({words.x + mm(2), y + mm(1), words.w - mm(4), 0}, word("wrong"), panel_.note_mm, true,
                kCaution, "status", "wrong", kCautionGround);
      y += h + mm(1);
    } else if (!low) {
      y += paragraph({words.x, y, words.w, 0}, word("pin_kind"), panel_.note_mm, false, kSecondary, "text",
                     "kind");
    }
    if (in_.tries_left >= 0)
      y += paragraph({words.x, y, words.w, 0}, fmt::format(fmt::runtime(word("tries")), in_.tries_left),
                     panel_.note_mm, true, ink, "status", "tries");
    return y;
  }

  void slots(double left, double top, double w, double h, double gap) {
    for (std::size_t i = 0; i < 4; ++i) {
      const Rect slot{left + static_cast<double>(i) * (w + gap), top, w, h};
      const bool next = i == in_.typed;
      canvas_.box(slot, mm(1.2), kWhite, next ? kAccent : kSecondary, mm(next ? 0.5 : 0.25));
      if (i < in_.typed) canvas_.circle(slot.x + w / 2, slot.y + h / 2, mm(1.5), kInk);
    }
    note("entry", "status", std::string(in_.typed, '*'), {left, top, 4 * w + 3 * gap, h}, mm(4), kInk,
         kWhite);
  }

  void pin(const Rect& body) {
    const Grid g = grid();
    const double y = pin_words(body) + mm(2);
    slots(body.x, y, mm(10), mm(11.5), mm(4));
    // Beside the four slots there is room for the way back; nowhere else would it not be taken for a key.
    button("back", word("back"), "back", {body.x + body.w - mm(24), y - mm(0.25), mm(24), mm(12)},
           panel_.body_mm);
    keypad(g, body.x + (body.w - g.width()) / 2, body.y + body.h - g.height());
  }

  /// A low panel has no height to give away: the keypad takes all of it on the right, words and the four
  /// other keys stand in a column on the left.
  void landscape_pin() {
    const Grid g = grid();
    const double edge = mm(panel_.margin_mm);
    const double pad_x = width() - edge - g.width();
    const Rect column{edge, 0, pad_x - edge - mm(4), height()};
    header({0, 0, pad_x - mm(2), mm(panel_.header_mm)}, kGround);
    const double gap = mm(3);
    const double key_w = (column.w - gap) / 2;
    const double key_h = mm(12);
    const double keys = height() - mm(2.5) - 2 * key_h - gap;
    const double y = pin_words({column.x, mm(panel_.header_mm), column.w, 0}) + mm(0.8);
    const double slot_h = std::min(mm(11), keys - y - mm(1.5));
    slots(column.x, y, std::min(mm(9), (column.w - 3 * mm(3)) / 4), slot_h, mm(3));
    button("back", word("back"), "back", {column.x, keys, key_w, key_h}, panel_.body_mm);
    button("end", word("end"), "end", {column.x + key_w + gap, keys, key_w, key_h}, panel_.body_mm);
    button("staff", word("staff"), "staff", {column.x, keys + key_h + gap, key_w, key_h}, panel_.body_mm);
    button("language", word("language"), "language",
           {column.x + key_w + gap, keys + key_h + gap, key_w, key_h}, panel_.body_mm);
    keypad(g, pad_x, (height() - g.height()) / 2);
  }

  /// Sign, title, words, one button where there is something to press.
  void notice(const Rect& body) {
    const ScreenText& text = messages_.screen(in_.screen, in_.language);
    const bool error = !text.number.empty();
    const bool good = in_.screen == "result_ok";
    const double sign = panel_.landscape ? 9 : 14;
    const double cx = panel_.landscape ? body.x + mm(sign + 2) : body.x + body.w / 2;
    const double cy = body.y + mm(sign + (panel_.landscape ? 4 : 12));
    picture(cx, cy, mm(sign), error, good);
    Rect words = body;
    if (panel_.landscape) {
      words.x += mm(2 * sign + 10);
      words.w -= mm(2 * sign + 10);
    } else {
      words.y = cy + mm(sign + 12);
    }
    double y = words.y + title(words) + mm(3);
    y += paragraph({words.x, y, words.w, 0}, text.body, panel_.body_mm, false, kInk, "text", "body") + mm(5);
    const double key_h = mm(panel_.landscape ? 12 : 14);
    const Rect key{words.x, std::min(y, body.y + body.h - key_h), std::min(words.w, mm(60)), key_h};
    if (good) button("next", word("next"), "next", key, panel_.body_mm * 1.2, true, true);
    if (in_.screen == "call_staff") button("back", word("back"), "back", key, panel_.body_mm * 1.2);
    if (error) {
      const std::string number = word("number") + " " + text.number;
      const Font& f = font(3.5);
      const double at = body.y + body.h - f.size_px() * 1.3;
      canvas_.text(body.x, at, number, f, kSecondary);
      note("number", "text", number, {body.x, at, f.width(number), f.size_px()}, f.size_px(), kSecondary,
           kGround);
    }
  }

  void picture(double cx, double cy, double r, bool error, bool good) {
    if (good) {
      canvas_.circle(cx, cy, r, kAccent);
      canvas_.line(cx - r * 0.45, cy + r * 0.02, cx - r * 0.1, cy + r * 0.36, r * 0.16, kWhite);
      canvas_.line(cx - r * 0.1, cy + r * 0.36, cx + r * 0.48, cy - r * 0.34, r * 0.16, kWhite);
    } else if (error) {
      canvas_.circle(cx, cy, r, kCaution);
      canvas_.circle(cx, cy, r * 0.9, kCautionGround);
      canvas_.line(cx, cy - r * 0.5, cx, cy + r * 0.12, r * 0.16, kCaution);
      canvas_.circle(cx, cy + r * 0.46, r * 0.11, kCaution);
    } else if (in_.screen == "verifying" || in_.screen == "reading_card" || in_.screen == "wiping") {
      for (int i = 0; i < 12; ++i) {
        const double a = i * 3.14159265358979 / 6;
        canvas_.circle(cx + std::cos(a) * r * 0.8, cy + std::sin(a) * r * 0.8, r * 0.11,
                       i < 8 ? kAccent : kPale);
      }
    } else {
      // The card, as it lies on this very device.
      const Rect card{cx - r * 1.3, cy - r * 0.82, r * 2.6, r * 1.64};
      canvas_.box(card, r * 0.14, kWhite, kInk, r * 0.045);
      canvas_.rounded({card.x + r * 0.2, card.y + r * 0.3, r * 0.42, r * 0.34}, r * 0.06, rgb(0xC79A3B));
      canvas_.circle(card.x + r * 2.0, card.y + r * 0.62, r * 0.24, kPale);
      canvas_.rounded({card.x + r * 1.66, card.y + r * 0.92, r * 0.68, r * 0.44}, r * 0.2, kPale);
      for (int i = 0; i < 3; ++i)
        canvas_.rounded({card.x + r * 0.2, card.y + r * (0.86 + 0.22 * i), r * (1.1 - 0.2 * i), r * 0.09},
                        r * 0.04, kPale);
    }
  }

  const PageInput& in_;
  const Panel& panel_;
  Fonts& fonts_;
  const Messages& messages_;
  Canvas canvas_;
  Page page_;
};

}  // namespace

KeypadShape keypad_shape(const Panel& panel) {
  return {3, panel.key_width_mm, panel.key_height_mm, panel.key_gap_mm};
}

const Node* Page::at(double x, double y) const {
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    if (!node->event.empty() && node->enabled && node->box.contains(x, y)) return &*node;
  }
  return nullptr;
}

Page draw_page(const PageInput& input, const Panel& panel, Fonts& fonts, const Messages& messages) {
  return Painter(input, panel, fonts, messages).draw();
}

}  // namespace shogo::reader
