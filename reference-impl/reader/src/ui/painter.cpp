#include "ui/painter.h"

#include "ui/line_break.h"
#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/core.h>

namespace shogo::reader {

using namespace paint;

namespace {

constexpr const char* kStepWords[] = {"step_card", "step_identity", "step_consent", "step_done"};

}  // namespace

Painter::Painter(const PageInput& input, const Panel& its_panel, Fonts& fonts, const Messages& messages,
                 Paints paints)
    : in(input),
      panel(its_panel),
      screen(Screens::built_in().at(input.screen)),
      canvas(paints == Paints::kPixels ? its_panel.width_px : 0,
             paints == Paints::kPixels ? its_panel.height_px : 0, kGround),
      fonts_(fonts),
      messages_(messages),
      text_(messages.screen(input.screen, input.language)) {
  // Where there is something to choose from, some questions are others.
  if (const std::string listed = input.screen + "_papers";
      !input.papers.empty() && messages.has_screen(listed))
    text_ = messages.screen(listed, input.language);
  constexpr std::string_view kPlace = "{place}";
  const std::string area = in.manners.tells_phone_area ? panel.phone_area : "none";
  if (const std::size_t at = text_.body.find(kPlace); at != std::string::npos)
    text_.body.replace(at, kPlace.size(), word("place_" + area));
  if (!in.own_words.empty()) text_.body = in.own_words;
}

Page Painter::take() {
  page_.frame = canvas.take();
  return std::move(page_);
}

Node& Painter::note(std::string id, std::string role, std::string text, const Rect& box, double font_px,
                    Colour ink, Colour ground) {
  page_.nodes.push_back(
      {std::move(id), std::move(role), std::move(text), "", box, true, font_px, ink, ground, 0});
  return page_.nodes.back();
}

const std::string& Painter::foot_word(std::string_view id) const {
  return messages_.word(id, foot_language(id));
}

const Font& Painter::centred(const Rect& box, const std::string& text, double size_mm, bool bold, Colour ink,
                             Language language) {
  double size = size_mm;
  while (size > 3.0 && font(size, bold, language).width(text) > box.w - mm(2)) size -= 0.25;
  const Font& f = font(size, bold, language);
  canvas.text(box.x + (box.w - f.width(text)) / 2, box.y + (box.h - f.size_px() * 1.17) / 2, text, f, ink);
  return f;
}

double Painter::paragraph_in(Language language, const Rect& box, const std::string& text, double size_mm,
                             bool bold, Colour ink, const std::string& role, const std::string& id,
                             Colour ground) {
  const Font& f = font(size_mm, bold, language);
  const double step = f.size_px() * (bold ? 1.35 : kLineHeight);
  double y = box.y;
  double widest = 0;
  for (const std::string& line : balanced_lines(text, f, box.w)) {
    canvas.text(box.x, y, line, f, ink);
    widest = std::max(widest, f.width(line));
    y += step;
  }
  note(id, role, text, {box.x, box.y, box.w, y - box.y}, f.size_px(), ink, ground).words_w = widest;
  return y - box.y;
}

double Painter::title(const Rect& body, const std::string& words, double largest_mm) {
  const bool warns = screen.caution && in.manners.shows_cautions;
  const auto lines = [&](double size) { return break_lines(words, font(size, true), body.w).size(); };
  // A title that only just needs another line does without it; a very long one takes its room from its size
  // and not from the answers.
  double size = largest_mm;
  for (double smaller = size; smaller >= size * 0.88; smaller -= 0.25) {
    if (lines(smaller) < lines(size)) size = smaller;
  }
  while (size > 4.5 && lines(size) > 3) size -= 0.25;
  return paragraph(body, words, size, true, warns ? kCaution : kInk, warns ? "caution" : "heading", "title");
}

void Painter::legend(const std::string& id, char key, double left, double top, double side) {
  const Rect badge{left, top, side, side};
  canvas.rounded(badge, side * 0.15, kInk);
  const double size = side * 0.78;
  const Font& f = fonts_.get(size, true);
  const std::string digit(1, key);
  canvas.text(left + (side - f.width(digit)) / 2, top + (side - size * 1.17) / 2, digit, f, kWhite);
  note(id + "_key", "key_legend", digit, badge, size, kWhite, kInk);
}

void Painter::button(const std::string& id, const std::string& text, const std::string& event,
                     const Rect& box, const ButtonLook& look) {
  const bool pressed = in.pressed == id && look.enabled;
  const Language language = look.language.value_or(in.language);
  Colour fill = look.primary ? kAccent : kWhite;
  Colour ink = look.primary ? kWhite : kInk;
  Colour border = look.primary ? kAccent : kInk;
  if (pressed) fill = border = kPressed, ink = kWhite;
  if (!look.enabled) fill = border = kDisabledGround, ink = kSecondary;
  canvas.box(box, mm(kRadius_mm), fill, border, mm(kBorder_mm));
  // A pressed key sinks: its legend moves with the finger, its outline stays where it was.
  Rect words = box;
  if (pressed) words.y += mm(0.4);
  const bool with_key = in.key_legends && look.key != 0;
  const double badge = !with_key ? 0 : look.mark == Mark::kNone ? mm(4.5) : mm(6.5);
  if (look.mark != Mark::kNone) {
    const double unit = std::min(mm(1), std::min(box.h / 16, box.w / mm(60) * mm(1)));
    const double air = std::min(mm(3), box.w / 24);
    const double centre = box.x + air + (with_key ? badge + air : 0) + 3.8 * unit;
    mark(look.mark, centre, words.y + box.h / 2, unit, ink, pressed || !look.enabled);
    // The words keep the middle of the button while they fit there.
    const double left = centre + 4.2 * unit;
    const double wide = font(look.size_mm, look.primary, language).width(text) + mm(2);
    const double half = std::min(box.x + box.w / 2 - left, box.w / 2);
    if (wide > 2 * half) {
      words.x = left;
      words.w = box.x + box.w - left - mm(0.5);
    }
  } else if (with_key) {
    words.x += badge + mm(1.5);
    words.w -= badge + mm(2);
  }
  const Font& set_in = centred(words, text, look.size_mm, look.primary, ink, language);
  Node& node = note(id, "button", text, box, set_in.size_px(), ink, fill);
  node.words_w = set_in.width(text);
  node.event = event;
  node.enabled = look.enabled;
  node.key = look.key;
  if (!with_key) return;
  const bool no = look.mark == Mark::kNo && in.manners.other_legend_for_no != 0;
  legend(id, no ? in.manners.other_legend_for_no : look.key, box.x + mm(1.5), box.y + (box.h - badge) / 2,
         badge);
}

void Painter::header(const Rect& area, Colour ground) {
  canvas.fill(area, ground);
  if (!in.manners.shows_steps) return;
  const double left = area.x + mm(panel.margin_mm) * 0.7;
  const double gap = mm(2);
  const double segment = (area.x + area.w - mm(panel.margin_mm) * 0.7 - left - 3 * gap) / 4;
  const bool narrow = segment < mm(16);
  const double from = narrow ? area.x + mm(panel.margin_mm) : left;
  const double bar = narrow ? (area.x + area.w - mm(2) - from - 3 * gap) / 4 : segment;
  for (int i = 0; i < 4; ++i)
    canvas.rounded({from + i * (bar + gap), area.y + mm(2.2), bar, mm(1)}, mm(0.5),
                   i <= screen.step ? kAccent : kPale);
  if (in.ending_soon) {
    announce_end(area, from);
  } else if (narrow) {
    narrow_steps(area, ground, from);
  } else {
    steps(area, ground);
  }
}

void Painter::steps(const Rect& area, Colour ground) {
  const double left = area.x + mm(panel.margin_mm) * 0.7;
  const double gap = mm(2);
  const double segment = (area.x + area.w - mm(panel.margin_mm) * 0.7 - left - 3 * gap) / 4;
  for (int i = 0; i < 4; ++i) {
    const Rect bar{left + i * (segment + gap), area.y + mm(2.2), segment, mm(1)};
    const bool current = i == screen.step;
    const bool past = !current && i < in.steps_passed;
    const std::string& text = word(kStepWords[i]);
    double size = panel.note_mm * 0.95;
    while (size > 2.6 && font(size, current).width(text) > segment - mm(past ? 4 : 0)) size -= 0.1;
    const Font& f = font(size, current);
    const double tick = past ? mm(4) : 0;
    const double x = bar.x + (segment - f.width(text) - tick) / 2;
    const double y = area.y + mm(panel.header_mm * 0.42);
    if (past) {
      const double cy = y + f.size_px() * 0.62;
      canvas.line(x, cy, x + mm(0.9), cy + mm(0.9), mm(0.45), kSecondary);
      canvas.line(x + mm(0.9), cy + mm(0.9), x + mm(2.5), cy - mm(1.2), mm(0.45), kSecondary);
    }
    const Colour ink = current ? kInk : kSecondary;
    canvas.text(x + tick, y, text, f, ink);
    note(kStepWords[i], "step", text + (current ? " ●" : ""),
         {bar.x, y - mm(0.2), segment, f.size_px() * 1.2 + mm(0.2)}, f.size_px(), ink, ground)
        .words_w = f.width(text);
  }
}

/// Four bars and the name of the current step: four names would not be legible.
void Painter::narrow_steps(const Rect& area, Colour ground, double left) {
  const std::string text = fmt::format("{}/4  {}", screen.step + 1, word(kStepWords[screen.step]));
  const Font& f = font(3.5, true);
  const double y = area.y + mm(4);
  canvas.text(left, y, text, f, kInk);
  note(kStepWords[screen.step], "step", text, {left, y, area.x + area.w - mm(2) - left, f.size_px() * 1.3},
       f.size_px(), kInk, ground)
      .words_w = f.width(text);
}

void Painter::announce_end(const Rect& area, double left) {
  const double top = area.y + mm(3.8);
  const Rect band{area.x, top, area.w, area.y + area.h - top};
  canvas.fill(band, kCautionGround);
  const double room = area.x + area.w - mm(2) - left;
  double size = 4;
  std::string text = word("ending_soon");
  while (size > 3.0 && font(size, true).width(text) > room) size -= 0.25;
  if (font(size, true).width(text) > room) text = word("ending_soon_short"), size = 3.5;
  const Font& f = font(size, true);
  canvas.text(left, band.y + (band.h - f.size_px() * 1.17) / 2, text, f, kCaution);
  note("ending_soon", "caution", text, {left, band.y, room, band.h}, f.size_px(), kCaution, kCautionGround)
      .words_w = f.width(text);
}

void Painter::footer() {
  struct Place {
    const char* id;
    bool enabled;
    char key;
  };
  std::vector<Place> places{{"end", screen.may_end, '7'}, {"staff", screen.may_call_staff, '8'}};
  if (has_language_key()) places.push_back({"language", true, '9'});
  // Touch only: no hardware sets the volume (1-13.e).
  if (screen.volume_button) places[0] = {"volume", true, '\0'};
  if (screen.camera_button && in.has_camera) places[0] = {"camera", true, '\0'};
  if (screen.asked) places.insert(places.begin(), {"back", in.may_go_back, '0'});
  const double top = height() - mm(panel.footer_mm);
  canvas.fill({0, top, width(), mm(panel.footer_mm)}, kWhite);
  const double left = mm(panel.margin_mm) * 0.7;
  const double gap = mm(screen.asked ? 3 : 4);
  const auto count = static_cast<double>(places.size());
  // What the words need, and an equal share of what is left.
  const bool digits_mean_themselves = screen.layout == Layout::kPin;
  const double badge = in.key_legends && !digits_mean_themselves ? mm(6) : 0;
  double needed = 0;
  const auto word_w = [&](const char* id) {
    return font(panel.note_mm, false, foot_language(id)).width(foot_word(id));
  };
  for (const Place& place : places) needed += word_w(place.id) + badge;
  const double share = (width() - 2 * left - (count - 1) * gap - needed) / count;
  const double h = mm(12);
  const double y = top + (mm(panel.footer_mm) - h) / 2;
  double x = left;
  for (const Place& place : places) {
    const double w = word_w(place.id) + badge + share;
    button(place.id, foot_word(place.id), place.id, {x, y, w, h},
           {panel.body_mm, place.enabled, false, digits_mean_themselves ? '\0' : place.key, Mark::kNone,
            foot_language(place.id)});
    x += w + gap;
  }
}

void Painter::mark(Mark what, double cx, double cy, double unit, Colour ink, bool plain) {
  const auto line = [&](double x1, double y1, double x2, double y2, double w, Colour colour) {
    canvas.line(cx + x1 * unit, cy + y1 * unit, cx + x2 * unit, cy + y2 * unit, w * unit, colour);
  };
  switch (what) {
    case Mark::kNone:
      break;
    case Mark::kYes:
      canvas.ring(cx, cy, 3.6 * unit, 0.9 * unit, plain ? ink : kAccent);
      break;
    case Mark::kNo:
      line(-2.9, -2.9, 2.9, 2.9, 0.95, plain ? ink : kCaution);
      line(-2.9, 2.9, 2.9, -2.9, 0.95, plain ? ink : kCaution);
      break;
    case Mark::kList:
      for (int i = -1; i <= 1; ++i) {
        canvas.circle(cx - 2.9 * unit, cy + i * 2.6 * unit, 0.7 * unit, ink);
        line(-1.2, i * 2.6, 3.4, i * 2.6, 0.8, ink);
      }
      break;
    case Mark::kPhone:
      canvas.box({cx - 2.2 * unit, cy - 3.9 * unit, 4.4 * unit, 7.8 * unit}, 0.8 * unit, kWhite,
                 plain ? ink : kInk, 0.6 * unit);
      line(-0.7, 2.9, 0.7, 2.9, 0.5, plain ? ink : kInk);
      break;
    case Mark::kSheet:
      canvas.box({cx - 2.8 * unit, cy - 3.7 * unit, 5.6 * unit, 7.4 * unit}, 0.3 * unit, kWhite,
                 plain ? ink : kInk, 0.6 * unit);
      for (int i = -1; i <= 1; ++i) line(-1.5, i * 1.7, 1.5, i * 1.7, 0.5, plain ? ink : kInk);
      break;
    case Mark::kKeypad:
      for (int i = 0; i < 10; ++i) {
        const double dx = (i == 9 ? 0 : i % 3 - 1) * 4.2 * unit;
        canvas.circle(cx + dx, cy + (static_cast<double>(i / 3) - 1.5) * 4.2 * unit, 1.2 * unit, ink);
      }
      break;
    case Mark::kFace:
      canvas.ring(cx, cy - 2 * unit, 4.4 * unit, 0.7 * unit, ink);
      line(-6, 8, -3, 5.4, 0.7, ink);
      line(-3, 5.4, 3, 5.4, 0.7, ink);
      line(3, 5.4, 6, 8, 0.7, ink);
      break;
  }
}

void Painter::sign(double cx, double cy, double r) {
  switch (screen.sign) {
    case Sign::kNone:
      break;
    case Sign::kGood:
      canvas.circle(cx, cy, r, kAccent);
      canvas.line(cx - r * 0.45, cy + r * 0.02, cx - r * 0.1, cy + r * 0.36, r * 0.16, kWhite);
      canvas.line(cx - r * 0.1, cy + r * 0.36, cx + r * 0.48, cy - r * 0.34, r * 0.16, kWhite);
      break;
    case Sign::kCaution:
      canvas.circle(cx, cy, r, kCaution);
      canvas.circle(cx, cy, r * 0.9, kCautionGround);
      canvas.line(cx, cy - r * 0.5, cx, cy + r * 0.12, r * 0.16, kCaution);
      canvas.circle(cx, cy + r * 0.46, r * 0.11, kCaution);
      break;
    case Sign::kWait:
      for (int i = 0; i < 12; ++i) {
        const double a = i * 3.14159265358979 / 6;
        canvas.circle(cx + std::cos(a) * r * 0.8, cy + std::sin(a) * r * 0.8, r * 0.11,
                      i < 8 ? kAccent : kPale);
      }
      break;
    case Sign::kStaff:
      // Somebody behind a counter.
      canvas.circle(cx, cy - r * 0.42, r * 0.34, kInk);
      canvas.rounded({cx - r * 0.62, cy + r * 0.02, r * 1.24, r * 0.8}, r * 0.4, kInk);
      canvas.rounded({cx - r * 1.15, cy + r * 0.5, r * 2.3, r * 0.44}, r * 0.08, kAccent);
      break;
    case Sign::kPhone: {
      // A phone, and the field it is held into.
      const Rect phone{cx - r * 0.42, cy - r * 0.95, r * 0.84, r * 1.5};
      canvas.box(phone, r * 0.14, kWhite, kInk, r * 0.07);
      canvas.rounded({cx - r * 0.14, phone.y + r * 1.32, r * 0.28, r * 0.05}, r * 0.02, kInk);
      for (int i = 0; i < 3; ++i)
        canvas.rounded({cx - r * (0.4 + 0.3 * i), cy + r * (0.68 + 0.14 * i), r * (0.8 + 0.6 * i), r * 0.07},
                       r * 0.03, kAccent);
      break;
    }
    case Sign::kCard: {
      // The card, as it lies on this very device.
      const Rect card{cx - r * 1.3, cy - r * 0.82, r * 2.6, r * 1.64};
      canvas.box(card, r * 0.14, kWhite, kInk, r * 0.045);
      canvas.rounded({card.x + r * 0.2, card.y + r * 0.3, r * 0.42, r * 0.34}, r * 0.06, rgb(0xC79A3B));
      canvas.circle(card.x + r * 2.0, card.y + r * 0.62, r * 0.24, kPale);
      canvas.rounded({card.x + r * 1.66, card.y + r * 0.92, r * 0.68, r * 0.44}, r * 0.2, kPale);
      for (int i = 0; i < 3; ++i)
        canvas.rounded({card.x + r * 0.2, card.y + r * (0.86 + 0.22 * i), r * (1.1 - 0.2 * i), r * 0.09},
                       r * 0.04, kPale);
      break;
    }
  }
}

}  // namespace shogo::reader
