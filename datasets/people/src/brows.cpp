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

/// Brows of one side. Nobody's two are alike: one starts nearer to the nose, is fuller, or climbs more.
struct OneBrow {
  Brows like;
  std::uint32_t key;
};

std::uint32_t brows_key(const Person& person) {
  return hash32(static_cast<std::uint32_t>(person.seed), 0xB403U);
}

OneBrow one_brow(const Person& person, bool left) {
  OneBrow one{person.brows, hash32(brows_key(person), left ? 0x1EF7U : 0x419FU)};
  const auto own = [&](std::uint32_t what) { return signed_of(hash32(one.key, what)); };
  Brows& like = one.like;
  like.height_mm += (left ? 1.F : -1.F) * like.asymmetry_mm;
  like.inner_gap_mm += 0.8F * own(1);
  like.length *= 1 + 0.03F * own(2);
  like.thickness *= 1 + 0.07F * own(3);
  like.arch += 0.05F * own(4);
  like.peak = clamp(like.peak + 0.03F * own(5), 0.48F, 0.80F);
  like.density *= 1 + 0.08F * own(6);
  return one;
}

/// Half the height of a brow: rounded at the nose, full in its body, a thin tail.
float half_height(const Brows& brows, float t) {
  return 4.1F * brows.thickness * (1 - brows.taper * smooth(0.30F, 1.04F, t)) *
         (0.60F + 0.40F * smooth(-0.06F, 0.22F, t));
}

float along_brow(const Brows& brows, float x) {
  return (std::abs(x) - FaceMarks::kBrowInner - brows.inner_gap_mm) / (FaceMarks::kBrowLength * brows.length);
}

/// No brow is drawn with a ruler: its middle wanders by half a millimetre.
float middle_of_brow(const OneBrow& one, float x) {
  return FaceMarks::brow_line(one.like, along_brow(one.like, x)) +
         0.45F * value_noise(std::abs(x) * 0.13F, 0.5F, one.key + 7);
}

float cover_at(const OneBrow& one, float x, float y) {
  const Brows& brows = one.like;
  const float t = along_brow(brows, x);
  if (t < -0.14F || t > 1.08F) return 0;
  const float side = std::abs(x), wild = 1 - 0.5F * brows.groomed, half = half_height(brows, t);
  float off = y - middle_of_brow(one, x);
  if (std::abs(off) > half + 3.5F) return 0;
  // Tufts reach beyond both borders and leave bays between them.
  off -= wild * (off > 0 ? 0.75F * value_noise(side * 0.34F, 3.5F, one.key + 8)
                         : 0.60F * value_noise(side * 0.30F, 6.5F, one.key + 9));
  // No border anywhere; the lower one is the clearer, above all when it is plucked.
  const float soft = 1.9F - 0.8F * brows.groomed;
  const float edge =
      off > 0 ? smooth(half + soft, 0.20F * half, off) : smooth(half + 0.65F * soft, 0.35F * half, -off);
  // It starts hair by hair, later above and below than in its middle.
  const float start = t - 0.05F * square(off / half) + 0.03F * value_noise(y * 0.5F, 9.5F, one.key + 10);
  return edge * smooth(-0.12F, 0.30F, start) * smooth(1.08F, 0.66F, t);
}

}  // namespace

float brow_cover(const Person& person, float x, float y) {
  // Most of the face is far from them.
  if (std::abs(y - FaceMarks::kBrowY - person.brows.height_mm) > 26) return 0;
  return cover_at(one_brow(person, x > 0), x, y);
}

void add_brows(const Sitter& sitter, const SkinTexture& skin, const std::vector<float>& light,
               Strands& strands) {
  const Brows& both = sitter.person.brows;
  const FrontFinder finder(sitter);
  Hair dark = sitter.person.hair, grey = sitter.person.hair;
  dark.grey = 0;
  // A little lighter than the hair of the head.
  dark.brown = clamp01(0.35F * dark.brown + 0.06F + 0.06F * both.groomed);
  grey.grey = 1;
  // Brows turn grey after the head, hair by hair.
  const float turned = square(sitter.person.hair.grey) * 0.5F;
  const bool man = sitter.person.sex == Sex::kMale, old_man = man && sitter.person.age > 60;
  for (const bool left : {false, true}) {
    const OneBrow one = one_brow(sitter.person, left);
    const Brows& brows = one.like;
    const float side = left ? 1.F : -1.F;
    const int wanted = static_cast<int>((680 + 620 * brows.density) * brows.length);
    for (int i = 0; i < wanted; ++i) {
      const std::uint32_t k = hash32(one.key, static_cast<std::uint32_t>(i), 1U);
      const auto r = [&](std::uint32_t n) { return unit_of(hash32(k, n)); };
      const float t = r(1) * 1.18F - 0.11F;
      const float x =
          side * (FaceMarks::kBrowInner + brows.inner_gap_mm + FaceMarks::kBrowLength * brows.length * t);
      const float half = half_height(brows, t), v = (r(2) + r(3) - 1) * 1.5F,
                  y = middle_of_brow(one, x) + v * half,
                  // What stands up at the nose is rooted lower, what hangs at the tail higher.
          root_y = y - 0.9F * smooth(0.30F, 0, t) + 0.8F * smooth(0.55F, 1, t);
      const float cover = cover_at(one, x, y);
      // A few grow outside.
      const float stray = 0.018F * (1 - both.groomed) * smooth(-0.11F, 0.1F, t) * smooth(1.07F, 0.9F, t);
      if (r(4) * (1.02F - 0.10F * brows.bushiness) > cover + stray) continue;
      const FrontFinder::Hit root = finder.at(x, root_y);
      if (!root.found) continue;
      // The field: a fan that stands up at the nose and lies down within a third of the way; upper hairs run
      // down and lower ones up, to meet in the middle; the tail falls. Each goes its own way.
      const float lie = smooth(-0.08F, 0.40F, t);
      const float up = mix(1.5F, 0.34F, lie) - (0.10F + 0.66F * lie) * clamp(v, -1, 1) -
                       0.66F * smooth(0.52F, 1, t) + (0.75F + 0.5F * (1 - lie)) * (r(5) - 0.5F);
      const float out = mix(0.42F + 0.6F * (r(8) - 0.5F), 1.F, lie);
      Vec3 along = normalized(Vec3{side * out, up, 0});
      along = normalized(along - root.normal * dot(along, root.normal));
      // Later it bends on to where the brow runs.
      Vec3 then = normalized(Vec3{side, 0.42F * up - 0.18F, 0});
      then = normalized(then - root.normal * dot(then, root.normal));
      const float wild = old_man && r(9) > 0.93F - 0.10F * both.bushiness ? 1.35F + 0.4F * r(13) : 1.F;
      // Strong hairs over many fine ones that were cut, broken or are still growing.
      const float strong = smooth(0.45F, 0.85F, r(12));
      const float size = (2.2F + 2.2F * r(6) + 2.6F * strong) * (0.75F + 0.5F * brows.bushiness) *
                         mix(0.74F, 1.F, lie) * (1 - 0.35F * smooth(0.7F, 1, t)) * wild;
      const bool turns_grey = r(10) < turned;
      float lit = 0;
      Strand strand;
      strand.material = Material::kBrow;
      strand.width_mm = (0.10F + 0.05F * brows.bushiness + (man ? 0.13F : 0.11F) * strong) *
                        (0.85F + 0.3F * r(7)) * mix(0.8F, 1.F, lie);
      strand.under = painted_at(skin, root.rest);
      // Light passes between hairs and through fine ones: at the borders skin and hair mix.
      const float full = clamp01(0.66F + 0.18F * r(11) + 0.30F * strong) * (0.58F + 0.42F * cover) *
                         mix(0.8F, 1.F, lie) * (turns_grey ? 0.72F : 1.F);
      strand.colour = mix(
          strand.under,
          hair_colour(turns_grey ? grey : dark, k, k) * (turns_grey ? Vec3{1, 0.95F, 0.88F} : Vec3{1, 1, 1}),
          full);
      for (std::size_t c = 0; c < 3; ++c) lit += light[root.corner[c]] * root.share[c];
      strand.light = lit;
      strand.key = k;
      strand.spread = clamp01(3 * turned);
      // They follow the bone, which curves away under them, and stand clear of the skin's coarse edges.
      const Vec3 off = root.normal * 0.15F, down = root.normal * (size * size * 0.004F);
      add_strand(strands,
                 {root.position + off, root.position + along * (0.5F * size) + off * 3.4F - down * 0.25F,
                  root.position + along * (0.5F * size) + then * (0.5F * size) + off * 4.0F - down},
                 {1, 1, 1}, strand);
    }
  }
}

}  // namespace shogo::people
