#include "skull.h"

#include "face_chart.h"
#include <algorithm>
#include <array>

namespace shogo::people {
namespace {

/// From here on upwards, millimetres above the eyes.
constexpr float kFrom = 24;
/// Share of what is unusual that goes.
constexpr float kHeight = 0.75F, kWidth = 0.85F;
constexpr std::size_t kBins = 9;

}  // namespace

float chin_of(const HeadModel& head, const std::vector<Vec3>& shape) {
  float chin = 0;
  for (const Quad& quad : head.quads())
    for (const std::uint16_t i : quad.corner) {
      // The front of the jaw, above the throat.
      const Vec3 rest = head.rest()[i];
      if (quad.part == Part::kSkin && std::abs(rest.x) < 12 && rest.z > -35 && rest.y > -118)
        chin = std::min(chin, shape[i].y);
    }
  return chin;
}

float hairline_of(const HeadModel& head, const std::vector<Vec3>& shape, float own_degrees) {
  constexpr float kUsual = 46, kMillimetresPerDegree = 1.7F;
  const float wish = -0.66F * chin_of(head, shape) + kMillimetresPerDegree * own_degrees;
  // Along the middle of the forehead: the vertices next below and above the wished height.
  float below = -1e9F, above = 1e9F, low = kUsual, high = kUsual;
  for (const Quad& quad : head.quads())
    for (const std::uint16_t i : quad.corner) {
      const Vec3 rest = head.rest()[i];
      if (quad.part != Part::kSkin || std::abs(rest.x) > 6 || rest.z < -90 || rest.y < 20) continue;
      const float y = shape[i].y;
      if (y <= wish && y > below) below = y, low = FaceChart::elevation(rest);
      if (y > wish && y < above) above = y, high = FaceChart::elevation(rest);
    }
  if (below < -1e8F || above > 1e8F) return own_degrees;
  const float at = mix(low, high, (wish - below) / std::max(above - below, 0.1F));
  return clamp(at - kUsual, -16, 12);
}

void settle_skull(const HeadModel& head, std::vector<Vec3>& shape) {
  std::vector<bool> skin(shape.size());
  for (const Quad& quad : head.quads())
    if (quad.part == Part::kSkin)
      for (const std::uint16_t corner : quad.corner) skin[corner] = true;
  const float chin = chin_of(head, shape);
  float top = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 rest = head.rest()[i];
    if (!skin[i]) continue;
    if (rest.y > kFrom) top = std::max(top, shape[i].y);
  }
  if (top < kFrom + 20 || chin > -50) return;
  const float wish = -1.02F * chin;
  const float stretch = clamp(1 + kHeight * (wish - top) / (top - kFrom), 0.65F, 1.8F);
  // How wide it is, by height; the ears do not count.
  std::array<float, kBins + 1> wide{};
  const auto place = [&](float y) { return clamp01((y - kFrom) / (top - kFrom)) * kBins; };
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (!skin[i] || shape[i].y < kFrom) continue;
    const auto bin = static_cast<std::size_t>(place(shape[i].y) + 0.5F);
    wide[bin] = std::max(wide[bin], std::abs(shape[i].x));
  }
  std::array<float, kBins + 1> scale{};
  for (std::size_t bin = 0; bin <= kBins; ++bin) {
    const float t = std::min(static_cast<float>(bin) / kBins, 0.93F);
    const float round = wide[0] * std::sqrt(1 - t * t * t);
    scale[bin] = bin == 0 || wide[bin] < 5 ? 1 : clamp(1 + kWidth * (round / wide[bin] - 1), 0.85F, 1.3F);
  }
  // The last bin has one vertex or two.
  scale[kBins] = scale[kBins - 1];
  for (int round = 0; round < 3; ++round)
    for (std::size_t bin = 1; bin < kBins; ++bin)
      scale[bin] = 0.5F * scale[bin] + 0.25F * (scale[bin - 1] + scale[bin + 1]);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    Vec3& p = shape[i];
    if (p.y <= kFrom || head.rest()[i].y < 10) continue;
    const float at = std::min(place(p.y), kBins - 0.001F);
    const auto bin = static_cast<std::size_t>(at);
    p.x *= mix(scale[bin], scale[bin + 1], at - static_cast<float>(bin));
    p.y = kFrom + (p.y - kFrom) * mix(1.F, stretch, smooth(0, 16, p.y - kFrom));
  }
}

}  // namespace shogo::people
