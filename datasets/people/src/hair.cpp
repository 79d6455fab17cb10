// Head hair: bundles of hairs grow from the scalp, flow as they are combed, lie on head and shoulders and are
// cut by the style's rules.
#include "face_chart.h"
#include "figure_parts.h"
#include "hair_barber.h"
#include "hair_comb.h"
#include "hair_locks.h"
#include "skin_texture.h"
#include <algorithm>
#include <map>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

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
std::map<std::uint32_t, std::vector<Vec3>> guides_of(const std::vector<HairRoot>& roots, const Barber& barber,
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
  const std::vector<HairRoot> roots = roots_of(sitter, key + 1);
  const std::map<std::uint32_t, std::vector<Vec3>> guides = guides_of(roots, barber, key);
  const auto key_of = [&](std::size_t i) { return hash32(key, static_cast<std::uint32_t>(i), 9U); };
  std::vector<std::vector<Vec3>> paths(roots.size());
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::uint32_t k = key_of(i);
    const HairRoot root = barber.combed(roots[i], k);
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
      20);
  // What is combed back lies close at the sides too.
  comb_down(paths, field, hair.back > 0.5F ? -55.F : 20.F, hair.back > 0.5F ? 0.3F : 0.7F);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const std::uint32_t k = key_of(i);
    const HairRoot& root = roots[i];
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
