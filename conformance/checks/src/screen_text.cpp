// 3-10.f and 3-10.n: the contrast of every text on every screen of the walk. Colours and sizes come from the
// pixels; the UI tree tells where texts are and which belong to disabled parts. Text that the tree keeps
// quiet about is looked for in the pixels, so that silence does not pass.
#include "screen_text.h"

#include "checks.h"
#include "screen_walk.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr double kMmPerPoint = 25.4 / 72;
/// Away from a button's own border, which is no text.
constexpr double kButtonBorder_mm = 1.0;
constexpr double kCoverMargin_mm = 1.0;
/// Capital letters and figures, the lowest lines of text, are at least this high for each em of type.
constexpr double kInkPerEm = 0.70;
/// Ink of a line is at most as high as its type is large, but for some Latin faces with long tails.
constexpr double kInkPerEmAtMost = 1.1;
/// Large text in JIS X 8341-3 1.4.3: 18 points, or what equals it in Japanese type (22 points). Bold type
/// counts from 14 points on, but pixels alone do not tell bold type with certainty.
constexpr double kLarge_pt = 18, kLargeJapanese_pt = 22, kLargeIfBold_pt = 14;

bool has_japanese(const std::string& text) {
  // Kana and ideographs lie at U+3000 and above: three bytes of UTF-8 that begin with E3 or more.
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

double cover(const Box& row, const Box& node, double margin) {
  const double w = std::min(row.right, node.right + margin) - std::max(row.left, node.left - margin);
  const double h = std::min(row.bottom, node.bottom + margin) - std::max(row.top, node.top - margin);
  return w <= 0 || h <= 0 ? 0 : w * h / (row.width() * row.height());
}

Size size_of(const SeenText& text) {
  if (text.em_mm <= 0) return Size::kUnknown;
  const double points = text.em_mm / kMmPerPoint;
  if (points >= (has_japanese(text.text) ? kLargeJapanese_pt : kLarge_pt)) return Size::kLarge;
  return points >= kLargeIfBold_pt ? Size::kLargeIfBold : Size::kNormal;
}

SeenText seen_text(const RecordedScreen& screen, const UiNode& node, double scale) {
  SeenText text;
  text.where = fmt::format("{} \"{}\"", screen.name(), node.text);
  text.screen = screen.tree.screen_id + (screen.moment.empty() ? "" : " " + screen.moment);
  text.state = screen.tree.state;
  text.lang = screen.tree.lang;
  text.id = node.id;
  text.button = node.role == "button";
  text.text = node.text;
  text.enabled = node.enabled;
  Box box = box_of(node);
  if (node.role == "button") {
    const double inset = std::max(2.0, kButtonBorder_mm * scale);
    box = {box.left + inset, box.top + inset, box.right - inset, box.bottom - inset};
  }
  const auto reading = read_ink(screen.image, box);
  if (!reading) return text;
  text.seen = true;
  text.contrast = reading->contrast;
  text.thin = reading->thin;
  text.ink_mm = scale > 0 ? reading->tallest_line() / scale : 0;
  // The device's word on its type size counts only as far as its pixels bear it out.
  double em_px = reading->tallest_line() / kInkPerEm;
  if (node.font_px > 0) em_px = std::min(em_px, node.font_px);
  text.em_mm = scale > 0 ? em_px / scale : 0;
  // A type size that is told too small would make every letter a picture; what is taller on a button is one.
  const double least_em = text.button ? 0 : reading->tallest_line() / kInkPerEmAtMost;
  text.shapes = glyph_shapes(screen.image, box, std::max(em_px, least_em));
  text.status = node.role == "status" || node.role == "step";
  text.cut = node.x < 0 || node.y < 0 || node.x + node.width > screen.image.width ||
             node.y + node.height > screen.image.height;
  int width = 0;
  for (const InkLine& line : reading->lines) {
    width += line.right - line.left;
    text.cut = text.cut || line.left <= 0 || line.top <= 0 || line.right >= screen.image.width ||
               line.bottom >= screen.image.height;
  }
  text.width_mm = scale > 0 ? width / scale : 0;
  return text;
}

TextSurvey survey(const std::vector<RecordedScreen>& screens, double scale) {
  TextSurvey found;
  for (const RecordedScreen& screen : screens) {
    found.states.insert(screen.tree.state);
    found.languages.insert(screen.tree.lang);
    for (const UiNode& node : screen.tree.nodes)
      if (!node.text.empty()) found.texts.push_back(seen_text(screen, node, scale));
    for (const Box& row : text_like_rows(screen.image, scale > 0 ? scale : 7)) {
      const bool told =
          std::any_of(screen.tree.nodes.begin(), screen.tree.nodes.end(), [&](const UiNode& node) {
            return !node.text.empty() && cover(row, box_of(node), kCoverMargin_mm * scale) > 0.6;
          });
      if (told) continue;
      SeenText text;
      text.where = fmt::format("{} at {:.0f}, {:.0f}", screen.name(), row.left, row.top);
      text.told = false;
      if (const auto reading = read_ink(screen.image, row)) {
        text.seen = true;
        text.contrast = reading->contrast;
        text.thin = reading->thin;
      }
      found.texts.push_back(std::move(text));
    }
  }
  return found;
}

}  // namespace

const TextSurvey& texts_of(const Transcript& transcript, const Hello& device) {
  // Three clauses ask the same of the same walk: the last answer is kept. A pure function of its key.
  static std::mutex mutex;
  static std::string known;
  static TextSurvey answer;
  const std::lock_guard lock(mutex);
  std::string key =
      fmt::format("{} {} {}", device.panel_inches, device.panel_width_px, device.panel_height_px);
  for (const Event* event : transcript.select(source::kDevice, "screen")) {
    key += boost::json::serialize(event->data);
    if (const Bytes* png = transcript.blob(event->blob)) key += sha256_hex(*png);
  }
  if (key != known) {
    int unreadable = 0;
    answer = survey(screens_of(transcript, unreadable), px_per_mm(device));
    answer.unreadable = unreadable;
    known = key;
  }
  return answer;
}

std::string TextSurvey::too_little() const {
  if (unreadable > 0) return fmt::format("{} recorded screens cannot be read", unreadable);
  for (const char* state : {"idle", "method", "pin"})
    if (states.count(state) == 0) return fmt::format("the walk did not come to the state {}", state);
  return "";
}

namespace {

struct Limits {
  double normal = 0;
  double large = 0;  ///< equal to `normal` where the clause knows no exception
  bool spares_disabled = false;
};

enum class Finding { kGood, kBad, kOpen };

Finding judge_text(const SeenText& text, const Limits& limits) {
  if (!text.seen) return Finding::kOpen;
  if (!text.told)  // whether it is a logo or disabled, nobody says
    return text.contrast >= limits.normal        ? Finding::kGood
           : limits.spares_disabled || text.thin ? Finding::kOpen
                                                 : Finding::kBad;
  if (!text.enabled && limits.spares_disabled) return Finding::kGood;
  if (text.contrast >= limits.normal) return Finding::kGood;
  if (text.thin) return Finding::kOpen;
  if (text.contrast < limits.large) return Finding::kBad;
  switch (size_of(text)) {
    case Size::kLarge:
      return Finding::kGood;
    case Size::kNormal:
      return Finding::kBad;
    case Size::kLargeIfBold:
    case Size::kUnknown:
      break;
  }
  return Finding::kOpen;
}

std::string listed(std::vector<const SeenText*> texts) {
  constexpr std::size_t kMost = 4;
  std::sort(texts.begin(), texts.end(),
            [](const SeenText* a, const SeenText* b) { return a->contrast < b->contrast; });
  std::string list;
  for (std::size_t i = 0; i < std::min(texts.size(), kMost); ++i)
    list += fmt::format("{}{} {:.2f}:1{}{}", i == 0 ? "" : ", ", texts[i]->where, texts[i]->contrast,
                        texts[i]->told ? "" : " (not in the UI tree)",
                        texts[i]->seen ? "" : " (nothing to be seen there)");
  if (texts.size() > kMost) list += fmt::format(" and {} more", texts.size() - kMost);
  return list;
}

Judgement judge_contrast(const Transcript& transcript, const CheckContext& context, const Limits& limits) {
  const TextSurvey& found = texts_of(transcript, context.device);
  std::vector<const SeenText*> bad, open;
  double worst = 21;
  std::int64_t n = 0;
  for (const SeenText& text : found.texts) {
    const Finding finding = judge_text(text, limits);
    if (finding == Finding::kBad) bad.push_back(&text);
    if (finding == Finding::kOpen) open.push_back(&text);
    if (!text.seen || (!text.enabled && limits.spares_disabled)) continue;
    ++n;
    worst = std::min(worst, text.contrast);
  }
  const std::string gap = found.too_little();
  Judgement judgement;
  if (!bad.empty()) {
    judgement =
        fail(fmt::format("{} of {} texts are too faint: {}", bad.size(), n, listed(bad)),
             fmt::format("文字{}件のうち{}件のコントラストが不足している：{}", n, bad.size(), listed(bad)));
  } else if (!gap.empty()) {
    judgement =
        inconclusive(Reason::kControlFailed, gap, "巡回が主要な画面に達していない、または記録を読めない");
  } else if (!open.empty()) {
    judgement = inconclusive(
        Reason::kPartial,
        fmt::format(
            "{} of {} texts stay open (too thin to show their colour, of a size that counts as large only "
            "in bold, or not where the UI tree says): {}",
            open.size(), n, listed(open)),
        fmt::format("文字{}件のうち{}件は判定できない：{}", n, open.size(), listed(open)));
  } else {
    judgement =
        pass(fmt::format("{} texts on {} screens in {} languages, the faintest {:.2f}:1", n,
                         transcript.select(source::kDevice, "screen").size(), found.languages.size(), worst),
             fmt::format("{}言語・{}画面の文字{}件、最小コントラストは{:.2f}:1", found.languages.size(),
                         transcript.select(source::kDevice, "screen").size(), n, worst));
  }
  judgement.measurements = {
      {"text_contrast_min", worst, "ratio", fmt::format(">= {}", limits.normal), n},
      {"texts_too_faint", static_cast<double>(bad.size()), "count", "= 0", n},
      {"texts_not_in_tree",
       static_cast<double>(std::count_if(found.texts.begin(), found.texts.end(),
                                         [](const SeenText& text) { return !text.told; })),
       "count", "", n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace

Judgement judge_text_contrast(const Transcript& transcript, const CheckContext& context) {
  return judge_contrast(
      transcript, context,
      {context.number("text_contrast_min"), context.number("large_text_contrast_min"), true});
}

Judgement judge_text_contrast_without_exception(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("text_contrast_min");
  return judge_contrast(transcript, context, {limit, limit, false});
}

}  // namespace shogo::conformance
