// Head hair: some hundred guide strands grow from the scalp, fall by the style's rules and lie on head and
// shoulders; bundles of hairs follow their guide.
#include "face_chart.h"
#include "figure_parts.h"
#include "head_field.h"
#include "skin_texture.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

struct Root {
  Vec3 position, normal, rest;
  float growth = 0;
};

/// Roots over the scalp, `per_cm2` where hair is full; the same places for the same person, whatever the
/// style.
std::vector<Root> roots_of(const Sitter& sitter, float per_cm2, std::uint32_t key) {
  std::vector<Root> roots;
  const Hair& hair = sitter.person.hair;
  for (std::size_t q = 0; q < sitter.head.quads().size(); ++q) {
    const Quad& quad = sitter.head.quads()[q];
    if (quad.part != Part::kSkin) continue;
    Vec3 rest[4];
    float growth = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      rest[i] = sitter.head.rest()[quad.corner[i]];
      growth = std::max(growth, hair_growth(hair, sitter.person.sex, FaceChart::azimuth(rest[i]),
                                            FaceChart::elevation(rest[i])));
    }
    // Ears stand out of the scalp's region on the chart; nothing grows on them.
    const Vec3 middle = (rest[0] + rest[1] + rest[2] + rest[3]) * 0.25F;
    if (growth <= 0 || middle.y < -125 || (std::abs(middle.x) > 77 && middle.y < 28)) continue;
    const float area = 0.5F * length(cross(rest[2] - rest[0], rest[3] - rest[1]));
    const float expected = area * 0.01F * per_cm2;
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
                    hair.density;
      if (unit_of(hash32(seed, static_cast<std::uint32_t>(i), 3U)) > root.growth) continue;
      root.position = blend([&](std::size_t c) { return sitter.shape[quad.corner[c]]; });
      root.normal = normalized(blend([&](std::size_t c) { return sitter.normal[quad.corner[c]]; }));
      roots.push_back(root);
    }
  }
  return roots;
}

/// Where a strand may be: grown until the cut of the style ends it.
class Barber {
 public:
  Barber(const Sitter& sitter, const HeadField& field) : hair_(sitter.person.hair), field_(field) {}

  [[nodiscard]] std::vector<Vec3> grow(const Root& root, std::uint32_t key) const {
    const auto r = [&](std::uint32_t n) { return unit_of(hash32(key, n)); };
    const float top = smooth(15, 60, root.rest.y) * smooth(-175, -130, root.rest.z);
    float length_mm = mix(hair_.length_side_mm, hair_.length_top_mm, top) * (0.82F + 0.36F * r(1));
    if (hair_.balding > 0) length_mm *= 1 - 0.5F * hair_.balding * top;
    const float layer = r(2);
    const int steps = std::clamp(static_cast<int>(length_mm / 6), 4, 56);
    const float h = length_mm / static_cast<float>(steps);
    const Vec3 first = flow(root.position);
    Vec3 d = normalized(first + root.normal *
                                    (hair_.tied ? 0.02F : 0.12F + 0.8F * hair_.lift * (0.15F + 0.85F * top)));
    Vec3 p = root.position;
    std::vector<Vec3> path{p};
    const float phase = r(3) * 6.28F;
    const Vec3 aside = normalized(cross(root.normal, first) + Vec3{1e-3F, 0, 0});
    for (int i = 1; i <= steps; ++i) {
      const float t = static_cast<float>(i) / static_cast<float>(steps), grown = h * static_cast<float>(i);
      const float heavy = hair_.tied ? 0.02F : std::min(1.F, grown / 130) * (1 - 0.55F * hair_.lift) + 0.05F;
      Vec3 want = flow(p) * (1 - 0.6F * std::min(1.F, grown / 200)) + Vec3{0, -1, 0} * heavy;
      if (hair_.curl_in > 0 && t > 0.7F)
        want += (HeadField::outwards(p) * Vec3{-1, 0, -1}) * (hair_.curl_in * 2.2F * (t - 0.7F) / 0.3F);
      // A step of 6 mm turns by a third towards where the hair wants to go, whatever the step is.
      const float turn = std::min(0.9F, 0.055F * h);
      d = normalized(d * (1 - turn) + normalized(want) * turn);
      Vec3 next = p + d * h;
      const float clear =
          0.8F + hair_.volume_mm * (0.25F + 0.75F * layer) * smooth(0, 26, grown) * (hair_.tied ? 0.5F : 1.F);
      // Out of the head step by step: a strand that jumped would stand on end.
      Vec3 lifted = next;
      if (field_.lift(lifted, clear)) {
        const Vec3 push = lifted - next, out = HeadField::outwards(p);
        next += push * std::min(1.F, 0.45F * h / std::max(length(push), 1e-3F));
        d = normalized(d - out * std::min(0.F, dot(d, out)));
      }
      p = next;
      if (ends(p, root, r(4))) break;
      Vec3 shown = p;
      if (hair_.wave_mm > 0) {
        const float at = grown / hair_.wave_length_mm * 6.28F + phase;
        const float swing = wave(at) * hair_.wave_mm * smooth(0, 40, grown);
        shown += aside * swing +
                 HeadField::outwards(p) * (wave(at + 1.57F) * 0.6F * hair_.wave_mm * smooth(0, 40, grown));
      }
      path.push_back(shown);
    }
    return path;
  }

 private:
  /// A sine near enough for curls.
  static float wave(float x) {
    x = x / 6.2831853F;
    x -= std::floor(x);
    const float t = x < 0.5F ? x * 4 - 1 : 3 - x * 4;
    return t * (1.5F - 0.5F * t * t);
  }

  [[nodiscard]] Vec3 flow(Vec3 p) const {
    constexpr Vec3 kCrown{4, 88, -128};
    const Vec3 from_crown = p - kCrown;
    const float front = smooth(-140, -95, p.z) * smooth(20, 70, p.y);
    const float away = p.x - hair_.part_mm;
    const Vec3 parted = normalized(Vec3{away > 0 ? 1.F : -1.F, -0.15F, -0.35F + 0.25F * hair_.lift});
    const Vec3 back = normalized(Vec3{0, hair_.tied ? -15.F : 25.F, -180} - p);
    Vec3 want = normalized(from_crown);
    // A fringe falls forward, whatever the parting behind it does.
    want = mix(want, parted, hair_.parted * front * (hair_.fringe_mm < 100 ? 0.25F : 1.F));
    want = mix(want, back, hair_.back);
    const Vec3 out = HeadField::outwards(p);
    return normalized(want - out * dot(out, want));
  }

  /// The scissors. `random` frays the edge.
  [[nodiscard]] bool ends(Vec3 p, const Root& root, float random) const {
    const float fray = (random - 0.5F) * 9;
    const float side = std::abs(p.x);
    // Nothing of a short cut hangs beside the neck.
    if (hair_.back_mm > -95 && p.y < -34 + fray && side > 20 && p.z < -40) return true;
    if (hair_.tied && (p.z < -150 || length(p - Vec3{0, -15, -170}) < 50)) return true;
    // Eyes stay free, as photographs for identity cards ask.
    const bool before_face = p.z > -38 && side < 62 - 0.25F * std::max(0.F, -p.y);
    if (before_face && p.y < std::min(hair_.fringe_mm, 90.F) + fray * 0.6F + 0.10F * side &&
        hair_.fringe_mm < 100)
      return true;
    if (before_face && hair_.fringe_mm >= 100 && p.y < 34 + fray && side < 50) return true;
    if (before_face && p.y < 30 && p.y > -110 && side < 55) return true;
    const float behind = smooth(-60, -110, p.z);
    const float cut = mix(hair_.side_mm, hair_.back_mm, behind) + fray;
    return p.y < cut && (root.rest.y > cut || p.y < root.position.y - 6);
  }

  const Hair& hair_;
  const HeadField& field_;
};

/// At most `most` points, evenly along the path.
std::vector<Vec3> thinned(const std::vector<Vec3>& path, std::size_t most) {
  if (path.size() <= most) return path;
  std::vector<Vec3> out;
  for (std::size_t i = 0; i < most; ++i) {
    const float at =
        static_cast<float>(i) * static_cast<float>(path.size() - 1) / static_cast<float>(most - 1);
    const std::size_t k = std::min(static_cast<std::size_t>(at), path.size() - 2);
    out.push_back(mix(path[k], path[k + 1], at - static_cast<float>(k)));
  }
  return out;
}

}  // namespace

void add_head_hair(const Sitter& sitter, const Mesh& mesh, Strands& strands) {
  const Hair& hair = sitter.person.hair;
  const HeadField field(mesh, hair.side_mm < -40 && !hair.tied);
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(sitter.person.seed), 0x4A17U);
  const std::vector<Root> guides = roots_of(sitter, 1.1F, key);
  const Barber barber(sitter, field);
  std::vector<std::vector<Vec3>> paths;
  paths.reserve(guides.size());
  for (std::size_t g = 0; g < guides.size(); ++g)
    paths.push_back(barber.grow(guides[g], hash32(key, static_cast<std::uint32_t>(g), 5U)));
  if (guides.empty()) return;
  const bool stubbly = hair.length_top_mm < 30;
  const std::vector<Root> roots = roots_of(sitter,
                                           stubbly                    ? 42.F
                                           : hair.length_side_mm < 90 ? 17.F
                                                                      : 12.F,
                                           key + 1);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::uint32_t k = hash32(key, static_cast<std::uint32_t>(i), 9U);
    const auto r = [&](std::uint32_t n) { return unit_of(hash32(k, n)); };
    // The nearest guide, now and then the second: bundles do not end in a line.
    std::size_t best = 0, second = 0;
    float near = 1e9F, next = 1e9F;
    for (std::size_t g = 0; g < guides.size(); ++g) {
      const Vec3 d = guides[g].position - roots[i].position;
      const float far = dot(d, d);
      if (far < near) {
        second = best, next = near;
        best = g, near = far;
      } else if (far < next) {
        second = g, next = far;
      }
    }
    const std::vector<Vec3> path = thinned(paths[r(1) < 0.25F ? second : best], stubbly ? 4 : 16);
    if (path.size() < 2) continue;
    const Vec3 offset = roots[i].position - path[0];
    const Vec3 stray = Vec3{signed_of(hash32(k, 2U)), signed_of(hash32(k, 3U)), signed_of(hash32(k, 4U))} *
                       (1.2F + 5.5F * square(r(5)) * (1 - 0.6F * hair.clump)) *
                       std::min(1.F, (hair.length_side_mm + hair.length_top_mm) / 130);
    std::vector<Vec3> points;
    std::vector<float> follow;
    const float keep = 0.86F + 0.14F * r(6);
    const auto last = static_cast<std::size_t>(std::max(2.F, keep * static_cast<float>(path.size()) + 0.5F));
    for (std::size_t n = 0; n < std::min(last, path.size()); ++n) {
      const float t = static_cast<float>(n) / static_cast<float>(path.size() - 1);
      Vec3 p = path[n] + offset * (1 - hair.clump * 0.8F * smooth(0, 0.8F, t)) + stray * smooth(0, 0.7F, t);
      if (n > 0) {
        Vec3 lifted = p;
        if (field.lift(lifted, 0.7F)) p = mix(p, lifted, smooth(0, 0.3F, t));
      }
      points.push_back(p);
      follow.push_back(smooth(-185, -108, p.y + 8));
    }
    Strand strand;
    strand.width_mm = stubbly ? 0.30F : hair.length_side_mm < 90 ? 0.65F : 0.85F;
    strand.colour = hair_colour(hair, k, hash32(key, static_cast<std::uint32_t>(best), 0xB0DU));
    strand.key = k;
    add_strand(strands, points, follow, strand);
  }
}

}  // namespace shogo::people
