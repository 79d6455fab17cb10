// Sampling a person.
#include "draw.h"
#include "face_features.h"
#include "face_marks.h"
#include "hair_styles.h"
#include "shape_memo.h"
#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include <shogo/people/person.h>

namespace shogo::people {
namespace {

constexpr std::array kRecipes = {Recipe{"clinic", 1.15F}, Recipe{"balanced", 1.15F}};

/// Spread (standard deviation) of an axis in units of its extremes, by what it moves. Judged by eye on
/// sheets: at 1.0 times these, faces look like people in a waiting room. Eyes, nose and brows vary
/// most: where they did not, people were too alike (docs/people-separability.md).
struct Spread {
  std::string_view stem;
  float deviation;
  float low = -0.9F, high = 0.9F;  ///< beyond, targets look broken
};
/// MakeHuman's axes reach far beyond what people vary, and very many of them act together.
constexpr float kNatural = 0.74F;
constexpr std::array kSpreads = {
    // Moving the whole head, or parts sideways, is a pose or an asymmetry, not a face.
    Spread{"head/head-trans", 0}, Spread{"neck/neck-trans", 0}, Spread{"head/head-angle", 0.06F},
    Spread{"head/head-age", 0},
    // Whole lengths and widths may vary as they like; squares, triangles and diamonds look cut from wood.
    Spread{"head/head-scale-vert", 0.34F, -0.3F, 0.34F}, Spread{"head/head-scale-horiz", 0.42F, -0.5F, 0.5F},
    Spread{"head/head-scale-depth", 0.3F}, Spread{"head/head-fat", 0.26F, 0, 0.35F},
    Spread{"head/head-skinny", 0.30F, 0, 0.45F}, Spread{"head/head-", 0.22F, -0.4F, 0.4F},
    Spread{"head/", 0.18F, -0.3F, 0.3F}, Spread{"nose/nose-trans-horiz", 0.04F},
    Spread{"nose/nose-trans-vert", 0.36F, -0.5F, 0.5F}, Spread{"nose/nose-scale-vert", 0.48F, -0.45F, 0.7F},
    Spread{"nose/nose-scale-depth", 0.40F, -0.2F, 0.6F}, Spread{"nose/nose-trans-depth", 0.30F, -0.35F, 0.3F},
    Spread{"nose/nose-septumangle", 0.26F, -0.35F, 0.25F},
    Spread{"nose/nose-nostrils-angle", 0.30F, -0.4F, 0.25F},
    Spread{"nose/nose-nostril-width", 0.36F, -0.5F, 0.4F}, Spread{"nose/nose-height", 0.36F, -0.5F, 0.35F},
    Spread{"nose/nose-compression", 0.30F, -0.25F, 0.4F}, Spread{"nose/nose-point-width", 0.40F, -0.5F, 0.5F},
    Spread{"nose/nose-hump", 0.34F, -0.4F, 0.4F}, Spread{"mouth/mouth-trans-in", 0.05F},
    Spread{"mouth/mouth-trans-out", 0.05F}, Spread{"mouth/mouth-trans", 0.28F, -0.35F, 0.2F},
    Spread{"mouth/mouth-scale-depth", 0.22F, -0.3F, 0.2F}, Spread{"mouth/mouth-angles", 0.14F, -0.08F, 0.22F},
    Spread{"mouth/mouth-laugh-lines", 0.15F}, Spread{"mouth/mouth-philtrum-volume", 0.2F, -0.2F, 0.2F},
    Spread{"eyes/eye-push", 0.12F}, Spread{"eyes/eye-bag", 0.2F}, Spread{"eyes/eye-size", 0.34F},
    Spread{"eyes/eye-height", 0.40F, -0.22F, 0.5F}, Spread{"eyes/eye-move", 0.30F},
    Spread{"eyes/eye-epicanthus", 0.7F}, Spread{"chin/chin-jaw-drop", 0.10F, -0.2F, 0.15F},
    Spread{"chin/chin-cleft", 0.12F}, Spread{"chin/chin-width", 0.42F, -0.6F, 0.3F},
    Spread{"chin/chin-bones", 0.32F, -0.5F, 0.25F}, Spread{"chin/chin-prognathism", 0.2F, -0.25F, 0.25F},
    Spread{"neck/neck-double", 0.15F}, Spread{"eyebrows/eyebrows-angle", 0.12F, -0.15F, 0.2F},
    Spread{"eyebrows/eyebrows-trans-depth", 0.2F, -0.25F, 0.2F},
    Spread{"eyebrows/eyebrows-trans-vert", 0.22F, -0.15F, 0.35F}, Spread{"eyes/", 0.48F, -0.6F, 0.6F},
    Spread{"nose/", 0.39F, -0.5F, 0.5F}, Spread{"mouth/", 0.28F, -0.45F, 0.45F},
    Spread{"ears/ear-wing", 0.22F, -0.6F, 0.2F}, Spread{"ears/ear-flap", 0.2F, -0.6F, 0.1F},
    Spread{"ears/", 0.30F}, Spread{"cheek/", 0.38F, -0.5F, 0.5F}, Spread{"chin/", 0.34F, -0.5F, 0.5F},
    Spread{"forehead/", 0.36F, -0.4F, 0.4F}, Spread{"neck/", 0.18F}, Spread{"asym/", 0.11F, -0.2F, 0.2F}};

Spread spread_of(std::string_view stem) {
  for (const Spread& spread : kSpreads)
    if (stem.starts_with(spread.stem)) return {stem, kNatural * spread.deviation, spread.low, spread.high};
  return {stem, 0};
}

/// "eyes/l-eye-size" -> "eyes/eye-size": both sides share one draw, plus a little of their own.
std::string both_sides(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return name;
  const std::string leaf = name.substr(slash + 1);
  if (!leaf.starts_with("l-") && !leaf.starts_with("r-")) return name;
  return name.substr(0, slash + 1) + leaf.substr(2);
}

void draw_shape(Person& person, const Draw& draw, const Recipe& recipe, const HeadModel& head) {
  for (const Axis& axis : head.axes()) {
    const std::string stem = both_sides(axis.name);
    const Spread spread = spread_of(stem);
    const float deviation = spread.deviation * recipe.strength;
    if (deviation <= 0) continue;
    float value = draw.normal("axis." + stem, 0, deviation);
    if (stem != axis.name) value += draw.normal("axis." + axis.name, 0, 0.12F * deviation);
    // An axis without an opposite is a shape that some have and most have not.
    // Of eyes one sense is missing here and there, on one side only: there the other is taken backwards.
    if (!stem.starts_with("eyes/")) {
      if (axis.minus < 0) value = std::max(0.F, value);
      if (axis.plus < 0) value = std::min(0.F, value);
    }
    value = clamp(value, spread.low, spread.high);
    if (value != 0) person.axes.push_back({axis.name, value});
  }
  for (int i = 0; i < 64; ++i) {
    // Some bulges are as broad as a cheek or a forehead.
    const bool broad = i >= 48;
    const auto name = [&](const char* what) { return fmt::format("warp.{}.{}", i, what); };
    Warp warp;
    warp.centre = {draw.between(name("x"), 0, 70), draw.between(name("y"), -115, 75),
                   draw.between(name("z"), -30, 45)};
    warp.radius = broad ? draw.between(name("radius"), 40, 70) : draw.between(name("radius"), 20, 44);
    const float size = recipe.strength * (broad ? 1.4F : 0.56F * warp.radius / 24);
    warp.by = {draw.normal(name("dx"), 0, size), draw.normal(name("dy"), 0, size),
               draw.normal(name("dz"), 0, size)};
    person.warps.push_back(warp);
  }
  const auto rest = [&](const char* unit, float mean, float deviation) {
    const float value = clamp(draw.normal(fmt::format("rest.{}", unit), mean, deviation), 0, 0.45F);
    if (value > 0) person.rest_face.push_back({unit, value});
  };
  rest("mouth-corner-puller", 0.20F, 0.08F);
  rest("mouth-depression", -0.08F, 0.05F);
  rest("mouth-compression", -0.08F, 0.08F);
  rest("mouth-protusion", -0.10F, 0.06F);
}

/// Means and deviations are *synthetic* round figures of adults; large heads are larger in all, heavy people
/// have wider cheeks, jaws and necks.
Proportions draw_proportions(const Draw& draw, const Person& person) {
  const bool male = person.sex == Sex::kMale;
  const float size = draw.normal("proportions.size", 0, 1), old = smooth(45, 90, person.age);
  Proportions out;
  out.face_mm = draw.normal("proportions.face", male ? 119.5F : 112, 4.8F) + 2.4F * size;
  out.cheek_mm =
      draw.normal("proportions.cheek", male ? 134.5F : 127, 3.8F) + 2.4F * size + 6 * person.weight;
  out.jaw = draw.normal("proportions.jaw", male ? 0.785F : 0.745F, 0.032F) + 0.035F * person.weight;
  // Long and narrow, or wide and short, is pulled back by half from where it turns odd.
  const float share = out.face_mm / out.cheek_mm;
  const float even = share - 0.5F * (std::max(0.F, share - 0.94F) + std::min(0.F, share - 0.83F));
  out.face_mm *= even / share;
  out.jaw = clamp(out.jaw, male ? 0.71F : 0.68F, male ? 0.86F : 0.82F);
  out.nose = draw.normal("proportions.nose", 0.405F + 0.012F * old, 0.020F);
  out.mouth = draw.normal("proportions.mouth", 0.325F + 0.02F * old, 0.026F);
  out.corners_mm = draw.normal("proportions.corners", 0.9F - 0.5F * old, 0.7F);
  out.neck_mm = draw.normal("proportions.neck", male ? 110.F : 96.F, 4.5F) + 9 * person.weight;
  return out;
}

Skin draw_skin(const Draw& draw, const Person& person) {
  Skin skin;
  const float old = smooth(30, 90, person.age);
  const bool male = person.sex == Sex::kMale;
  const float tone = 0.13F * person.asian + 0.85F * person.african + 0.15F * person.caucasian;
  skin.melanin = draw.normal01("skin.melanin", tone + (male ? 0.04F : -0.02F), 0.085F);
  skin.blood = draw.normal01("skin.blood", male ? 0.44F : 0.34F, 0.17F);
  skin.mottle = draw.normal01("skin.mottle", 0.35F + 0.35F * old, 0.15F);
  skin.freckles = draw.chance("skin.freckled", 0.12F) ? draw.between("skin.freckles", 0.2F, 0.8F) : 0;
  skin.age_spots = draw.unit("skin.age_spots") * smooth(48, 90, person.age);
  skin.wrinkles = clamp01(draw.normal("skin.wrinkles", 0.05F + 0.95F * smooth(28, 88, person.age), 0.08F));
  skin.pores = draw.normal01("skin.pores", male ? 0.55F : 0.4F, 0.15F);
  skin.oil = draw.normal01("skin.oil", 0.5F - 0.25F * old, 0.15F);
  skin.under_eye = draw.normal01("skin.under_eye", 0.3F + 0.25F * old, 0.15F);
  skin.cheek_red = draw.normal01("skin.cheek_red", male ? 0.25F : 0.35F, 0.15F);
  skin.nose_red = draw.normal01("skin.nose_red", 0.25F, 0.12F);
  const bool lipstick = !male && draw.chance("skin.lipstick", person.age < 70 ? 0.6F : 0.35F);
  skin.lip_red = lipstick ? draw.between("skin.lip_colour", 0.6F, 1)
                          : draw.normal01("skin.lip_red", male ? 0.34F : 0.50F, 0.17F);
  skin.lip_dark = draw.normal01("skin.lip_dark", male ? 0.45F : 0.3F, 0.25F);
  skin.stubble = male ? draw.normal01("skin.stubble", 0.4F * smooth(15, 24, person.age), 0.2F) : 0;
  const int moles = static_cast<int>(draw.between("skin.moles", 0, 9.99F) * draw.unit("skin.moles.tendency"));
  for (int i = 0; i < moles; ++i) {
    const auto name = [&](const char* what) { return fmt::format("skin.mole.{}.{}", i, what); };
    Mole mole;
    mole.azimuth = draw.between(name("azimuth"), -75, 75);
    mole.elevation = draw.between(name("elevation"), -55, 35);
    mole.radius_mm = draw.between(name("radius"), 0.5F, 1) +
                     (draw.chance(name("big"), 0.15F) ? draw.between(name("more"), 0.3F, 1.4F) : 0);
    mole.darkness = draw.between(name("dark"), 0.25F, 0.6F);
    skin.moles.push_back(mole);
  }
  return skin;
}

Brows draw_brows(const Draw& draw, const Person& person) {
  const bool male = person.sex == Sex::kMale;
  Brows brows;
  if (!male && person.age < 88 && draw.chance("brows.groom", 0.6F))
    brows.groomed = draw.between("brows.groomed", 0.3F, 1);
  brows.height_mm = draw.normal("brows.height", male ? 1.5F : 3.0F, 2.4F);
  brows.length = clamp(draw.normal("brows.length", 1, 0.09F), 0.82F, 1.16F);
  brows.thickness =
      clamp(draw.normal("brows.thickness", (male ? 1.08F : 0.95F) - 0.14F * brows.groomed, 0.19F),
            male ? 0.78F : 0.62F, male ? 1.5F : 1.25F);
  brows.density = std::max(
      0.36F,
      draw.normal01("brows.density", (male ? 0.66F : 0.54F) - 0.12F * smooth(55, 90, person.age), 0.18F));
  // At rest the inner end lies lower than the peak and about level with the tail.
  brows.arch = clamp(draw.normal("brows.arch", male ? 0.27F : 0.38F, 0.13F), 0.10F, 0.58F);
  brows.slope = clamp(draw.normal("brows.slope", -0.004F, 0.010F), -0.020F, 0.012F);
  brows.taper = clamp(draw.normal("brows.taper", 0.68F, 0.12F), 0.4F, 0.9F);
  brows.inner_gap_mm = clamp(draw.normal("brows.gap", 0.7F, 2.4F), -3.4F, 4.5F);
  brows.peak = clamp(draw.normal("brows.peak", 0.64F, 0.07F), 0.5F, 0.78F);
  brows.tail_drop = clamp(0.75F * brows.arch + draw.normal("brows.tail", 0.08F, 0.13F), 0, 0.8F);
  brows.bushiness = clamp01(
      draw.normal("brows.bushiness", (male ? 0.5F : 0.3F) + 0.2F * smooth(55, 80, person.age), 0.16F) -
      0.2F * brows.groomed);
  brows.asymmetry_mm = clamp(draw.normal("brows.asymmetry", 0, 0.5F), -1.1F, 1.1F);
  return brows;
}

/// Foreheads differ in slope and bulge, and brows painted on them would frown with them: they are laid as
/// drawn on the face as it is, neither upon the eye nor far above it.
void settle_brows(const HeadModel& head, Person& person) {
  const auto known = known_shape(head, person);
  const std::vector<Vec3>& shape = *known;
  Brows& brows = person.brows;
  // How much higher the skin at a place of the brow lies than on the head at rest.
  const auto lift = [&](float t) {
    const float x = FaceMarks::kBrowInner + brows.inner_gap_mm + FaceMarks::kBrowLength * brows.length * t,
                y = FaceMarks::brow_line(brows, t);
    float sum = 0, all = 1e-6F;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Vec3 rest = head.rest()[i];
      const float near = 1 - (square(std::abs(rest.x) - x) + square(rest.y - y)) / square(9);
      if (rest.z < -30 || near <= 0) continue;
      sum += near * near * (shape[i].y - rest.y), all += near * near;
    }
    return sum / all;
  };
  const float inner = lift(0), peak = lift(brows.peak), tail = lift(1);
  const float drawn = brows.slope;
  brows.slope -= (peak - inner) / (40 * brows.peak);
  brows.tail_drop = clamp(
      brows.tail_drop + (tail - peak + (brows.slope - drawn) * 40 * (1 - brows.peak)) / 6.5F, -0.8F, 1.8F);
  const float low = inner + FaceMarks::brow_line(brows, 0);
  brows.height_mm += std::max(0.F, 17 - low) - 0.8F * std::max(0.F, low - 22.5F);
}

Clothes draw_clothes(const Draw& draw, const Person& person) {
  Clothes clothes;
  const bool male = person.sex == Sex::kMale;
  const std::array<float, 5> shares = male ? std::array<float, 5>{0.4F, 0.1F, 0.28F, 0.22F, 0}
                                           : std::array<float, 5>{0.4F, 0.2F, 0.1F, 0.08F, 0.22F};
  clothes.kind = static_cast<int>(draw.pick("clothes.kind", shares));
  constexpr std::array<Vec3, 14> kColours = {{{0.03F, 0.035F, 0.05F},
                                              {0.75F, 0.74F, 0.72F},
                                              {0.03F, 0.05F, 0.12F},
                                              {0.25F, 0.25F, 0.26F},
                                              {0.45F, 0.40F, 0.33F},
                                              {0.32F, 0.08F, 0.09F},
                                              {0.10F, 0.16F, 0.13F},
                                              {0.45F, 0.52F, 0.62F},
                                              {0.55F, 0.36F, 0.36F},
                                              {0.16F, 0.10F, 0.07F},
                                              {0.09F, 0.16F, 0.30F},
                                              {0.60F, 0.55F, 0.42F},
                                              {0.36F, 0.33F, 0.45F},
                                              {0.12F, 0.13F, 0.14F}}};
  clothes.colour = kColours[static_cast<std::size_t>(draw.unit("clothes.colour") * 13.99F)] *
                   draw.between("clothes.shade", 0.8F, 1.15F);
  if (clothes.kind == 3)
    clothes.colour = Vec3{0.028F, 0.03F, 0.04F} * draw.between("clothes.suit", 0.7F, 2.2F);
  clothes.second = mix(Vec3{0.78F, 0.78F, 0.77F}, Vec3{0.45F, 0.55F, 0.70F},
                       draw.chance("clothes.shirt", 0.3F) ? 0.6F : 0.F);
  return clothes;
}

float draw_age(const Draw& draw, const Recipe& recipe) {
  if (recipe.name == "balanced") return draw.between("age", 15, 95);
  // Clinic visitors: more of the old than the population has. Shares of bands of ten years from 15,
  // *synthetic* but shaped after the age structure that the patient survey of the ministry publishes (half
  // are over 65).
  constexpr std::array<float, 8> kBands = {0.05F, 0.07F, 0.09F, 0.12F, 0.15F, 0.22F, 0.22F, 0.08F};
  const std::size_t band = draw.pick("age.band", kBands);
  return 15 + 10 * (static_cast<float>(band) + draw.unit("age.within"));
}

}  // namespace

Result<Recipe> find_recipe(std::string_view name) {
  for (const Recipe& recipe : kRecipes)
    if (recipe.name == name) return recipe;
  return Error{Code::kNotFound,
               fmt::format("there is no population \"{}\"; there are clinic and balanced", name)};
}

Person sample_person(std::uint64_t seed, const Recipe& recipe, const HeadModel& head, const Day& day) {
  const Draw draw(seed);
  Person person;
  person.seed = seed;
  person.recipe = recipe.name;
  person.age = draw_age(draw, recipe);
  // Whoever they are does not depend on the day, so it is drawn before the years pass.
  // More women among the very old.
  const float women = recipe.name == "balanced" ? 0.5F : 0.52F + 0.12F * smooth(70, 92, person.age);
  person.sex = draw.chance("sex", women) ? Sex::kFemale : Sex::kMale;
  // The head model's women are close to its men, and chance blurs them further: both start a little beyond.
  person.masculine = person.sex == Sex::kMale ? 1.08F - std::abs(draw.normal("masculine", 0, 0.14F))
                                              : -0.12F + std::abs(draw.normal("masculine", 0, 0.12F));
  // The three shapes are extremes of the head model; everybody lies between.
  const float west = std::abs(draw.normal("ancestry.caucasian", 0, 0.22F)),
              south = std::abs(draw.normal("ancestry.african", 0, 0.09F));
  person.asian = 1 - west - south, person.caucasian = west, person.african = south;
  if (recipe.name == "balanced") {
    const std::size_t main = draw.pick("ancestry.main", std::array<float, 3>{1, 1, 1});
    if (main == 1) std::swap(person.asian, person.african);
    if (main == 2) std::swap(person.asian, person.caucasian);
  }
  person.age = clamp(person.age + day.years, 10, 100);
  person.weight = clamp(draw.normal("weight", 0.F, 0.50F), -0.9F, 0.9F);
  draw_shape(person, draw, recipe, head);
  person.skin = draw_skin(draw, person);
  // *Synthetic* round figures of adults: 61 to 63.5 mm between the pupils, openings of 26 mm in men and 25.3
  // in women.
  const bool male = person.sex == Sex::kMale;
  const float large = draw.normal("eyes.large", 0, 1);
  person.eyes.apart_mm = draw.normal("eyes.apart", male ? 63.5F : 61, 3.3F) + 1.2F * large;
  person.eyes.fissure_mm =
      draw.normal("eyes.fissure", male ? 26 : 25.3F, 1.9F) + 0.5F * large + 0.8F * person.caucasian;
  person.widths.nose_mm =
      draw.normal("widths.nose", male ? 38 : 35, 3.1F) + 3 * person.african - 2 * person.caucasian;
  person.widths.mouth_mm = draw.normal("widths.mouth", male ? 48.5F : 45.5F, 3.4F);
  person.proportions = draw_proportions(draw, person);
  person.features = draw_features(draw, person.sex);
  person.eyes.iris_mm = clamp(draw.normal("eyes.iris", 5.87F, 0.09F), 5.75F, 6.0F);
  person.eyes.pupil = draw.between("eyes.pupil", 0.275F, 0.345F) - 0.02F * smooth(50, 85, person.age);
  person.eyes.brown = draw.normal01("eyes.brown", 0.78F - 0.3F * person.caucasian, 0.19F);
  person.eyes.arcus = 0.8F * draw.unit("eyes.arcus") * smooth(58, 88, person.age);
  person.eyes.sclera_red = draw.normal01("eyes.red", 0.12F + 0.12F * smooth(40, 85, person.age), 0.08F);
  person.eyes.sclera_yellow = draw.normal01("eyes.yellow", 0.08F + 0.2F * smooth(40, 90, person.age), 0.06F);
  person.eyes.lid_fold = draw.chance("eyes.double", 0.55F) ? draw.between("eyes.fold", 0.45F, 1)
                                                           : draw.between("eyes.fold", 0, 0.2F);
  // Between the edges of the lids; the upper one sinks with age, in some more than in others (ptosis), and
  // never so far that the pupil is covered.
  const float sunk = smooth(50, 90, person.age) * (0.3F + 1.0F * draw.unit("eyes.sunk"));
  person.eyes.open_mm =
      clamp(draw.normal("eyes.open", male ? 8.9F : 9.3F, 0.6F) - sunk, 7.9F, 2 * person.eyes.iris_mm - 1.4F);
  person.eyes.uneven_mm = clamp(draw.normal("eyes.uneven", 0, 0.25F), -0.6F, 0.6F);
  person.eyes.tilt_mm =
      clamp(draw.normal("eyes.tilt", 1.7F - 0.9F * smooth(45, 90, person.age), 1.3F), -0.8F, 4);
  person.eyes.arch_upper = draw.normal01("eyes.arch", 0.55F, 0.22F);
  person.eyes.arch_lower = draw.normal01("eyes.arch.lower", 0.40F, 0.2F);
  person.eyes.peak = clamp(draw.normal("eyes.peak", -0.15F, 0.45F), -1, 1);
  person.eyes.lash = draw.normal01("eyes.lash", person.sex == Sex::kMale ? 0.4F : 0.65F, 0.15F);
  person.brows = draw_brows(draw, person);
  settle_brows(head, person);
  person.hair = draw_hair(day.hair == 0 ? draw : Draw(Rng(seed, fmt::format("hair.day.{}", day.hair)).next()),
                          person.sex, person.age);
  person.glasses.worn = draw.chance("glasses", 0.35F + 0.2F * smooth(45, 70, person.age));
  person.glasses.width = draw.normal("glasses.width", 1, 0.05F);
  person.glasses.height = draw.between("glasses.height", 0.75F, 1.2F);
  person.glasses.roundness = draw.unit("glasses.round");
  person.glasses.thickness_mm = draw.between("glasses.thickness", 1, 3.2F);
  person.glasses.dark = draw.chance("glasses.dark", 0.6F) ? 1 : draw.unit("glasses.tone");
  person.glasses.red = draw.unit("glasses.red") * 0.5F;
  person.clothes = draw_clothes(draw, person);
  return person;
}

}  // namespace shogo::people
