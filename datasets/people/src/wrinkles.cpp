#include "wrinkles.h"

#include <algorithm>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// Beyond so many widths a wrinkle does nothing.
constexpr float kReach = 4;

}  // namespace

void Wrinkles::add(const Bow& bow) {
  const auto& [a, b, c, width_mm, depth] = bow;
  if (depth < 0.02F) return;
  Curve curve{{}, width_mm, depth, 1e9F, 1e9F, -1e9F, -1e9F};
  for (std::size_t i = 0; i < kPoints; ++i) {
    const float t = static_cast<float>(i) / (kPoints - 1);
    const Vec3 p = mix(mix(a, b, t), mix(b, c, t), t);
    curve.point[i] = p;
    const float reach = kReach * width_mm;
    curve.x0 = std::min(curve.x0, p.x - reach), curve.x1 = std::max(curve.x1, p.x + reach);
    curve.y0 = std::min(curve.y0, p.y - reach), curve.y1 = std::max(curve.y1, p.y + reach);
  }
  curves_.push_back(curve);
}

Wrinkles::Wrinkles(const Person& person) : key_(hash32(static_cast<std::uint32_t>(person.seed), 0x317U)) {
  const float w = person.skin.wrinkles;
  // Everybody has wrinkles of their own: some frown, some smile, some raise their brows.
  std::uint32_t counter = 0;
  const auto own = [&](float low, float high) {
    return low + (high - low) * unit_of(hash32(key_, ++counter, 0x3A1U));
  };
  const float fold = own(0.6F, 1.1F), bag = own(0.4F, 1.1F), feet = own(0.4F, 1.2F), frown = own(0, 1.1F),
              brow = own(0.2F, 1.1F), drop = own(0.3F, 1.1F);
  const auto older = [&](float from) { return std::max(0.F, w - from) / (1 - from); };
  // Folds and bags come slowly from the middle of the forties on; only the very old have them deep.
  const auto late = [&](float from) { return square(older(from)); };
  for (const float side : {-1.F, 1.F}) {
    const auto at = [&](float x, float y) {
      return Vec3{side * (x + own(-1.2F, 1.2F)), y + own(-1.2F, 1.2F), 0};
    };
    // Nasolabial fold: from the wing of the nose around the mouth.
    add({at(18, -37), at(27, -46), at(32, -68), 4.2F, fold * (0.03F + 0.11F * w + 0.20F * late(0.2F))});
    add({at(31, -64), at(33, -74), at(32, -82), 4.4F, fold * 0.14F * late(0.3F)});
    // Marionette line: from the corner of the mouth down.
    add({at(28, -76), at(31, -84), at(29, -97), 4.4F, drop * 0.17F * late(0.3F)});
    // Tear trough and the lower edge of the bag.
    add({at(11, -9), at(18, -19), at(32, -20), 2.9F, bag * (0.03F + 0.10F * w + 0.17F * late(0.2F))});
    add({at(28, -20), at(38, -20), at(45, -11), 2.6F, bag * 0.12F * late(0.2F)});
    // A finer crease close below the lid.
    add({at(20, -9), at(29, -12), at(39, -8), 1.2F, bag * 0.16F * late(0.2F)});
    const int lines = 2 + static_cast<int>(own(0, 2.99F));
    for (int k = 0; k < lines; ++k) {
      const float f = static_cast<float>(k) - 0.5F * static_cast<float>(lines - 1);
      const float far = own(8, 15);
      add({at(49, -3 - 2.2F * f), at(53, -3 - 4 * f), at(49 + far, -3 - 7.5F * f), 0.9F,
           feet * 0.5F * older(0.25F)});
    }
    add({at(6, 12), at(4.5F, 20), at(5.5F, 28), 2.0F, frown * 0.34F * older(0.2F)});
    // Lines that run into the upper lip of the old.
    for (int k = 0; k < 3; ++k) {
      const float x = 6 + 5.5F * static_cast<float>(k);
      add({at(x, -61.5F), at(x + 0.6F, -57), at(x + 1.2F, -54), 0.9F, own(0, 0.3F) * older(0.6F)});
    }
  }
  // The forehead: lines that rarely run all across, and rise over the brows.
  const int rows = 2 + static_cast<int>(own(0, 3.2F));
  for (int k = 0; k < rows; ++k) {
    const float y = 36 + 30.F * (static_cast<float>(k) + own(0.1F, 0.6F)) / static_cast<float>(rows);
    const float left = own(18, 40), right = own(18, 40), middle = own(-8, 8), dip = own(-4, 1);
    const float depth = brow * own(0.5F, 1) * 0.46F * older(0.22F);
    add({{-left, y + own(-1, 2), 0}, {0.5F * (middle - left), y + 4, 0}, {middle, y + dip, 0}, 1.9F, depth});
    add({{middle - 3, y + dip + own(-1, 1), 0},
         {0.5F * (middle + right), y + 4, 0},
         {right, y + own(-1, 2), 0},
         1.9F,
         depth * own(0.6F, 1)});
  }
  // Across the root of the nose.
  add({{-8, 7, 0}, {0, 4 + own(-1, 1), 0}, {8, 7, 0}, 1.2F, frown * 0.4F * older(0.45F)});
}

Wrinkles::Mark Wrinkles::at(Vec3 rest) const {
  Mark mark;
  bool bent = false;
  float px = rest.x, py = rest.y;
  for (const Curve& curve : curves_) {
    if (rest.x < curve.x0 || rest.x > curve.x1 || rest.y < curve.y0 || rest.y > curve.y1) continue;
    if (!bent) {
      // No wrinkle is as smooth as its curve.
      px += 0.8F * value_noise(rest * 0.09F, key_ + 1);
      py += 0.8F * value_noise(rest * 0.09F, key_ + 2);
      bent = true;
    }
    float nearest = 1e9F, along = 0;
    for (std::size_t i = 0; i + 1 < kPoints; ++i) {
      const Vec3 a = curve.point[i], run = curve.point[i + 1] - a;
      const float t = clamp01(((px - a.x) * run.x + (py - a.y) * run.y) / (run.x * run.x + run.y * run.y));
      const float far = square(px - a.x - t * run.x) + square(py - a.y - t * run.y);
      if (far < nearest) {
        nearest = far;
        along = (static_cast<float>(i) + t) / (kPoints - 1);
      }
    }
    const float far = std::sqrt(nearest) / curve.width_mm;
    if (far > kReach) continue;
    const float ends = smooth(0, 0.2F, along) * smooth(1, 0.65F, along) * curve.depth;
    const float groove = smooth(2.4F, 0, far);
    const float swelling = smooth(0.8F, 2, far) * smooth(kReach, 2, far);
    mark.groove += ends * groove * std::min(1.F, 0.4F * curve.width_mm);
    mark.height_mm += ends * curve.width_mm * (0.32F * swelling - 1.15F * groove);
  }
  return mark;
}

}  // namespace shogo::people
