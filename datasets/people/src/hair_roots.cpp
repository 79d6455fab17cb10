#include "hair_roots.h"

#include "face_chart.h"
#include "skin_texture.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// How many of the hairs over the forehead go to the sides instead, between the wisps: a fringe one sees
/// through.
float open_fringe(const Hair& hair, std::uint32_t key) {
  const float own = unit_of(hash32(key, 0xF419U));
  return hair.length_top_mm > 150 ? 0.35F + 0.5F * own : 0.15F + 0.4F * own;
}

/// Locks of short hair are small.
float lock_size(const Hair& hair) {
  return mix(5.5F, 13, smooth(15, 150, hair.length_top_mm)) * (hair.wave_mm > 3 ? 0.8F : 1.F);
}

}  // namespace

float top_of(Vec3 rest) {
  return smooth(15, 60, rest.y) * smooth(-175, -130, rest.z);
}

Bundling bundling_of(const Hair& hair, Vec3 rest) {
  const float length_mm = mix(hair.length_side_mm, hair.length_top_mm, top_of(rest));
  const float width = mix(0.9F, 3.0F, smooth(5, 110, length_mm)) * (1 - 0.3F * smooth(1, 5, hair.wave_mm));
  const float least = hair.tied || hair.back > 0.5F ? 7.F
                      : length_mm > 150             ? 4.5F
                      : hair.wave_mm > 3            ? 8.F
                                                    : 6.F;
  return {width, clamp(480 / (width * length_mm), least, 22)};
}

std::vector<HairRoot> roots_of(const Sitter& sitter, std::uint32_t key) {
  std::vector<HairRoot> roots;
  const Hair& hair = sitter.person.hair;
  const float open = open_fringe(hair, key);
  for (std::size_t q = 0; q < sitter.head.quads().size(); ++q) {
    const Quad& quad = sitter.head.quads()[q];
    if (quad.part != Part::kSkin) continue;
    Vec3 rest[4];
    float growth = 0, least = 1;
    for (std::size_t i = 0; i < 4; ++i) {
      rest[i] = sitter.head.rest()[quad.corner[i]];
      const float here =
          hair_growth(hair, sitter.person.sex, FaceChart::azimuth(rest[i]), FaceChart::elevation(rest[i]));
      growth = std::max(growth, here), least = std::min(least, here);
    }
    // Ears stand out of the scalp's region on the chart; nothing grows on them.
    const Vec3 middle = (rest[0] + rest[1] + rest[2] + rest[3]) * 0.25F;
    // Tied, what grows at the nape is gathered out of sight.
    if (hair.tied && middle.y < -38) continue;
    if (growth <= 0 || middle.y < -125 || (std::abs(middle.x) > 77 && middle.y < 28)) continue;
    const float area = 0.5F * length(cross(rest[2] - rest[0], rest[3] - rest[1]));
    // Closer where roots are seen: at the hairline and at the parting.
    const auto parting_at = [&](Vec3 at, float reach) {
      return 4 * std::min(1.F, 2 * hair.parted) *
             smooth(11 + reach, 4 + reach, std::abs(at.x - hair.part_mm)) * smooth(-140, -110, at.z + reach) *
             smooth(20, 50, at.y + reach);
    };
    // Quads are large: as dense as the densest place may be, then thinned root by root.
    const float parting = parting_at(middle, 14);
    const float edge = least < 0.97F && middle.z > -90 ? 3.5F : 0.F;
    const float expected = area * 0.01F * bundling_of(hair, middle).per_cm2 * (1 + std::max(edge, parting));
    const auto seed = hash32(key, static_cast<std::uint32_t>(q));
    const int count = static_cast<int>(expected + unit_of(seed));
    for (int i = 0; i < count; ++i) {
      const float s = unit_of(hash32(seed, static_cast<std::uint32_t>(i), 1U)),
                  t = unit_of(hash32(seed, static_cast<std::uint32_t>(i), 2U));
      const auto blend = [&](auto&& of) { return mix(mix(of(0), of(1), s), mix(of(3), of(2), s), t); };
      HairRoot root;
      root.rest = blend([&](std::size_t c) { return rest[c]; });
      root.growth = hair_growth(hair, sitter.person.sex, FaceChart::azimuth(root.rest),
                                FaceChart::elevation(root.rest)) *
                    std::sqrt(hair.density);
      if (unit_of(hash32(seed, static_cast<std::uint32_t>(i), 4U)) * (1 + std::max(edge, parting)) >
          1 + std::max(edge, parting_at(root.rest, 0)))
        continue;
      // The last lone hairs on bare skin would look like dirt.
      if (root.growth < 0.12F || unit_of(hash32(seed, static_cast<std::uint32_t>(i), 3U)) > root.growth)
        continue;
      root.position = blend([&](std::size_t c) { return sitter.shape[quad.corner[c]]; });
      root.parting = 0.25F * parting_at(root.rest, 0);
      // Its border is nowhere a line.
      const float border = unit_of(hash32(seed, static_cast<std::uint32_t>(i), 6U));
      if (hair.fringe_mm < 100 && root.rest.z > -95 + 20 * border &&
          std::abs(root.rest.x) < 42 + 20 * border) {
        // Whole wisps, and single hairs.
        const float wisp =
            0.5F + 0.75F * value_noise({root.rest.x * 0.14F, root.rest.z * 0.06F, 0.5F}, key + 8);
        root.fringe = mix(wisp, unit_of(hash32(seed, static_cast<std::uint32_t>(i), 5U)), 0.45F) > open;
      }
      root.normal = normalized(blend([&](std::size_t c) { return sitter.normal[quad.corner[c]]; }));
      root.lock = lock_at(root.rest, root.fringe ? 9.F : lock_size(hair), key + (root.fringe ? 21 : 22));
      roots.push_back(root);
    }
  }
  return roots;
}

}  // namespace shogo::people
