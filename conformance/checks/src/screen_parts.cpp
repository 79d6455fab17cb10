// 3-10.d and 3-10.e: how large the things are that can be touched, and whether their outlines stand out.
// Sizes are the UI tree's, which 1-9.a holds against real touches; outlines come from the pixels.
#include "checks.h"
#include "screen_record.h"
#include "whole_script.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include <shogo/conformance/contrast.h>

namespace shogo::conformance {
namespace {

/// A CSS pixel is a 96th of an inch.
constexpr double kMmPerCssPixel = 25.4 / 96;
/// How far inside a button's bounds its outline is looked for.
constexpr double kRim_mm = 0.8;
/// Below this nothing is drawn that would be the outline of anything: the label alone makes the button, and
/// its contrast is 3-10.f's.
constexpr double kNoOutline = 1.1;

std::string worst_of(std::vector<std::pair<double, std::string>> found) {
  constexpr std::size_t kMost = 4;
  std::sort(found.begin(), found.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(found.size(), kMost); ++i)
    text += (i == 0 ? "" : ", ") + found[i].second;
  return found.size() > kMost ? fmt::format("{} and {} more", text, found.size() - kMost) : text;
}

Judgement nothing_to_touch() {
  return inconclusive(Reason::kControlFailed, "no screen with something to touch was recorded",
                      "操作対象のある画面が記録されていない");
}

}  // namespace

Judgement judge_target_size(const Transcript& transcript, const CheckContext& context) {
  const double width_min = context.number("target_width_min");
  const double height_min = context.number("target_height_min");
  const double scale = px_per_mm(context.device);
  if (scale <= 0)
    return inconclusive(Reason::kNoNumber,
                        "hello does not declare the panel's size: pixels have no millimetres",
                        "helloに画面寸法がなく、mmに換算できない");
  int unreadable = 0;
  std::vector<std::pair<double, std::string>> small;
  double least = 1e9;
  std::int64_t n = 0;
  for (const RecordedScreen& screen : screens_of(transcript, unreadable)) {
    for (const UiNode& node : screen.tree.nodes) {
      if (node.role != "button" || !node.enabled) continue;
      ++n;
      const double width = node.width / scale;
      const double height = node.height / scale;
      least = std::min({least, width, height});
      // Bounds are told in whole pixels: half a pixel on either side is nobody's fault.
      const double half = 0.5 / scale;
      if (width + half < width_min * kMmPerCssPixel || height + half < height_min * kMmPerCssPixel)
        small.emplace_back(std::min(width, height), fmt::format("{} \"{}\" {:.1f} x {:.1f} mm", screen.name(),
                                                                node.text, width, height));
    }
  }
  if (n == 0) return nothing_to_touch();
  const double limit_mm = std::min(width_min, height_min) * kMmPerCssPixel;
  Judgement judgement =
      small.empty()
          ? pass(fmt::format("{} targets, the smallest side {:.1f} mm (44 CSS pixels are {:.1f} mm)", n,
                             least, limit_mm),
                 fmt::format("操作対象{}個、最小の辺は{:.1f} mm（44 CSSピクセルは{:.1f} mm）", n, least,
                             limit_mm))
          : fail(fmt::format("{} of {} targets are smaller than {:.1f} mm: {}", small.size(), n, limit_mm,
                             worst_of(small)),
                 fmt::format("操作対象{}個のうち{}個が{:.1f} mmより小さい：{}", n, small.size(), limit_mm,
                             worst_of(small)));
  judgement.measurements = {
      {"target_side_min", least / kMmPerCssPixel, "css_px", fmt::format(">= {} css_px", width_min), n},
      {"target_side_min_mm", least, "mm", "", n}};
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_part_contrast(const Transcript& transcript, const CheckContext& context) {
  const double limit = context.number("ui_contrast_min");
  const double scale = px_per_mm(context.device);
  const double rim_px = std::max(3.0, kRim_mm * scale);
  int unreadable = 0;
  std::vector<std::pair<double, std::string>> faint;
  double weakest = 21;
  std::int64_t n = 0;
  std::int64_t bare = 0;
  for (const RecordedScreen& screen : screens_of(transcript, unreadable)) {
    for (const UiNode& node : screen.tree.nodes) {
      if (node.role != "button" || !node.enabled) continue;
      const double contrast = rim_contrast(screen.image, box_of(node), rim_px);
      if (contrast < kNoOutline) {
        ++bare;
        continue;
      }
      ++n;
      weakest = std::min(weakest, contrast);
      if (contrast < limit)
        faint.emplace_back(contrast, fmt::format("{} \"{}\" {:.2f}:1", screen.name(), node.text, contrast));
    }
  }
  if (n == 0 && bare == 0) return nothing_to_touch();
  if (n == 0)
    return inconclusive(Reason::kControlFailed,
                        "no button of any screen has an outline that could be measured",
                        "輪郭を測定できるボタンがない");
  Judgement judgement =
      faint.empty()
          ? pass(fmt::format("outlines of {} buttons, the faintest {:.2f}:1; {} are labels without one", n,
                             weakest, bare),
                 fmt::format("ボタンの輪郭{}個、最小コントラストは{:.2f}:1", n, weakest))
          : fail(fmt::format("{} of {} outlines are too faint: {}", faint.size(), n, worst_of(faint)),
                 fmt::format("輪郭{}個のうち{}個のコントラストが不足：{}", n, faint.size(), worst_of(faint)));
  judgement.measurements = {{"ui_contrast_min", weakest, "ratio", fmt::format(">= {}", limit), n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
