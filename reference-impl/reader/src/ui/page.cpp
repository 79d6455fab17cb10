#include "ui/page.h"

#include "ui/line_break.h"
#include "ui/painter.h"
#include "ui/paper_list.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::reader {

using namespace paint;

namespace {

constexpr double kSmallest_mm = 3;

/// A large choice: picture, words, a second line that says more.
void tile(Painter& p, const Choice& choice, const Rect& box) {
  const bool pressed = p.in.pressed == choice.id && choice.enabled;
  const bool dark = choice.primary || pressed;
  const Colour fill = !choice.enabled  ? kDisabledGround
                      : pressed        ? kPressed
                      : choice.primary ? kAccent
                                       : kWhite;
  const Colour ink = !choice.enabled ? kSecondary : dark ? kWhite : kInk;
  p.canvas.box(box, p.mm(3), fill, choice.enabled && !choice.primary ? kInk : fill, p.mm(kBorder_mm));
  // The picture takes what the words leave; its unit is a millimetre where there is room.
  const double unit = std::min(p.mm(1), std::min(box.h / p.mm(24), box.w / p.mm(62)) * p.mm(1));
  const double badge = p.in.key_legends && choice.enabled ? p.mm(6.5) : 0;
  const double cx = box.x + 12 * unit + badge;
  const double cy = box.y + box.h / 2;
  p.mark(choice.mark, cx, cy, unit, ink, true);
  const double left = cx + 10 * unit;
  const double room = box.x + box.w - left - p.mm(2);
  const std::string& text = p.word(choice.word);
  const std::string& more = p.word(choice.note);
  double size = p.panel.title_mm;
  while (size > 3.75 && p.font(size, true).width(text) > room) size -= 0.25;
  const Font& large = p.font(size, true);
  const Font& small = p.font(std::min(p.panel.note_mm, size));
  const auto first = balanced_lines(text, large, room);
  const auto second = balanced_lines(more, small, room);
  const double above = static_cast<double>(first.size()) * large.size_px() * 1.35;
  const double below = static_cast<double>(second.size()) * small.size_px() * 1.4;
  double y = cy - (above + below) / 2;
  for (const std::string& line : first) {
    p.canvas.text(left, y, line, large, ink);
    y += large.size_px() * 1.35;
  }
  const auto widest = [](const std::vector<std::string>& lines, const Font& font) {
    double w = 0;
    for (const std::string& line : lines) w = std::max(w, font.width(line));
    return w;
  };
  Node& node = p.note(choice.id, "button", text, box, large.size_px(), ink, fill);
  node.words_w = left - box.x + widest(first, large);
  node.event = choice.event;
  node.enabled = choice.enabled;
  node.key = choice.key;
  p.note(choice.id + "_note", "text", more, {left, y, room, below}, small.size_px(), ink, fill).words_w =
      widest(second, small);
  for (const std::string& line : second) {
    p.canvas.text(left, y, line, small, ink);
    y += small.size_px() * 1.4;
  }
  if (badge > 0) p.legend(choice.id, choice.key, box.x + p.mm(2), box.y + p.mm(2), p.mm(6.5));
}

/// The choice of method: two tiles, one above the other or, where the panel is low, side by side.
void tiles(Painter& p, const Rect& body) {
  const double air = p.panel.landscape ? 1 : 2;
  double y = body.y + p.title(body, p.text().title) + p.mm(air);
  y +=
      p.paragraph({body.x, y, body.w, 0}, p.text().body, p.panel.note_mm, false, kSecondary, "text", "body") +
      p.mm(2 * air);
  const double gap = p.mm(p.panel.landscape ? 4 : 6);
  const bool side = p.panel.landscape;
  const double room = body.y + body.h - y;
  const auto count = static_cast<double>(p.screen.choices.size());
  const double w = side ? (body.w - (count - 1) * gap) / count : body.w;
  const double h = std::min(side ? room : (room - (count - 1) * gap) / count, p.mm(42));
  double x = body.x;
  for (const Choice& choice : p.screen.choices) {
    tile(p, choice, {x, y, w, h});
    (side ? x : y) += (side ? w : h) + gap;
  }
}

/// A question and its answers, of equal size and weight, one above the other (3-10.g), at the same place on
/// every page: nobody has to look for them anew.
void choices(Painter& p, const Rect& body) {
  const bool side = p.panel.landscape;
  const bool listed = !p.in.papers.empty();
  const bool several = p.in.papers.size() > 1;
  const double share = !side ? 1 : several ? 0.62 : listed ? 0.56 : 0.5;
  const Rect words{body.x, body.y, side ? body.w * share - p.mm(2) : body.w, body.h};
  // On a low panel the list takes the room of the words below a smaller title.
  const bool low = side && listed;
  double y = words.y + p.title(words, p.text().title, low ? p.panel.body_mm : p.panel.title_mm) +
             p.mm(side ? 1.5 : 4);
  if (!low)
    y += p.paragraph({words.x, y, words.w, 0}, p.text().body, side ? p.panel.note_mm : p.panel.body_mm, false,
                     kInk, "text", "body");
  if (p.in.volume > 0)
    p.paragraph({words.x, y + p.mm(2), words.w, 0},
                fmt::format(fmt::runtime(p.word("volume_step")), p.in.volume), p.panel.title_mm, true, kInk,
                "status", "volume_step");
  std::vector<Choice> answers = p.screen.choices;
  if (!p.in.manners.agree_first) std::reverse(answers.begin(), answers.end());
  const auto count = static_cast<double>(answers.size());
  const double gap = p.mm(side ? 4 : 6);
  const double left = side ? body.x + body.w * share + p.mm(2) : body.x;
  const double room = body.x + body.w - left;
  const auto enabled = [&](const Choice& answer) {
    return answer.enabled && (!answer.takes_papers || may_agree(p.in.papers));
  };
  if (!p.in.manners.choices_stacked) {
    const double w = (room - (count - 1) * gap) / count;
    for (std::size_t i = 0; i < answers.size(); ++i)
      p.button(answers[i].id, p.word(answers[i].word), answers[i].event,
               {left + static_cast<double>(i) * (w + gap), body.y + body.h - p.mm(14), w, p.mm(14)},
               {p.panel.body_mm, enabled(answers[i]), answers[i].primary, answers[i].key, answers[i].mark});
    return;
  }
  // Three do not fit one above the other on a low panel: the first two, less and more of one thing, share a
  // row.
  const bool shared = answers.size() == 3;
  const double rows = shared ? 2 : count;
  // Several to choose from take their room from the answers' height, never from their place at the bottom.
  const double high = p.mm(several && !side ? 14 : 24);
  const double h = std::min(high, side ? (body.h - (rows - 1) * gap) / rows : high);
  double top = body.y + body.h - rows * h - (rows - 1) * gap - (side ? 0 : p.mm(4));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Choice& answer = answers[i];
    const bool half = shared && i < 2;
    const double w = half ? (room - gap) / 2 : room;
    p.button(answer.id, p.word(answer.word), answer.event,
             {half && i == 1 ? left + w + gap : left, top, w, h},
             {half ? p.panel.body_mm : p.panel.title_mm, enabled(answer), answer.primary, answer.key,
              answer.mark});
    if (!(half && i == 0)) top += h + gap;
  }
  if (!listed) return;
  const double bottom = side ? body.y + body.h : body.y + body.h - rows * h - (rows - 1) * gap - p.mm(8);
  y += side ? 0 : p.mm(2);
  draw_papers(p, {words.x, y, words.w, bottom - y});
}

/// The clinic's own sentence takes its room from its size, never from a button (3-11.c).
double body_size(Painter& p, double width, double room) {
  double size = p.panel.landscape ? p.panel.note_mm : p.panel.body_mm;
  if (p.in.own_words.empty()) return size;
  const auto height = [&] {
    const Font& font = p.font(size, false, Language::kJapanese);
    return static_cast<double>(balanced_lines(p.in.own_words, font, width).size()) * font.size_px() *
           kLineHeight;
  };
  while (size > kSmallest_mm && height() > room) size -= 0.25;
  return size;
}

/// Sign, title, words, one button where there is something to press.
void notice(Painter& p, const Rect& body) {
  const ScreenText& text = p.text();
  const bool side = p.panel.landscape;
  const double r = !side ? 14 : p.screen.choices.empty() ? 9 : 6;
  const double cx = side ? body.x + p.mm(r + 2) : body.x + body.w / 2;
  p.sign(cx, body.y + p.mm(r + (side ? 4 : 12)), p.mm(r));
  Rect words = body;
  if (side) {
    words.x += p.mm(2 * r + 10);
    words.w -= p.mm(2 * r + 10);
  } else {
    words.y = body.y + p.mm(2 * r + 24);
  }
  double y = words.y + p.title(words, text.title) + p.mm(side ? 1 : 3);
  const double key_h = p.mm(side ? 12 : 14);
  const double air = p.mm(side ? 2 : 5);
  const double height = body.y + body.h - (p.screen.choices.empty() ? 0 : key_h) - air - y;
  y += p.paragraph_in(p.in.own_words.empty() ? p.in.language : Language::kJapanese, {words.x, y, words.w, 0},
                      text.body, body_size(p, words.w, height), false, kInk, "text", "body") +
       air;
  const Rect key{words.x, std::min(y, body.y + body.h - key_h), std::min(words.w, p.mm(60)), key_h};
  for (const Choice& choice : p.screen.choices)
    p.button(choice.id, p.word(choice.word), choice.event, key,
             {p.panel.body_mm * 1.2, choice.enabled, choice.primary, choice.key, choice.mark});
  if (!p.in.clinic_name.empty()) {
    // Under the sign where words stand beside it, else on the ground of the page.
    constexpr double kClinic_mm = 3;
    const double room = side ? p.mm(2 * r + 8) : body.w;
    const Font& plain = p.font(kClinic_mm, false, Language::kJapanese);
    const auto lines = static_cast<double>(balanced_lines(p.in.clinic_name, plain, room).size());
    p.paragraph_in(Language::kJapanese,
                   {body.x, body.y + body.h - lines * plain.size_px() * kLineHeight, room, 0},
                   p.in.clinic_name, kClinic_mm, false, kSecondary, "text", "clinic");
  }
  if (text.number.empty()) return;
  const std::string number = p.word("number") + " " + text.number;
  const Font& f = p.font(3.5);
  const double at = body.y + body.h - f.size_px() * 1.3;
  p.canvas.text(body.x, at, number, f, kSecondary);
  p.note("number", "text", number, {body.x, at, f.width(number), f.size_px()}, f.size_px(), kSecondary,
         kGround)
      .words_w = f.width(number);
}

/// A place for the camera's picture (camera_view.h paints it), and one button.
void camera(Painter& p, const Rect& body) {
  const bool side = p.panel.landscape;
  double y = body.y + p.title(body, p.text().title, side ? p.panel.body_mm : p.panel.title_mm) + p.mm(1);
  if (!side)
    y += p.paragraph({body.x, y, body.w, 0}, p.text().body, p.panel.note_mm, false, kSecondary, "text",
                     "body") +
         p.mm(2);
  const Choice& ready = p.screen.choices.front();
  const double key_w = side ? p.mm(30) : body.w;
  const double key_h = p.mm(side ? 12 : 14);
  const Rect key{body.x + body.w - key_w, body.y + body.h - key_h, key_w, key_h};
  p.button(ready.id, p.word(ready.word), ready.event, key,
           {p.panel.body_mm * 1.2, ready.enabled, ready.primary, ready.key, ready.mark});
  const Rect place{body.x, y, side ? body.w - key_w - p.mm(3) : body.w,
                   side ? body.y + body.h - y : key.y - p.mm(3) - y};
  p.canvas.fill(place, kInk);
  const std::string& words = p.in.camera_sees ? std::string() : p.word("no_picture");
  const Font& font = p.centred(place, words, p.panel.note_mm, false, kWhite, p.in.language);
  p.note("camera_view", "picture", words, place, font.size_px(), kWhite, kInk).words_w = font.width(words);
}

Page arranged(Painter p) {
  const Panel& panel = p.panel;
  if (panel.landscape && p.screen.layout == Layout::kPin) {
    draw_landscape_pin(p);
    return p.take();
  }
  p.header({0, 0, p.width(), p.mm(panel.header_mm)}, kWhite);
  p.footer();
  const Rect body{p.mm(panel.margin_mm), p.mm(panel.header_mm) + p.mm(panel.landscape ? 3 : 6),
                  p.width() - 2 * p.mm(panel.margin_mm),
                  p.height() - p.mm(panel.header_mm + panel.footer_mm) - p.mm(panel.landscape ? 5 : 10)};
  switch (p.screen.layout) {
    case Layout::kNotice:
      notice(p, body);
      break;
    case Layout::kChoices:
      choices(p, body);
      break;
    case Layout::kTiles:
      tiles(p, body);
      break;
    case Layout::kPin:
      draw_pin(p, body);
      break;
    case Layout::kCamera:
      camera(p, body);
      break;
  }
  return p.take();
}

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

const Node* Page::by_key(char key) const {
  for (const Node& node : nodes) {
    if (node.key == key && node.enabled && !node.event.empty()) return &node;
  }
  return nullptr;
}

Page draw_page(const PageInput& input, const Panel& panel, Fonts& fonts, const Messages& messages) {
  return arranged(Painter(input, panel, fonts, messages));
}

Page lay_out_page(const PageInput& input, const Panel& panel, Fonts& fonts, const Messages& messages) {
  return arranged(Painter(input, panel, fonts, messages, Painter::Paints::kNothing));
}

}  // namespace shogo::reader
