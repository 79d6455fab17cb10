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

namespace {

/// Half the height of a brow: rounded at the nose, full in its body, a thin tail.
float half_height(const Brows& brows, float t) {
  return 3.5F * brows.thickness * (1 - brows.taper * smooth(0.34F, 1.04F, t)) *
         (0.62F + 0.38F * smooth(-0.05F, 0.20F, t));
}

float along_brow(const Brows& brows, float x) {
  return (std::abs(x) - FaceMarks::kBrowInner - brows.inner_gap_mm) / (FaceMarks::kBrowLength * brows.length);
}

float middle_of_brow(const Brows& brows, float x) {
  return FaceMarks::brow_line(brows, along_brow(brows, x)) + (x > 0 ? 1.F : -1.F) * brows.asymmetry_mm;
}

}  // namespace

float brow_cover(const Brows& brows, float x, float y) {
  const float t = along_brow(brows, x);
  if (t < -0.12F || t > 1.08F) return 0;
  const float off = y - middle_of_brow(brows, x), half = half_height(brows, t);
  // No border anywhere; the lower one is the clearer, above all when it is plucked.
  const float soft = 1.5F - 0.6F * brows.groomed;
  const float edge =
      off > 0 ? smooth(half + soft, 0.25F * half, off) : smooth(half + 0.7F * soft, 0.40F * half, -off);
  return edge * smooth(-0.10F, 0.26F, t) * smooth(1.08F, 0.66F, t);
}

void add_brows(const Sitter& sitter, const SkinTexture& skin, const std::vector<float>& light,
               Strands& strands) {
  const Brows& brows = sitter.person.brows;
  const FrontFinder finder(sitter);
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(sitter.person.seed), 0xB403U);
  Hair dark = sitter.person.hair, grey = sitter.person.hair;
  dark.grey = 0;
  dark.brown = 0.25F * dark.brown + 0.04F + 0.10F * brows.groomed;
  grey.grey = 1;
  // Brows turn grey after the head, hair by hair.
  const float turned = square(sitter.person.hair.grey) * 0.6F;
  const bool old_man = sitter.person.sex == Sex::kMale && sitter.person.age > 60;
  const int wanted = static_cast<int>(560 + 640 * brows.density);
  for (const float side : {-1.F, 1.F})
    for (int i = 0; i < wanted; ++i) {
      const std::uint32_t k = hash32(key, static_cast<std::uint32_t>(i), side > 0 ? 1U : 0U);
      const auto r = [&](std::uint32_t n) { return unit_of(hash32(k, n)); };
      const float t = r(1) * 1.14F - 0.08F;
      const float x =
          side * (FaceMarks::kBrowInner + brows.inner_gap_mm + FaceMarks::kBrowLength * brows.length * t);
      const float half = half_height(brows, t), v = (r(2) + r(3) - 1) * 1.5F,
                  y = middle_of_brow(brows, x) + v * half,
                  // What stands up at the nose is rooted lower, what hangs at the tail higher.
          root_y = y - 1.2F * smooth(0.30F, 0, t) + 0.8F * smooth(0.55F, 1, t);
      const float cover = brow_cover(brows, x, y);
      // A few grow outside.
      if (r(4) * (1.02F - 0.10F * brows.bushiness) > cover) continue;
      const FrontFinder::Hit root = finder.at(x, root_y);
      if (!root.found) continue;
      // The field: a fan that stands up at the nose and lies down within a third of the way; upper hairs run
      // down and lower ones up, to meet in the middle; the tail falls.
      const float lie = smooth(-0.08F, 0.36F, t);
      const float up = mix(1.5F, 0.26F, lie) - (0.10F + 0.62F * lie) * clamp(v, -1, 1) -
                       0.62F * smooth(0.52F, 1, t) + (0.55F + 0.5F * (1 - lie)) * (r(5) - 0.5F);
      const float out = mix(0.42F + 0.5F * (r(8) - 0.5F), 1.F, lie);
      Vec3 along = normalized(Vec3{side * out, up, 0});
      along = normalized(along - root.normal * dot(along, root.normal));
      // Later it bends on to where the brow runs.
      Vec3 then = normalized(Vec3{side, 0.45F * up - 0.15F, 0});
      then = normalized(then - root.normal * dot(then, root.normal));
      const float wild = old_man && r(9) > 0.93F ? 1.5F : 1.F;
      const float size = (2.8F + 3.4F * r(6)) * (0.75F + 0.55F * brows.bushiness) * mix(0.72F, 1.F, lie) *
                         (1 - 0.35F * smooth(0.7F, 1, t)) * wild;
      const bool turns_grey = r(10) < turned;
      float lit = 0;
      Strand strand;
      strand.material = Material::kBrow;
      strand.width_mm = (0.12F + 0.05F * brows.bushiness) * (0.7F + 0.6F * r(7));
      strand.under = painted_at(skin, root.rest);
      // Light passes between hairs and through fine ones: at the borders skin and hair mix.
      const float full = (0.62F + 0.38F * r(11)) * (0.45F + 0.55F * cover) * (turns_grey ? 0.4F : 1.F);
      strand.colour = mix(
          strand.under,
          hair_colour(turns_grey ? grey : dark, k, k) * (turns_grey ? Vec3{1, 0.95F, 0.88F} : Vec3{1, 1, 1}),
          full + 0.12F);
      for (std::size_t c = 0; c < 3; ++c) lit += light[root.corner[c]] * root.share[c];
      strand.light = lit;
      strand.key = k;
      // They follow the bone, which curves away under them.
      const Vec3 off = root.normal * 0.15F, down = root.normal * (size * size * 0.004F);
      add_strand(strands,
                 {root.position + off, root.position + along * (0.5F * size) + off * 1.6F - down * 0.25F,
                  root.position + along * (0.5F * size) + then * (0.5F * size) + off * 1.6F - down},
                 {1, 1, 1}, strand);
    }
}

}  // namespace shogo::people
