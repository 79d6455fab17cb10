// Eyebrows: hairs that start upright near the nose and lie down towards the temple.
#include "face_marks.h"
#include "figure_parts.h"
#include "skin_texture.h"
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {

Vec3 hair_colour(const Hair& hair, std::uint32_t key, std::uint32_t bundle) {
  const float own = 0.5F * signed_of(hash32(key, 0xC010U)) + 0.5F * signed_of(hash32(bundle, 0xC010U));
  // A strand stands for a bundle: grey mixes into all of them, into some more.
  const float uneven = 0.4F * signed_of(hash32(key, 0x6EE7U)) + 0.6F * signed_of(hash32(bundle, 0x6EE7U));
  const float grey =
      hair.grey <= 0 ? 0
                     : smooth(-0.05F, 1.05F, hair.grey * 1.1F + 0.7F * hair.grey * (1 - hair.grey) * uneven);
  const Vec3 black{0.012F, 0.0105F, 0.0098F}, brown{0.16F, 0.085F, 0.045F};
  return mix(mix(black, brown, hair.brown) * (1 + 0.22F * own),
             Vec3{0.36F, 0.352F, 0.335F} * (1 + 0.10F * own), grey);
}

void add_brows(const Sitter& sitter, const SkinTexture& skin, Strands& strands) {
  const Brows& brows = sitter.person.brows;
  const FrontFinder finder(sitter);
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(sitter.person.seed), 0xB403U);
  Hair colour = sitter.person.hair;
  colour.grey *= colour.grey * 0.5F;
  colour.brown = 0.5F * colour.brown + 0.16F;
  const int wanted = static_cast<int>(420 + 620 * brows.density);
  for (const float side : {-1.F, 1.F})
    for (int i = 0; i < wanted; ++i) {
      const std::uint32_t k = hash32(key, static_cast<std::uint32_t>(i), side > 0 ? 1U : 0U);
      const auto r = [&](std::uint32_t n) { return unit_of(hash32(k, n)); };
      const float t = r(1) * 1.07F - 0.04F;
      const float inner = FaceMarks::kBrowInner + brows.inner_gap_mm,
                  x = inner + FaceMarks::kBrowLength * brows.length * t;
      const float y = FaceMarks::brow_line(brows, t) + side * brows.asymmetry_mm +
                      (r(2) + r(3) - 1) * 4.4F * brows.thickness;
      // A few grow outside the brow, which has no border.
      if (r(4) * 0.96F > brow_cover(brows, x * side, y)) continue;
      const FrontFinder::Hit root = finder.at(x * side, y);
      if (!root.found) continue;
      // Up near the nose, along the brow in its body; the upper ones lie down, the lower ones rise to meet
      // them.
      const float lie = smooth(-0.02F, 0.30F, t);
      const float above = (y - FaceMarks::brow_line(brows, t)) / (4 * brows.thickness);
      const float up = mix(1.F, 0.30F, lie) - 0.65F * above * lie - 0.45F * smooth(0.65F, 1, t) +
                       0.35F * (r(5) - 0.5F) * (0.5F + brows.bushiness);
      Vec3 along = normalized(Vec3{side * mix(0.30F, 1.F, lie), up, 0});
      along = normalized(along - root.normal * dot(along, root.normal));
      const float size =
          (3.2F + 3.2F * r(6)) * (0.75F + 0.5F * brows.bushiness) * (1 - 0.3F * smooth(0.7F, 1, t));
      Strand strand;
      strand.material = Material::kBrow;
      strand.width_mm = (0.13F + 0.05F * brows.bushiness) * (0.75F + 0.5F * r(7));
      // Against the skin, the grey of the head's hair would look blue.
      strand.colour = hair_colour(colour, k, k) * Vec3{1, 0.92F, 0.80F};
      strand.under = painted_at(skin, root.rest);
      strand.light = 0.85F;
      strand.key = k;
      const Vec3 off = root.normal * 0.25F;
      add_strand(strands,
                 {root.position + off, root.position + along * (0.5F * size) + off * 1.8F,
                  root.position + along * size - Vec3{0, 0.05F * size, 0} + off * 1.6F},
                 {1, 1, 1}, strand);
    }
}

}  // namespace shogo::people
