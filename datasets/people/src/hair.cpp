// Head hair: bundles of hairs grow from the scalp, flow as they are combed, lie on head and shoulders and are
// cut by the style's rules.
#include "face_chart.h"
#include "figure_parts.h"
#include "hair_comb.h"
#include "hair_locks.h"
#include "head_field.h"
#include "skin_texture.h"
#include <algorithm>
#include <cmath>
#include <map>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

struct Root {
  Vec3 position, normal, rest;
  float growth = 0;
  bool fringe = false;  ///< falls on the forehead
  float parting = 0;    ///< 0 … 1 beside the parting
  LockPlace lock;
};

/// How many of the hairs over the forehead go to the sides instead, between the wisps: a fringe one sees
/// through.
float open_fringe(const Hair& hair, std::uint32_t key) {
  const float own = unit_of(hash32(key, 0xF419U));
  return hair.length_top_mm > 150 ? 0.35F + 0.5F * own : 0.15F + 0.4F * own;
}

/// 0 sides and back … 1 top.
float top_of(Vec3 rest) {
  return smooth(15, 60, rest.y) * smooth(-175, -130, rest.z);
}

/// Short hair stands apart, long hair hangs together in broad bundles; both cover the scalp a few times over.
struct Bundling {
  float width_mm, per_cm2;
};
Bundling bundling_of(const Hair& hair, Vec3 rest) {
  const float length_mm = mix(hair.length_side_mm, hair.length_top_mm, top_of(rest));
  const float width = mix(0.9F, 3.0F, smooth(5, 110, length_mm)) * (1 - 0.3F * smooth(1, 5, hair.wave_mm));
  const float least = hair.tied || hair.back > 0.5F ? 7.F
                      : length_mm > 150             ? 4.5F
                      : hair.wave_mm > 3            ? 8.F
                                                    : 6.F;
  return {width, clamp(480 / (width * length_mm), least, 22)};
}

/// Locks of short hair are small.
float lock_size(const Hair& hair) {
  return mix(5.5F, 13, smooth(15, 150, hair.length_top_mm)) * (hair.wave_mm > 3 ? 0.8F : 1.F);
}

/// Roots over the scalp.
std::vector<Root> roots_of(const Sitter& sitter, std::uint32_t key) {
  std::vector<Root> roots;
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
      Root root;
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

/// Grows a bundle's middle line until the cut of the style ends it.
class Barber {
 public:
  Barber(const Sitter& sitter, const HeadField& field, std::uint32_t key)
      : hair_(sitter.person.hair), field_(field), key_(key) {}

  [[nodiscard]] float length_of(const Root& root, std::uint32_t key) const {
    const float top = top_of(root.rest);
    float length_mm = mix(hair_.length_side_mm, hair_.length_top_mm, top) * (0.80F + 0.35F * unit_of(key));
    if (hair_.balding > 0) length_mm *= 1 - 0.5F * hair_.balding * top;
    // Fine short hairs at the hairline, some as long as the rest: nothing between, which would end in
    // mid-air.
    const float own = unit_of(hash32(key)), baby = 5 + 17 * square(unit_of(hash32(key, 5U)));
    const bool free = hair_.fringe_mm > 100 && hair_.back < 0.5F;
    const float full = smooth(free ? 0.68F : 0.56F, free ? 0.84F : 0.70F, root.growth + 0.4F * (own - 0.5F));
    return mix(std::min(length_mm, baby), length_mm, full);
  }

  /// A comb draws the roots beside a parting up to its line: a thin one, with no bare wedges.
  [[nodiscard]] Root combed(Root root, std::uint32_t key) const {
    if (root.parting <= 0 || root.fringe || hair_.parted < 0.7F) return root;
    const float away = from_parting(root.rest), side = away > 0 ? 1.F : -1.F;
    const float wish = side * std::min(std::abs(away), 0.15F + 0.6F * unit_of(hash32(key, 11U)));
    const Vec3 n = root.normal, along = normalized(Vec3{1, 0, 0} - n * n.x);
    const float by = clamp(wish - away, -6, 6) * smooth(0, 0.3F, root.parting);
    root.position += along * by;
    root.rest.x += by;
    return root;
  }

  [[nodiscard]] std::vector<Vec3> grow(const Root& root, std::uint32_t key) const {
    const auto r = [&](std::uint32_t n) { return unit_of(hash32(key, n)); };
    const float top = top_of(root.rest), length_mm = length_of(root, hash32(key, 1U));
    const float rise =
        hair_.tied ? 0.12F
                   : (0.22F + 0.9F * hair_.lift) * mix(hair_.length_side_mm < 45 ? 0.28F : 0.5F, 1.F, top);
    // Short sides lie close; the ridge above the temples is where a cut rounds the head off.
    const float sides = hair_.length_side_mm < 45 ? mix(0.5F, 1.F, top) : 1.F,
                ridge = smooth(34, 52, std::abs(root.rest.x)) * smooth(25, 50, root.rest.y);
    // Locks lie higher and lower, their middles higher than their borders; short hair and what is combed back
    // less so.
    const auto lock = [&](std::uint32_t n) { return unit_of(hash32(root.lock.key, n)); };
    const float locked = smooth(20, 100, length_mm) * (1 - 0.6F * hair_.back);
    const float uneven = (0.94F + 0.12F * r(2)) * (1 + 0.2F * value_noise(root.rest * 0.035F, key_ + 9)) *
                         mix(1.F, (0.84F + 0.3F * lock(2)) * (1.1F - 0.22F * root.lock.edge), locked);
    // From the crown comes too little to lie above what grows farther on.
    const float crown = hair_.back > 0.5F ? 1.F : mix(0.68F, 1.F, smooth(10, 42, length(root.rest - kCrown)));
    const float volume = std::max(
        1.F, crown * hair_.volume_mm * (hair_.tied ? 0.6F : 1.F) * uneven * sides * (1 + 0.35F * ridge));
    // Hairs that grow side by side are cut and sway together, less those farther off.
    float fray = 7 * (r(4) - 0.5F) + 5 * value_noise(root.rest * 0.07F, key_ + 1);
    // Layers: short sides end here and there.
    if (hair_.side_mm > -60 && length_mm > 35 && !root.fringe) fray = 2.2F * fray + 6;
    // Short sides taper off before the ear: a sideburn has no straight end.
    if (hair_.length_side_mm < 45 && hair_.side_mm > -30)
      fray += 16 * r(9) * smooth(-115, -95, root.rest.z) * smooth(35, 15, root.rest.y);
    // A fringe thins towards its edge.
    if (root.fringe) fray += 26 * square(r(5)) - 7 + 20 * square(lock(3));
    // Locks end one higher than the other.
    if (!root.fringe && length_mm > 30) fray += 13 * (lock(3) - 0.4F);
    const float lean = 0.22F * signed_of(hash32(root.lock.key, 4U)) * (hair_.tied ? 0.2F : 1.F);
    // Neighbours draw together in wisps.
    const float wisp =
        9 * hair_.clump * smooth(0, 110, length_mm) * value_noise(root.rest * 0.085F, key_ + 5);
    // Curls form where many turn together.
    const float phase = 1.2F * value_noise(root.rest * 0.05F, key_ + 2) + 1.2F * lock(5) + 0.3F * r(3);
    const float step = clamp(length_mm / 20, 1.2F, 7);
    const float parting = from_parting(root.rest);
    Vec3 d =
        normalized(flow(root.position, root, parting) + root.normal * (rise * (1 - 0.6F * root.parting)));
    Vec3 p = root.position;
    std::vector<Vec3> path{p};
    const Vec3 aside = normalized(cross(root.normal, d) + Vec3{1e-3F, 0, 0});
    // Short hair follows the head down to where it is cut.
    const float hangs = hair_.tied ? 0 : smooth(-38, -95, hair_.side_mm);
    const bool tucked = hair_.back > 0.35F && !hair_.tied && hair_.side_mm < -40;
    float grown = 0;
    while (grown < length_mm) {
      const float h = std::min(step, length_mm - grown + 0.1F);
      const float rose = grown * rise;
      // A fringe comes down on the forehead.
      const float forehead = root.fringe ? smooth(-60, 5, p.z) * smooth(85, 60, p.y) : 0;
      const float target =
          0.6F + mix(1.F, 0.35F, forehead) * volume * height_share(p) * rose / (rose + volume);
      const Vec3 out = HeadField::outwards(p);
      const float heavy =
          hair_.tied ? 0 : smooth(0, 130, grown) * (1 - 0.6F * hair_.lift) * (1 - 0.5F * hair_.back);
      // Below the widest place it hangs, and no longer follows the head's curve.
      const float combed = mix(1.F, smooth(-55, 15, p.y), hangs);
      Vec3 want = flow(p, root, parting) * ((1 - 0.6F * heavy) * combed) +
                  Vec3{0, -1, 0} * std::max(heavy, 1 - combed);
      // Close to the head; long hair hangs free below its widest place.
      const float hug = mix(1.F, 0.12F + 0.65F * hair_.curl_in, smooth(5, -45, p.y) * hangs);
      if (p.y > -120) {
        want -= out * dot(out, want) * (hug * 0.9F);
        want += out * clamp((target - field_.height(p)) * 0.09F, -(0.6F + 0.4F * forehead) * hug, 0.8F);
      }
      if (hair_.curl_in > 0) {
        const float left = length_mm - grown, cut = hair_.side_mm;
        const float low = std::max(smooth(60, 0, left), smooth(cut + 85, cut + 5, p.y));
        want += Vec3{-out.x, 0, -out.z} * (hair_.curl_in * 1.3F * low * smooth(0, -50, p.y));
      }
      want += aside_of_face(p, 1.05F + 0.3F * r(6));
      want += cross(out, d) * (lean * smooth(150, 20, grown));
      // Tucked behind the ear, then free.
      if (tucked) want.x += (p.x > 0 ? 0.2F : -0.2F) * smooth(-50, -110, p.y);
      if (tucked) want.z -= 3.2F * smooth(-118, -95, p.z) * smooth(70, 40, p.y) * smooth(-75, -25, p.y);
      // Long hair spreads over shoulders and breast.
      if (length_mm > 250) {
        const float low = smooth(-50, -130, p.y);
        want.x += low * (0.30F * (r(7) - 0.5F) - (p.z > -60 ? (p.x > 0 ? 0.16F : -0.16F) * r(6) : 0));
        want.z += low * 0.25F * (r(8) - 0.3F);
      }
      const float turn = std::min(0.9F, 0.1F * h);
      d = normalized(d * (1 - turn) + normalized(want) * turn);
      Vec3 next = p + d * h;
      Vec3 lifted = next;
      if (field_.lift(lifted, std::min(target, 0.8F + 0.5F * target))) {
        const Vec3 push = lifted - next;
        next += push * std::min(1.F, 0.5F * h / std::max(length(push), 1e-3F));
        const Vec3 away = HeadField::outwards(p);
        d = normalized(d - away * std::min(0.F, dot(d, away)));
      }
      // No strand stands in a loop above the others.
      const float over = next.y > 35 ? field_.height(next) - (1.1F * target + 1.2F) : 0;
      if (over > 0) next -= HeadField::outwards(next) * over;
      p = next;
      grown += h;
      // Pushed about by ear and cheek, a strand may turn up again: it ends before.
      if (d.y > 0.1F && p.y < 25 && grown > 30 && !hair_.tied && hair_.back < 0.5F) break;
      if (ends(p, root, fray + column(p, root))) break;
      // Where a fringe is opened like a curtain nothing hangs in the gap.
      if (root.fringe && hair_.parted > 0.78F && std::abs(hair_.part_mm) < 15 &&
          std::abs(p.x - hair_.part_mm) < 7 + 6 * r(10) && p.y < root.position.y - 5 - 6 * r(11))
        break;
      // No lone curls hang over a forehead from which the rest is brushed back.
      if (hair_.wave_mm > 3 && hair_.back > 0.55F && hair_.fringe_mm > 100 && p.z > root.position.z + 1 &&
          p.y < root.position.y - 2 - 7 * r(10) && std::abs(p.x) < 45)
        break;
      Vec3 shown = p + aside * (wisp * smooth(0.25F, 1.1F, grown / length_mm));
      // Nothing long hangs by a ruler.
      if (length_mm > 150)
        shown.x += 6 * smooth(60, 220, grown) *
                   value_noise({root.rest.x * 0.03F, p.y * 0.016F, root.rest.z * 0.03F}, key_ + 6);
      if (hair_.wave_mm > 0) {
        const float at = grown / hair_.wave_length_mm * 6.28F + phase * 3.14F;
        const float swing = hair_.wave_mm * smooth(0, 40, grown);
        shown += aside * (wave(at) * swing) +
                 out * (wave(at + 1.57F) * mix(0.7F, 0.2F, smooth(40, 85, p.y)) * swing);
      }
      path.push_back(shown);
    }
    return path;
  }

  /// How far the hairs of a lock draw together at their tips.
  [[nodiscard]] float pull_of(const Root& root) const {
    if (root.fringe) return 0.78F;
    const float length_mm = mix(hair_.length_side_mm, hair_.length_top_mm, top_of(root.rest));
    return (0.2F + 0.55F * hair_.clump) * smooth(10, 60, length_mm) *
           (hair_.tied ? 0.35F : 1 - 0.5F * hair_.back);
  }

 private:
  static constexpr Vec3 kCrown{4, 88, -128};

  /// A sine near enough for curls.
  static float wave(float x) {
    x = x / 6.2831853F;
    x -= std::floor(x);
    const float t = x < 0.5F ? x * 4 - 1 : 3 - x * 4;
    return t * (1.5F - 0.5F * t * t);
  }

  /// Millimetres to the left of the parting. No parting is a ruled line.
  [[nodiscard]] float from_parting(Vec3 rest) const {
    return rest.x - hair_.part_mm + 2.2F * value_noise(rest * 0.05F, key_ + 3) +
           (0.3F + 7 * smooth(0.85F, 0.5F, hair_.parted)) * value_noise(rest * 0.3F, key_ + 4);
  }

  /// A fringe ends in locks with gaps between them, whichever layer a hair comes from. Millimetres.
  [[nodiscard]] float column(Vec3 p, const Root& root) const {
    if (!root.fringe || p.z < -60 || p.y > hair_.fringe_mm + 50) return 0;
    const float swept =
        hair_.part_mm > 0 ? smooth(0.5F, 0.65F, hair_.parted) : -smooth(0.5F, 0.65F, hair_.parted);
    const LockPlace at = lock_at({p.x - 0.7F * swept * p.y, 3, 3}, 9, key_ + 13);
    return 22 * square(at.edge) + 16 * square(unit_of(hash32(at.key, 8U))) - 9;
  }

  /// Share of its volume. Hair rises slowly from a parting: a step there would be the rim of a helmet.
  [[nodiscard]] float height_share(Vec3 p) const {
    const float near =
        smooth(18, 0, std::abs(p.x - hair_.part_mm)) * smooth(-150, -110, p.z) * smooth(20, 50, p.y);
    // Behind the crown it lies lower, or single locks would stand over the outline as arcs.
    const float behind = smooth(-105, -145, p.z) * smooth(35, 70, p.y);
    return (1 - 0.4F * smooth(0.35F, 0.8F, hair_.parted) * near) * (1 - 0.5F * behind);
  }

  /// Along the scalp, as it is combed. `away`: from_parting of the root.
  [[nodiscard]] Vec3 flow(Vec3 p, const Root& root, float away) const {
    const float front = smooth(-140, -95, p.z) * smooth(20, 70, p.y);
    const float side = away > 0 ? 1.F : -1.F;
    const Vec3 parted = normalized(Vec3{side, -0.25F, -0.2F + 0.15F * hair_.lift});
    const Vec3 back = normalized(Vec3{0, hair_.tied ? -15.F : 25.F, -180} - p);
    // Beside the crown hair keeps the way it set out on: it would turn in rings there.
    const Vec3 begun = root.position - kCrown, gone = p - kCrown;
    Vec3 want =
        normalized(mix(normalized(begun + Vec3{1, 0, -1}), normalized(gone), smooth(15, 50, length(gone))));
    // A fringe falls forward, whatever the parting behind it does.
    // Between crown and parting the two ways would cancel out, and hair would stand in loops.
    const float by_comb = root.fringe ? 0.F : hair_.parted * front;
    if (side * want.x < 0) want.x *= 1 - smooth(0, 0.35F, by_comb);
    want = mix(want, parted, by_comb);
    want = mix(want, back, hair_.back * (root.fringe ? 0.F : 1.F));
    if (root.fringe)
      want = normalized(
          want + Vec3{0.004F * root.rest.x + 1.4F * hair_.parted * away /
                                                 (std::abs(away) + 40 * smooth(0.5F, 0.2F, hair_.parted) + 1),
                      0, 0.5F});
    const Vec3 out = HeadField::outwards(p);
    return normalized(want - out * dot(out, want));
  }

  /// Hair falls to the sides of the face, not over it.
  [[nodiscard]] static Vec3 aside_of_face(Vec3 p, float edge) {
    const float deep = p.z + 75;
    if (deep <= 0 || p.y > 45) return {};
    const float inside = edge - std::abs(p.x) / std::max(deep, 1.F);
    return Vec3{p.x > 0 ? 1.F : -1.F, 0, -0.5F} *
           (1.3F * smooth(-0.1F, 0.3F, inside) * smooth(45, 20, p.y) * smooth(88, 62, std::abs(p.x)));
  }

  /// The scissors. `fray`: softness of the edge, millimetres.
  [[nodiscard]] bool ends(Vec3 p, const Root& root, float fray) const {
    const float side = std::abs(p.x);
    // Nothing of a short cut hangs beside the neck.
    if (hair_.back_mm > -95 && p.y < (side > 20 ? -34 : -54) + fray && p.z < -40) return true;
    if (hair_.tied && (p.z < -150 || length(p - Vec3{0, -15, -170}) < 50)) return true;
    // Eyes stay free, as photographs for identity cards ask. A fringe is longer at the sides.
    if (root.fringe && p.z > -55 && side < 60) {
      // Combed to a side it is longest there.
      const float slant =
          hair_.parted * (hair_.part_mm > 0 ? 0.28F : -0.28F) * p.x * smooth(6, 24, std::abs(hair_.part_mm));
      if (p.y < hair_.fringe_mm + fray + slant - 0.0055F * square(std::min(side, 60.F))) return true;
    }
    if (p.z > -30 && side < 50 && p.y < (root.fringe ? 24 : 40) + fray && p.y > -110) return true;
    if (root.fringe && hair_.tied && p.y < 0.8F * fray) return true;
    const float behind = smooth(-60, -110, p.z);
    const float cut = mix(hair_.side_mm, hair_.back_mm, behind) + fray;
    return p.y < cut && (root.rest.y > cut || p.y < root.position.y - 6);
  }

  const Hair& hair_;
  const HeadField& field_;
  std::uint32_t key_;
};

/// As many points as the curve needs: straight stretches few, bends more.
std::vector<Vec3> thinned(const std::vector<Vec3>& path, float tolerance_mm, float longest_mm) {
  std::vector<Vec3> out{path.front()};
  std::size_t from = 0;
  for (std::size_t to = 2; to < path.size(); ++to) {
    const Vec3 run = path[to] - path[from];
    const float far = length(run);
    bool straight = far < longest_mm;
    for (std::size_t i = from + 1; i < to && straight; ++i)
      straight = length(cross(path[i] - path[from], run)) < tolerance_mm * std::max(far, 1e-3F);
    if (straight) continue;
    from = to - 1;
    out.push_back(path[from]);
  }
  if (path.size() > 1) out.push_back(path.back());
  return out;
}

/// The middle line of every lock, by its key: that of the root nearest to the lock's middle.
std::map<std::uint32_t, std::vector<Vec3>> guides_of(const std::vector<Root>& roots, const Barber& barber,
                                                     std::uint32_t key) {
  std::map<std::uint32_t, std::size_t> middle;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const auto [at, first] = middle.try_emplace(roots[i].lock.key, i);
    if (!first && roots[i].lock.from_middle_mm < roots[at->second].lock.from_middle_mm) at->second = i;
  }
  std::map<std::uint32_t, std::vector<Vec3>> guides;
  for (const auto& [lock, i] : middle) {
    const std::uint32_t k = hash32(key, static_cast<std::uint32_t>(i), 9U);
    guides[lock] = barber.grow(barber.combed(roots[i], k), k);
  }
  return guides;
}

}  // namespace

void add_head_hair(const Sitter& sitter, const Mesh& mesh, Strands& strands) {
  const Hair& hair = sitter.person.hair;
  const HeadField field(mesh, hair_covers_ears(hair));
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(sitter.person.seed), 0x4A17U);
  const Barber barber(sitter, field, key);
  const std::vector<Root> roots = roots_of(sitter, key + 1);
  const std::map<std::uint32_t, std::vector<Vec3>> guides = guides_of(roots, barber, key);
  const auto key_of = [&](std::size_t i) { return hash32(key, static_cast<std::uint32_t>(i), 9U); };
  std::vector<std::vector<Vec3>> paths(roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::uint32_t k = key_of(i);
    const Root root = barber.combed(roots[i], k);
    paths[i] = barber.grow(root, k);
    draw_together(paths[i], guides.at(root.lock.key),
                  barber.pull_of(root) * (0.7F + 0.3F * unit_of(hash32(k, 8U))));
  }
  cut_lone(
      paths,
      [&](Vec3 p) {
        return p.z > -50 && p.y > 30 &&
               hair_growth(hair, sitter.person.sex, FaceChart::azimuth(p), FaceChart::elevation(p)) < 0.02F;
      },
      14);
  // What is combed back lies close at the sides too.
  comb_down(paths, field, hair.back > 0.5F ? -55.F : 20.F, hair.back > 0.5F ? 0.3F : 0.7F);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::uint32_t k = key_of(i);
    const Root& root = roots[i];
    const std::vector<Vec3> points = thinned(paths[i], 0.35F, 22);
    if (points.size() < 2) continue;
    const float strand_length = length(points.back() - points.front());
    std::vector<float> follow;
    follow.reserve(points.size());
    for (const Vec3 p : points) follow.push_back(smooth(-185, -108, p.y + 8));
    Strand strand;
    const float full = smooth(0.1F, 0.95F, root.growth / std::sqrt(std::max(hair.density, 0.1F)));
    strand.width_mm = std::max(0.45F, bundling_of(hair, root.rest).width_mm * (0.2F + 0.8F * full * full)) *
                      (1 - 0.5F * root.parting) * (0.8F + 0.4F * unit_of(hash32(k, 7U)));
    strand.hairs = static_cast<std::uint8_t>(clamp(strand.width_mm / 0.24F, 2, 15));
    strand.ragged_mm = (1 - 0.85F * std::min(1.F, 2 * root.parting)) *
                       std::min(mix(4.5F, 2.F, full), 0.2F * length(points.back() - points.front()));
    strand.spread = 0.28F + 0.9F * hair.grey * (1 - hair.grey);
    strand.colour =
        hair_colour(hair, k, root.lock.key) * (0.88F + 0.24F * unit_of(hash32(root.lock.key, 6U)));
    // Between locks one looks into the dark.
    const float deep = smooth(12, 60, strand_length) * (1 - 0.7F * root.parting) * (1 - 0.4F * hair.back);
    strand.light = mix(
        1.F, (1.14F - 0.5F * square(root.lock.edge)) * (0.72F + 0.52F * unit_of(hash32(root.lock.key, 7U))),
        deep);
    // The finest let the skin shine through.
    strand.colour =
        mix(strand.colour, Vec3{0.22F, 0.13F, 0.09F},
            0.5F * clamp01(1 - full / 0.6F) * smooth(60, 20, length(points.back() - points.front())));
    strand.tilt = 0.3F * signed_of(hash32(root.lock.key, 10U)) * deep;
    strand.key = k;
    add_strand(strands, points, follow, strand);
  }
}

}  // namespace shogo::people
