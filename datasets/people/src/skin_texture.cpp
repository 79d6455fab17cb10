#include "skin_texture.h"

#include "face_marks.h"
#include "skin_noise.h"
#include "wrinkles.h"
#include <algorithm>
#include <array>
#include <vector>

#include <shogo/people/exact.h>
#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// Linear reflectance from melanin and haemoglobin: each pigment takes its share of each colour
/// (Beer-Lambert). Shares chosen so that the span of human skin comes out (fair about 0.45/0.28/0.20, dark
/// about 0.06/0.035/0.025).
class Pigments {
 public:
  static constexpr float kMostMelanin = 1.6F, kMostBlood = 2.2F;
  Pigments() {
    for (std::size_t i = 0; i < kSteps; ++i) {
      const float share = static_cast<float>(i) / (kSteps - 1);
      const float m = 2.1F * share * kMostMelanin, b = 0.9F * share * kMostBlood;
      melanin_[i] = Vec3{0.66F * power(0.505F, m), 0.52F * power(0.375F, m), 0.42F * power(0.295F, m)};
      blood_[i] = Vec3{power(0.94F, b), power(0.64F, b), power(0.66F, b)};
    }
  }
  [[nodiscard]] Vec3 colour(float melanin, float blood) const {
    return look_up(melanin_, melanin / kMostMelanin) * look_up(blood_, blood / kMostBlood);
  }

 private:
  static constexpr std::size_t kSteps = 128;
  static float power(float base, float exponent) { return static_cast<float>(exact::pow(base, exponent)); }
  static Vec3 look_up(const std::array<Vec3, kSteps>& table, float share) {
    const float at = clamp01(share) * (kSteps - 1.001F);
    const auto i = static_cast<std::size_t>(at);
    return mix(table[i], table[i + 1], at - static_cast<float>(i));
  }
  std::array<Vec3, kSteps> melanin_, blood_;
};

std::uint8_t byte_of(float x) {
  return static_cast<std::uint8_t>(clamp(x * 255 + 0.5F, 0, 255));
}

struct Painted {
  Vec3 colour;
  float gloss = 0.4F, height = 0;
};

class Painter {
 public:
  Painter(const FaceChart& chart, const Person& person)
      : person_(person),
        key_(hash32(static_cast<std::uint32_t>(person.seed), static_cast<std::uint32_t>(person.seed >> 32))),
        wrinkles_(person),
        // Yellow, neutral or rosy below the pigments: strangers differ in it more than in how dark they are.
        tint_(undertone(person)),
        // Few in Japan are as brown, and hardly anybody is as red all over, as the tails of the draws.
        tanned_(eased(person.skin.melanin, 0.18F, mix(0.55F, 1.F, clamp01(2 * person.african)))),
        flushed_(eased(person.skin.blood, 0.36F, 0.4F)) {
    for (const Mole& mole : person.skin.moles)
      moles_.push_back({chart.rest_at(mole.azimuth, mole.elevation), mole.radius_mm, mole.darkness});
    // Age spots lie where the sun came from: temples, the sides of the forehead, high on the cheeks.
    const auto number = [&](std::uint32_t i, std::uint32_t what) { return unit_of(hash32(key_, i, what)); };
    const int spots = static_cast<int>(person.skin.age_spots * 17);
    for (int i = 0; i < spots; ++i) {
      const auto n = static_cast<std::uint32_t>(i);
      const float azimuth = (number(n, 0xA6E1U) > 0.5F ? 1.F : -1.F) * (22 + 56 * number(n, 0xA6E2U));
      spots_.push_back({chart.rest_at(azimuth, 42 - 62 * number(n, 0xA6E3U)),
                        0.9F + 2.7F * square(number(n, 0xA6E4U)), 0.035F + 0.075F * number(n, 0xA6E5U)});
    }
    // Small inflamed pores of the young.
    const float young = smooth(38, 18, person.age);
    const int pimples = static_cast<int>(young * 9 * square(number(0, 0xAC4EU)));
    for (int i = 0; i < pimples; ++i) {
      const auto n = static_cast<std::uint32_t>(i);
      pimples_.push_back({chart.rest_at((2 * number(n, 0xAC41U) - 1) * 62, 38 - 82 * number(n, 0xAC42U)),
                          0.6F + 0.7F * number(n, 0xAC43U), 0.25F + 0.5F * number(n, 0xAC44U)});
    }
  }

  /// How much hair grows there.
  [[nodiscard]] float scalp(const AtlasTexel& texel) const {
    return hair_growth(person_.hair, person_.sex, texel.azimuth, texel.elevation);
  }
  /// How much of its detail skin shows there. Under dense hair nobody sees any.
  [[nodiscard]] static float detail(const AtlasTexel& texel, float scalp) {
    return scalp > 0.97F ? 0 : evenness(texel);
  }
  /// Noise for texels that show detail.
  [[nodiscard]] SkinNoises noises() const { return SkinNoises(key_); }

  /// `noise` counts only where there is detail.
  [[nodiscard]] Painted at(const AtlasTexel& texel, float scalp, const SkinNoise& noise) const {
    const Skin& skin = person_.skin;
    const Vec3 p = texel.rest;
    const float front = smooth(-70, -10, p.z);
    const float side = std::abs(p.x);
    const float elevation = texel.elevation;
    // Large blotches, fine blotches.
    const float even = evenness(texel), detail = Painter::detail(texel, scalp);
    const bool detailed = detail > 0;
    const auto seen = [&](float value) { return detailed ? detail * value : 0; };
    const float coarse = seen(noise.coarse), fine = seen(noise.fine), grain = seen(noise.grain),
                dust = seen(noise.dust), flush = seen(noise.flush), patch = seen(noise.patch);
    float melanin = 0.03F + 0.97F * tanned_ + (0.008F + 0.022F * skin.mottle) * coarse + 0.004F * patch +
                    (0.011F + 0.015F * skin.mottle) * fine + 0.018F * grain + 0.014F * dust;
    float blood = 0.80F * flushed_ - 0.03F + (0.06F + 0.12F * skin.mottle) * flush + 0.045F * patch +
                  0.13F * fine + 0.16F * grain + 0.12F * dust;
    // Blood near the surface: cheeks, nose, ears, around the mouth; little on the forehead.
    blood += (0.07F + 0.50F * skin.cheek_red) * (1 + 0.3F * flush) *
             smooth(28, 5, std::sqrt(square(side - 40) + square(p.y + 36))) * front;
    blood += (0.10F + 0.5F * skin.nose_red) * smooth(17, 3, std::sqrt(p.x * p.x + square(p.y + 38))) * front;
    blood += 0.45F * smooth(67.5F, 73, side) * smooth(-48, -60, p.z) * even;
    blood += 0.09F * smooth(17, 5, std::sqrt(p.x * p.x + square(p.y + 98))) * front;
    // Paler between cheek and mouth and on the temples.
    blood -= 0.09F * smooth(15, 4, std::sqrt(square(side - 30) + square(1.2F * (p.y + 74)))) * front;
    // Around the lips as much as in the cheeks: paler they would stand on a muzzle.
    blood += 0.14F * smooth(36, 16, std::sqrt(square(p.x) + square(p.y + 68))) * front;
    blood -= 0.12F * smooth(30, 55, p.y) * front;
    melanin += 0.02F * smooth(25, 60, p.y) * front - 0.012F * smooth(-46, -60, elevation);
    blood -= 0.09F * smooth(-46, -60, elevation);
    if (skin.freckles > 0 && detail > 0) {
      const float spot = smooth(0.42F, 0.75F, value_noise(p * 0.55F, key_ + 5)) +
                         0.7F * smooth(0.5F, 0.8F, value_noise(p * 0.9F, key_ + 6));
      melanin += 0.085F * skin.freckles * spot * smooth(62, 35, side) * smooth(-62, -36, p.y) *
                 smooth(25, 0, p.y) * front;
    }
    for (const Placed& spot : spots_) {
      const float far = length(p - spot.rest);
      if (far < 2 * spot.radius_mm)
        melanin += spot.darkness * smooth(1.5F, 0.55F, far / spot.radius_mm + 0.45F * fine) * detail;
    }
    for (const Placed& pimple : pimples_) {
      const float far = length(p - pimple.rest);
      if (far < 2.2F * pimple.radius_mm)
        blood += pimple.darkness * smooth(2.2F, 0.4F, far / pimple.radius_mm);
    }
    for (const Placed& mole : moles_) {
      const float far = length(p - mole.rest);
      if (far < 2 * mole.radius_mm)
        melanin += 0.9F * mole.darkness * smooth(1.6F, 0.4F, far / mole.radius_mm);
    }
    // Thin skin around the eyes shows the blood below: darker and bluish.
    const float under = texel.bag * front;
    melanin += (0.012F + 0.045F * skin.under_eye) * under;
    blood += 0.06F * under;
    const float socket =
        smooth(15, 6, std::sqrt(square(side - FaceMarks::kEyeX) * 0.55F + square(p.y + 1) * 1.6F)) * front;
    melanin += 0.045F * socket;
    blood += 0.23F * socket;
    // Where all of it comes together a face would be a red mask over a pale neck.
    blood = eased(blood, 0.62F, 0.55F);
    Painted out;
    out.colour = pigments_.colour(melanin, blood) * tint_ * neck(p, side);
    // Oil on forehead, nose and chin, uneven as pores are.
    out.gloss = clamp01((0.25F + skin.oil * (0.35F + 0.6F * smooth(26, 8, side) * front)) *
                        (1 + 0.35F * fine + 0.45F * grain + 0.35F * dust));
    // Little oil above the lip and on the thin skin below the eyes.
    out.gloss *= 1 - 0.6F * smooth(22, 14, side) * smooth(-44, -49, p.y) * smooth(-72, -66, p.y) * front;
    out.gloss *= 1 - 0.35F * under;
    // The neck is dry.
    out.gloss *= 1 - 0.45F * smooth(-44, -54, elevation);
    out.colour = out.colour * ear(p, side);
    paint_lid(p, out);
    paint_lips(p, melanin, blood, fine, out);
    paint_hair(p, scalp, even, out);
    // Relief in millimetres: pores, fine lines, wrinkles.
    if (detail > 0 && front > 0)
      out.height += (0.5F + skin.pores) * (0.075F * noise.pores + 0.05F * dust) * (1 - 0.35F * under);
    // Old skin is creased all over: fine lines that run across the pull of the muscles below.
    if (detail > 0 && front > 0 && skin.wrinkles > 0.25F) {
      const float aged = skin.wrinkles - 0.25F;
      const bool brow = p.y > 22;
      const Vec3 along = brow ? Vec3{p.x * 0.06F, p.y * 0.55F, 1}
                              : Vec3{p.x * 0.40F + p.y * 0.12F * (p.x > 0 ? 1.F : -1.F), p.y * 0.26F, 2};
      const float lines = value_noise(along, key_ + 15), more = value_noise(p * 0.33F, key_ + 16);
      out.height -= 0.17F * aged * (1 - std::abs(lines) * 2) * (0.55F + 0.45F * more);
    }
    if (detailed && front > 0) {
      const Wrinkles::Mark mark = wrinkles_.at(p);
      out.height += front * mark.height_mm;
      // Light that bounces in a groove comes out red.
      const float dark = clamp(mark.groove * front * even, 0, 1);
      out.colour = out.colour * Vec3{1 - 0.21F * dark, 1 - 0.26F * dark, 1 - 0.25F * dark};
    }
    // The philtrum: a shallow groove between two soft ridges, from the nose to the bow of the lip.
    const float philtrum = smooth(-45, -50, p.y) * smooth(-63.5F, -59, p.y) * front;
    if (philtrum > 0 && side < 10)
      out.height +=
          philtrum * (0.40F * smooth(3.8F, 0, std::abs(side - 4.8F)) - 0.45F * smooth(4.4F, 0, side));
    out.height *= even;
    return out;
  }

 private:
  /// Below the jaw the chart is stretched thin: one even tone there.
  static float evenness(const AtlasTexel& texel) { return smooth(-60, -48, texel.elevation); }

  /// What lies above `from` counts only in part.
  static float eased(float x, float from, float share) {
    return std::min(x, from) + share * std::max(0.F, x - from);
  }

  static Vec3 undertone(const Person& person) {
    const auto seed = static_cast<std::uint32_t>(person.seed);
    const float yellow = signed_of(hash32(seed, 0x7E11U)), rose = signed_of(hash32(seed, 0x205EU));
    return {1.02F + 0.02F * rose, 1.03F - 0.02F * rose, 1.05F - 0.055F * yellow};
  }

  /// Light and shade of the neck's muscles (sternomastoid), which the shape lacks, and of the hollow between.
  static float neck(Vec3 p, float side) {
    const float below = smooth(-104, -124, p.y) * smooth(-95, -70, p.z);
    if (below <= 0) return 1;
    const float middle = 52 + 0.46F * (p.y + 90);
    return 1 + below * (0.04F * smooth(10, 1, std::abs(side - middle)) -
                        0.06F * smooth(middle - 5, middle - 16, side) * smooth(-112, -140, p.y) -
                        0.03F * smooth(middle + 6, middle + 16, side));
  }

  /// The hollow of the ear (concha) and the furrow below its rim: the chart's relief is too coarse for them.
  static Vec3 ear(Vec3 p, float side) {
    const float on = smooth(72.5F, 75, side) * smooth(-58, -64, p.z);
    if (on <= 0 || p.y < -60 || p.y > 20) return {1, 1, 1};
    const float hollow = smooth(81.5F, 78, side) * smooth(-36, -27, p.y) * smooth(7, -3, p.y);
    const float furrow =
        0.45F * smooth(1.6F, 0.3F, std::abs(side - 83.5F)) * smooth(-34, -26, p.y) * smooth(8, 2, p.y);
    const float dark = on * std::max(hollow, furrow);
    return {1 - 0.30F * dark, 1 - 0.40F * dark, 1 - 0.41F * dark};
  }

  /// The crease of a double lid (二重), which a single one lacks, and the line that lashes' roots draw.
  void paint_lid(Vec3 p, Painted& out) const {
    const float side = std::abs(p.x);
    if (p.z < -15 || side < 17 || side > 50 || p.y < -4 || p.y > 14) return;
    const float above = p.y - FaceMarks::upper_lid(side), fold = person_.eyes.lid_fold;
    // Near the nose the crease runs into the lid of some, beside it in others.
    const float open = 1.0F + 3.4F * fold * mix(smooth(17, 29, side), 1.F, 0.5F * fold);
    const float crease = smooth(0.15F, 0.5F, fold) * smooth(1.3F, 0.1F, std::abs(above - open)) *
                         smooth(17.5F, 21, side) * smooth(49, 41, side);
    const float root =
        smooth(1.5F, 0.3F, std::abs(above - 0.2F)) * smooth(18, 22, side) * smooth(46, 42, side);
    out.colour = out.colour * (1 - 0.42F * crease) * (1 - (0.25F + 0.45F * person_.eyes.lash) * root);
    out.height -= 0.5F * crease;
  }

  /// Soft shade in the corners of the mouth and in the hollow below the lower lip.
  static Vec3 around_lips(Vec3 p) {
    const float side = std::abs(p.x);
    if (p.z < -30 || side > 36 || p.y < -92 || p.y > -58) return {1, 1, 1};
    const float corner = smooth(4.2F, 0.4F, std::sqrt(square(side - 24.3F) + square(1.3F * (p.y + 67.6F)))),
                dimple = smooth(8, 1, std::sqrt(square(side - 26.5F) + square(p.y + 68.5F)));
    const float hollow = smooth(7.5F, 0.5F, std::abs(p.y + 82.5F + 0.008F * p.x * p.x)) * smooth(20, 5, side);
    const float dark = 0.36F * corner + 0.08F * dimple + 0.11F * hollow;
    return {1 - 0.72F * dark, 1 - dark, 1 - dark};
  }

  void paint_lips(Vec3 p, float melanin, float blood, float fine, Painted& out) const {
    const Skin& skin = person_.skin;
    const float seam = FaceMarks::lip_seam(p);
    const float lips = FaceMarks::lips(p);
    out.colour = out.colour * around_lips(p);
    if (lips <= 0 && seam <= 0) return;
    const bool male = person_.sex == Sex::kMale;
    // Thin skin: blood shows through, fuller below than above and towards the seam. Lipstick covers it in
    // part.
    // Blood below the lips has given its oxygen away in part: rose, not coral.
    const Vec3 bare =
        pigments_.colour(melanin + 0.02F + (male ? 0.12F : 0.08F) * skin.lip_dark,
                         blood + (male ? 0.42F : 0.66F) + (male ? 0.85F : 1.05F) * skin.lip_red) *
        tint_ * Vec3{0.93F, 0.92F, 1.05F};
    const float stick = 1.5F * clamp01(skin.lip_red - 0.6F);
    // From coral to wine.
    const Vec3 red =
        mix(bare, mix(Vec3{0.42F, 0.14F, 0.13F}, Vec3{0.24F, 0.06F, 0.08F}, skin.lip_dark), stick);
    const float side = std::abs(p.x);
    // Lines run from the seam outwards and spread a little.
    const float spread = p.x * (1.35F - 0.012F * std::abs(p.y + 67.5F));
    const float crease = 0.6F * value_noise({spread, p.y * 0.12F, 1}, key_ + 11) +
                         0.4F * value_noise({spread * 2.1F, p.y * 0.2F, 6}, key_ + 18);
    const float inward = smooth(8, 1, std::abs(p.y + 67.5F)), upper = smooth(-68.2F, -66.8F, p.y);
    const float full = ((male ? 0.76F : 0.82F) + 0.15F * inward) * (1 - 0.1F * smooth(16, 25, side));
    // The lower lip faces the light: as dark as the upper one it would still look pale, lightest along its
    // middle.
    const float lower = 1 - upper,
                ridge = lower * smooth(4, 0.5F, std::abs(p.y + 72.5F)) * smooth(17, 4, side);
    Vec3 lip = mix(out.colour, red, std::max(full, 0.9F * stick)) *
               mix(Vec3{1, 1, 1}, Vec3{0.89F, 0.79F, 0.81F}, lower);
    // However dark the skin or pale the lips, one is told from the other; less so in the old.
    const auto bright = [](Vec3 c) { return 0.3F * c.x + 0.6F * c.y + 0.1F * c.z; };
    const float most = mix(0.58F, 0.64F, smooth(55, 90, person_.age)) * bright(out.colour);
    const float over = std::max(0.F, 1 - most / std::max(bright(lip), 1e-4F));
    lip = lip * Vec3{1 - 0.6F * over, 1 - 1.15F * over, 1 - 1.05F * over};
    out.colour = mix(out.colour, lip * (1 + 0.10F * crease + 0.06F * fine + 0.07F * ridge), lips) *
                 (1 - 0.05F * lips * upper - 0.06F * lips * inward);
    out.colour = out.colour * mix(Vec3{1, 1, 1}, Vec3{0.40F, 0.24F, 0.24F}, seam) *
                 mix(Vec3{1, 1, 1}, Vec3{0.85F, 0.72F, 0.72F},
                     lips * smooth(FaceMarks::mouth_front(p.x), FaceMarks::mouth_front(p.x) - 4, p.z));
    // The roll of the lower lip shines, its sides and the upper lip hardly.
    const float wet = mix(0.30F + 0.24F * ridge, 0.22F, upper) + 0.35F * stick;
    out.gloss = mix(out.gloss, wet * (1 + 0.25F * crease), lips);
    out.height += lips * ((upper > 0.5F ? 0.06F : 0.08F) * crease);
  }

  void paint_hair(Vec3 p, float scalp, float even, Painted& out) const {
    const Hair& hair = person_.hair;
    const Vec3 dark = mix(Vec3{0.026F, 0.022F, 0.02F}, Vec3{0.15F, 0.085F, 0.05F}, hair.brown);
    const Vec3 tint = mix(dark, Vec3{0.33F, 0.32F, 0.31F}, hair.grey * 0.8F);
    if (scalp > 0) {
      const float grown = hair.length_top_mm < 12 ? 0.25F : 0.06F;
      const float grain = 1 - grown + grown * value_noise(p * 1.1F, key_ + 12);
      const float amount =
          (hair.length_top_mm < 12 ? 0.92F : 1.F) * (1 - 0.15F * hair.grey) * (0.75F + 0.25F * hair.density);
      // Hair keeps the light from the scalp: darker than itself, with a soft edge at the hairline.
      const float under = scalp * scalp * (0.5F + 0.5F * scalp);
      // Deep between hairs skin loses its red: a parting is no scratch.
      const float pale = (out.colour.x + out.colour.y + out.colour.z) * (1.F / 3);
      const Vec3 between =
          mix(out.colour, Vec3{pale * 1.12F, pale, pale * 0.9F}, 0.8F * scalp * scalp * scalp);
      out.colour = mix(between, tint * 0.7F, clamp01(under * amount * grain));
      out.gloss *= 1 - clamp01(under * amount);
    }
    const float brow = brow_cover(person_, p.x, p.y) * smooth(-30, -5, p.z);
    if (brow > 0) {
      // The shade of hairs too fine to be drawn, uneven as they grow; pencil fills it.
      const float side = std::abs(p.x);
      const float streaks = value_noise({side * 0.16F + p.y * 0.05F, p.y * 0.6F - side * 0.2F, 4}, key_ + 17);
      const Brows& brows = person_.brows;
      const float thick = brow * (0.28F + 0.36F * brows.density + 0.10F * brows.groomed) *
                          (1 + (0.35F - 0.2F * brows.groomed) * streaks);
      const float grey = clamp01(hair.grey * hair.grey * 0.7F);
      const Vec3 tone =
          mix(out.colour * Vec3{0.23F, 0.195F, 0.18F}, out.colour * Vec3{0.52F, 0.49F, 0.48F}, grey);
      out.colour = mix(out.colour, mix(tone, dark, 0.15F), clamp01(thick));
      out.gloss *= 1 - 0.6F * brow;
    }
    if (person_.skin.stubble > 0) {
      const float beard = even * FaceMarks::beard(p) * (0.7F + 0.3F * value_noise(p * 0.5F, key_ + 13));
      const float dots = 0.55F + 0.45F * value_noise(p * 1.4F, key_ + 14);
      const Vec3 shadow = mix(out.colour * Vec3{0.52F, 0.56F, 0.62F}, tint, 0.25F);
      out.colour = mix(out.colour, shadow, clamp01(beard * dots * person_.skin.stubble * 1.35F));
    }
  }

  struct Placed {
    Vec3 rest;
    float radius_mm, darkness;
  };
  const Person& person_;
  std::uint32_t key_;
  Pigments pigments_;
  Wrinkles wrinkles_;
  Vec3 tint_;
  float tanned_, flushed_;
  std::vector<Placed> moles_, spots_, pimples_;
};

}  // namespace

float hair_growth(const Hair& hair, Sex sex, float azimuth, float elevation) {
  // The hairline: elevation above which hair grows, for directions from the face (0) to the nape (180
  // degrees).
  struct Knot {
    float azimuth, elevation;
  };
  constexpr std::array<Knot, 14> kLine = {{{0, 46},
                                           {18, 46.5F},
                                           {33, 44.5F},
                                           {45, 41},
                                           {54, 33},
                                           {62, 19},
                                           {69, 3},
                                           {77, 3},
                                           {82, 22},
                                           {98, 26},
                                           {112, 2},
                                           {128, -30},
                                           {150, -43},
                                           {181, -44}}};
  const float a = std::abs(azimuth);
  std::size_t i = 1;
  while (i + 1 < kLine.size() && a > kLine[i].azimuth) ++i;
  const float t = smooth(kLine[i - 1].azimuth, kLine[i].azimuth, a);
  float line = mix(kLine[i - 1].elevation, kLine[i].elevation, t);
  if (sex == Sex::kFemale)  // shorter sideburns, a rounder line
    line += 4 * smooth(50, 58, a) * smooth(80, 74, a) - 5 * smooth(20, 38, a) * smooth(64, 50, a);
  line +=
      hair.line_degrees * smooth(74, 42, a) + hair.temples_degrees * smooth(14, 34, a) * smooth(66, 46, a);
  // Temples are seen from the front too.
  line -= 7 * smooth(42, 54, a) * smooth(70, 61, a);
  // How far its waves go, and how far below it the first hairs grow: nothing lies farther down.
  constexpr float kWide = 1.5F, kNarrow = 0.9F, kBelow = 4.5F;
  if (hair.recession >= 0 && elevation < line - (kWide + kNarrow + kBelow + 0.1F)) return 0;
  // No hairline is a ruled curve, nor the same on both sides.
  const float waves = smooth(74, 60, a);
  if (waves > 0)
    line += (kWide * value_noise(azimuth * 0.075F + 40, 3 * hair.temples_degrees, 0x11E5U) +
             kNarrow * value_noise(azimuth * 0.21F + 80, 5 * hair.temples_degrees, 0x11E6U)) *
            waves;
  line += hair.recession * (6 * smooth(60, 15, a) + 9 * smooth(4, 30, a) * smooth(62, 38, a));
  // Where it recedes it thins first.
  const float soft = 9 * hair.recession * smooth(70, 40, a) + 13 * smooth(50, 62, a) * smooth(84, 76, a);
  float growth = smooth(line - kBelow, line + 7.5F + soft, elevation);
  // Clippers fade short sides into the skin around the ears and at the sideburns.
  if (sex == Sex::kMale && hair.length_side_mm < 30)
    growth *=
        1 - 0.72F * smooth(30, 12, hair.length_side_mm) * smooth(56, 66, a) *
                smooth(mix(20.F, -8.F, smooth(95, 150, a)), mix(-4.F, -40.F, smooth(95, 150, a)), elevation);
  if (hair.balding > 0) {
    // What is left is a wreath around sides and back.
    const float aside = smooth(50, 95, a);
    const float crown = smooth(mix(18.F, 34.F, aside), mix(42.F, 60.F, aside), elevation);
    growth *= 1 - std::min(1.F, 1.2F * hair.balding) * crown;
  }
  return growth;
}

SkinTexture paint_skin(const FaceChart& chart, const Person& person) {
  constexpr int kW = SkinTexture::kWidth, kH = SkinTexture::kHeight;
  const Painter painter(chart, person);
  SkinTexture out;
  out.texels.resize(std::size_t{kW} * kH);
  std::vector<float> height(out.texels.size());
  SkinNoises noises = painter.noises();
  std::array<float, kW> scalp{};
  std::vector<Vec3> detailed;
  for (std::size_t row = 0; row < out.texels.size(); row += kW) {
    detailed.clear();
    for (std::size_t x = 0; x < kW; ++x) {
      const AtlasTexel& texel = chart.texels()[row + x];
      scalp[x] = painter.scalp(texel);
      if (Painter::detail(texel, scalp[x]) > 0) detailed.push_back(texel.rest);
    }
    auto noise = noises.at(detailed).begin();
    for (std::size_t x = 0; x < kW; ++x) {
      const AtlasTexel& texel = chart.texels()[row + x];
      const bool has_noise = Painter::detail(texel, scalp[x]) > 0;
      const Painted painted = painter.at(texel, scalp[x], has_noise ? *noise++ : SkinNoise{});
      const auto root = [](float c) { return byte_of(std::sqrt(clamp01(c))); };
      out.texels[row + x] = {root(painted.colour.x),
                             root(painted.colour.y),
                             root(painted.colour.z),
                             byte_of(painted.gloss),
                             0,
                             0};
      height[row + x] = painted.height;
    }
  }
  for (int y = 1; y + 1 < kH; ++y)
    for (int x = 1; x + 1 < kW; ++x) {
      const std::size_t at = static_cast<std::size_t>(y) * kW + static_cast<std::size_t>(x);
      const Vec3 across = chart.texels()[at + 1].rest - chart.texels()[at - 1].rest,
                 down = chart.texels()[at + kW].rest - chart.texels()[at - kW].rest;
      const float wide = std::max(length(across), 0.4F), tall = std::max(length(down), 0.4F);
      const auto slope = [](float x_) { return static_cast<std::int8_t>(clamp(x_ * 64, -96, 96)); };
      out.texels[at].du = slope((height[at + 1] - height[at - 1]) / wide);
      out.texels[at].dv = slope((height[at - kW] - height[at + kW]) / tall);
    }
  return out;
}

}  // namespace shogo::people
