#include "ui/paper_list.h"

#include "ui/line_break.h"
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

namespace shogo::reader {

using namespace paint;

namespace {

constexpr double kLeast_mm = 12;  ///< of a box that is touched (3-10.d)
constexpr double kGap_mm = 3;
constexpr double kMore_mm = 17;  ///< width of the button to the next ones
constexpr double kSmallest_mm = 3;
constexpr double kStep = 1.3;  ///< from line to line, in heights of type
constexpr Colour kChosenGround = rgb(0xE4EDFF);

/// A name, set so that it fits into a box; a very long one is smaller, and what finds no room even then is
/// left away behind "…".
struct SetName {
  std::vector<std::string> lines;
  const Font* font = nullptr;
  [[nodiscard]] double height() const { return static_cast<double>(lines.size()) * font->size_px() * kStep; }
};

/// In two lines, at the last blank that lets both fit: an institution and its department.
std::vector<std::string> at_a_blank(const std::string& name, const Font& font, double width) {
  const std::u32string text = decode_utf8(name);
  for (std::size_t at = text.size(); at-- > 1;) {
    if (text[at] != U' ' && text[at] != U'\u3000') continue;
    const std::string head = encode_utf8(text.substr(0, at));
    const std::string tail = encode_utf8(text.substr(at + 1));
    if (!tail.empty() && font.width(head) <= width && font.width(tail) <= width) return {head, tail};
  }
  return {};
}

bool has_blank(const std::string& name) {
  return name.find(' ') != std::string::npos || name.find("\u3000") != std::string::npos;
}

SetName set_name(Painter& p, const std::string& name, double width, double most) {
  SetName set;
  for (double size = p.panel.body_mm;; size -= 0.25) {
    set.font = &p.font(size, false, Language::kJapanese);
    const bool smallest = size - 0.25 < kSmallest_mm;
    // Breaking lines costs far more than measuring one: no size that needs more than two is tried.
    if (!smallest && set.font->width(name) > 2 * width) continue;
    set.lines = break_lines(name, *set.font, width);
    const bool two = set.lines.size() == 2;
    if (auto parted = two ? at_a_blank(name, *set.font, width) : set.lines; two && !parted.empty()) {
      set.lines = std::move(parted);
    } else if (two && !smallest && has_blank(name)) {
      continue;  // a little smaller, and no word is torn
    } else if (two) {
      set.lines = balanced_lines(name, *set.font, width);
    }
    if (smallest || (set.height() <= most && set.lines.size() <= 2)) break;
  }
  const auto rows = static_cast<std::size_t>(std::max(1.0, most / (set.font->size_px() * kStep)));
  if (set.lines.size() <= rows) return set;
  set.lines.resize(rows);
  std::u32string last = decode_utf8(set.lines.back());
  while (!last.empty() && set.font->width(encode_utf8(last) + "…") > width) last.pop_back();
  set.lines.back() = encode_utf8(last) + "…";
  return set;
}

void tick_box(Painter& p, double left, double cy, double side, bool chosen, Colour ink) {
  p.canvas.box({left, cy - side / 2, side, side}, p.mm(0.6), chosen ? kAccent : kWhite,
               chosen ? kAccent : ink, p.mm(0.4));
  if (!chosen) return;
  p.canvas.line(left + side * 0.2, cy, left + side * 0.43, cy + side * 0.24, p.mm(0.7), kWhite);
  p.canvas.line(left + side * 0.43, cy + side * 0.24, left + side * 0.82, cy - side * 0.26, p.mm(0.7),
                kWhite);
}

struct Box {
  std::size_t index;
  SetName name;
  double height;
};

class List {
 public:
  List(Painter& p, const Rect& area) : p_(p), area_(area), several_(p.in.papers.size() > 1) {}

  void draw() {
    const std::size_t count = p_.in.papers.size();
    const std::string words =
        several_ ? fmt::format(fmt::runtime(p_.word("papers_several")), count) : p_.word("papers_one");
    double size = p_.panel.note_mm;
    while (size > kSmallest_mm && p_.font(size).width(words) > area_.w) size -= 0.25;
    double y = area_.y + p_.paragraph(area_, words, size, false, kInk, "text", "papers") + p_.mm(1);
    bool all = fill(area_.w, y);
    if (!all) fill(area_.w - p_.mm(kMore_mm + kGap_mm), y);
    const double top = y;
    const double width = all ? area_.w : area_.w - p_.mm(kMore_mm + kGap_mm);
    for (std::size_t place = 0; place < boxes_.size(); ++place) {
      draw_box(boxes_[place], place, {area_.x, y, width, boxes_[place].height});
      y += boxes_[place].height + p_.mm(kGap_mm);
    }
    if (all) return;
    const std::size_t next = boxes_.back().index + 1;
    p_.button("more_papers", p_.word("more_papers"), fmt::format("papers:{}", next < count ? next : 0),
              {area_.x + width + p_.mm(kGap_mm), top, p_.mm(kMore_mm), y - p_.mm(kGap_mm) - top},
              {p_.panel.note_mm, true, false, kMorePapersKey, Mark::kNone, {}});
  }

 private:
  [[nodiscard]] double text_left() const {
    if (!several_) return p_.mm(3);
    return tick_left() + tick() + p_.mm(2);
  }
  [[nodiscard]] double badge() const { return p_.mm(p_.panel.landscape ? 5 : 6.5); }
  [[nodiscard]] double tick() const { return p_.mm(p_.panel.landscape ? 4.5 : 5.5); }
  [[nodiscard]] double tick_left() const {
    return p_.in.key_legends ? p_.mm(1.5) + badge() + p_.mm(1.5) : p_.mm(2.5);
  }

  /// As many boxes as find room, at least one. Whether these are all there are.
  bool fill(double width, double y) {
    boxes_.clear();
    const double room = width - text_left() - p_.mm(2);
    const std::size_t first = p_.in.first_paper < p_.in.papers.size() ? p_.in.first_paper : 0;
    for (std::size_t i = first; i < p_.in.papers.size() && boxes_.size() < std::size(kPaperKeys); ++i) {
      const double left = area_.y + area_.h - y;
      SetName name = set_name(p_, p_.in.papers[i].name, room, std::max(left, p_.mm(kLeast_mm)) - p_.mm(2));
      const double height = std::max(p_.mm(kLeast_mm), name.height() + p_.mm(2.5));
      if (height > left && !boxes_.empty()) break;
      boxes_.push_back({i, std::move(name), height});
      y += height + p_.mm(kGap_mm);
    }
    return boxes_.size() == p_.in.papers.size();
  }

  void draw_box(const Box& box, std::size_t place, const Rect& at) {
    const Paper& paper = p_.in.papers[box.index];
    const std::string id = fmt::format("paper_{}", box.index + 1);
    const bool pressed = several_ && p_.in.pressed == id;
    const Colour fill = pressed ? kPressed : several_ && paper.chosen ? kChosenGround : kWhite;
    const Colour ink = pressed ? kWhite : kInk;
    p_.canvas.box(at, p_.mm(several_ ? 1 : 0.5), fill, several_ ? kInk : kPale, p_.mm(kBorder_mm));
    if (several_) tick_box(p_, at.x + tick_left(), at.y + at.h / 2, tick(), paper.chosen, ink);
    double y = at.y + (at.h - box.name.height()) / 2;
    double widest = 0;
    std::string shown;
    for (const std::string& line : box.name.lines) {
      p_.canvas.text(at.x + text_left(), y, line, *box.name.font, ink);
      widest = std::max(widest, box.name.font->width(line));
      y += box.name.font->size_px() * kStep;
      shown = line;
    }
    const bool cut = shown.ends_with("…") && !paper.name.ends_with("…");
    if (cut) {
      shown.clear();
      for (const std::string& line : box.name.lines) shown += line;
    }
    Node& node = p_.note(id, several_ ? "button" : "entry", cut ? shown : paper.name, at,
                         box.name.font->size_px(), ink, fill);
    node.words_w = widest;
    // 1-13.j: its number and whether it is chosen, never the name.
    node.said = several_ ? fmt::format(fmt::runtime(p_.word(paper.chosen ? "paper_chosen" : "paper_open")),
                                       box.index + 1)
                         : std::string();
    if (!several_) return;
    node.event = fmt::format("paper:{}", box.index);
    node.key = kPaperKeys[place];
    if (p_.in.key_legends)
      p_.legend(id, kPaperKeys[place], at.x + p_.mm(1.5), at.y + (at.h - badge()) / 2, badge());
  }

  Painter& p_;
  const Rect area_;
  const bool several_;
  std::vector<Box> boxes_;
};

}  // namespace

void draw_papers(Painter& painter, const Rect& area) {
  List(painter, area).draw();
}

}  // namespace shogo::reader
