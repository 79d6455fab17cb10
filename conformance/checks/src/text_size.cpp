// 1-12.a: body text of every screen is large enough to read and not cut off. Heights and widths come from the
// pixels of the screen walk. The guide that shows where to hold the face needs a screen that captures one.
#include "checks.h"
#include "screen_text.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

/// Ink of a line is at most as high as its type is large, but for some Latin faces with long tails.
constexpr double kInkPerEmAtMost = 1.1;
/// The narrowest that proportional type sets a kanji or kana, and a Latin letter, in shares of its size.
constexpr double kWide = 0.45, kNarrow = 0.16;

/// Size of the type: the device's word, held within what the height of the ink allows.
double type_size_mm(const SeenText& text) {
  return std::max(text.em_mm, text.ink_mm / kInkPerEmAtMost);
}

/// The least width that these words can have in type of this size.
double least_width_mm(const SeenText& text) {
  double shares = 0;
  for (const char c : text.text) {
    const auto u = static_cast<unsigned char>(c);
    if (u >= 0xE3 && u <= 0xEF) shares += kWide;
    if ((u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') || (u >= '0' && u <= '9')) shares += kNarrow;
  }
  return shares * type_size_mm(text);
}

std::string listed(const std::vector<std::string>& parts) {
  constexpr std::size_t kMost = 4;
  std::string list;
  for (std::size_t i = 0; i < std::min(parts.size(), kMost); ++i) list += (i == 0 ? "" : ", ") + parts[i];
  return parts.size() > kMost ? fmt::format("{} and {} more", list, parts.size() - kMost) : list;
}

}  // namespace

Judgement judge_text_size(const Transcript& transcript, const CheckContext& context) {
  const double height_min = context.number("body_text_height_min");
  const TextSurvey& found = texts_of(transcript, context.device);
  if (px_per_mm(context.device) <= 0)
    return inconclusive(Reason::kNoNumber,
                        "hello does not declare the panel's size: pixels have no millimetres",
                        "helloに画面寸法がなく、mmに換算できない");
  std::vector<std::string> small, clipped;
  double least = 1e9;
  std::int64_t n = 0;
  std::int64_t unseen = 0;
  for (const SeenText& text : found.texts) {
    if (!text.told || text.status) continue;
    if (!text.seen) {
      ++unseen;
      continue;
    }
    ++n;
    const double size = type_size_mm(text);
    least = std::min(least, size);
    if (size < height_min) small.push_back(fmt::format("{} {:.1f} mm", text.where, size));
    if (text.cut || text.width_mm < least_width_mm(text)) clipped.push_back(text.where);
  }
  const std::string gap = found.too_little();
  Judgement judgement;
  if (!small.empty() || !clipped.empty()) {
    judgement = fail(fmt::format("{} of {} texts are too small: {}; {} are cut off: {}", small.size(), n,
                                 small.empty() ? "none" : listed(small), clipped.size(),
                                 clipped.empty() ? "none" : listed(clipped)),
                     fmt::format("文字{}件のうち、小さすぎるもの{}件、欠けたもの{}件：{} {}", n, small.size(),
                                 clipped.size(), listed(small), listed(clipped)));
  } else if (n == 0 || !gap.empty() || unseen > 0) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     !gap.empty() ? gap : fmt::format("{} texts of the UI tree are not to be seen", unseen),
                     "巡回が足りない、またはUIツリーの文字が画面に見えない");
  } else {
    judgement = pass(fmt::format("{} texts are {:.1f} mm and larger and whole.", n, least),
                     fmt::format("文字{}件は{:.1f} mm以上で欠けもない。", n, least));
  }
  judgement.measurements = {{"body_text_height_min", least, "mm", fmt::format(">= {} mm", height_min), n},
                            {"clipped_texts", static_cast<double>(clipped.size()), "count", "= 0", n}};
  // The shape of a guide is the face checks' to measure; until then nothing here may pass.
  const bool captures = found.states.count("capture_face") > 0;
  return partial(
      only_if_whole(std::move(judgement), transcript), 1, 2,
      captures ? "the guide for the face, which is not measured yet"
               : "the guide for the face: no screen captures one",
      captures ? "顔の位置の案内（まだ測定していない）" : "顔の位置の案内（顔を撮影する画面がない）");
}

}  // namespace shogo::conformance
