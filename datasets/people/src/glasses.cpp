// Glasses: two rims as closed curves between an ellipse and a rounded rectangle, a bridge, temples to the
// ears, lenses.
#include "figure_parts.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/exact.h>

namespace shogo::people {
namespace {

/// A tube of four sides along `path`.
void add_tube(const std::vector<Vec3>& path, float radius, bool closed, Mesh& mesh) {
  const std::size_t n = path.size();
  const auto base = static_cast<std::uint32_t>(mesh.vertices.size());
  for (std::size_t i = 0; i < n; ++i) {
    const Vec3 before = path[i == 0 ? (closed ? n - 1 : 0) : i - 1],
               after = path[i + 1 == n ? (closed ? 0 : i) : i + 1];
    const Vec3 along = normalized(after - before);
    const Vec3 side = normalized(cross(along, std::abs(along.z) > 0.8F ? Vec3{0, 1, 0} : Vec3{0, 0, 1})),
               other = cross(side, along);
    for (const Vec3 out : {side, other, -side, -other})
      mesh.vertices.push_back({path[i] + out * radius, out, 0, 0, 1, 1});
  }
  const auto rings = static_cast<std::uint32_t>(closed ? n : n - 1);
  for (std::uint32_t i = 0; i < rings; ++i)
    for (std::uint32_t k = 0; k < 4; ++k) {
      const auto at = [&](std::uint32_t ring, std::uint32_t corner) {
        return base + ring % static_cast<std::uint32_t>(n) * 4 + corner % 4;
      };
      mesh.triangles.push_back({{at(i, k), at(i + 1, k), at(i + 1, k + 1)}, Material::kGlasses, 0});
      mesh.triangles.push_back({{at(i, k), at(i + 1, k + 1), at(i, k + 1)}, Material::kGlasses, 0});
    }
}

/// A point of the rim: `power` 2 is an ellipse, larger is squarer.
Vec3 rim_point(double turn, float wide, float tall, float power) {
  const auto at = exact::sin_cos(turn);
  const auto part = [&](double x) {
    return static_cast<float>((x < 0 ? -1 : 1) * exact::pow(std::abs(x), 2.0 / static_cast<double>(power)));
  };
  return {wide * part(at.cos), tall * part(at.sin), 0};
}

}  // namespace

void add_glasses(const Sitter& sitter, const EyeBall* eyes, Mesh& mesh) {
  constexpr int kPoints = 36;
  const Glasses& glasses = sitter.person.glasses;
  const float radius = 0.5F * glasses.thickness_mm, wide = 25 * glasses.width, tall = 19.5F * glasses.height,
              power = 4 - 2 * glasses.roundness;
  float temple = 66;  // half the head's width in front of the ears
  for (std::size_t i = 0; i < sitter.shape.size(); ++i) {
    const Vec3 rest = sitter.head.rest()[i];
    if (rest.z < -35 && rest.z > -62 && rest.y > -8 && rest.y < 18)
      temple = std::max(temple, std::abs(sitter.shape[i].x));
  }
  std::vector<Vec3> bridge(2);
  for (int side = 0; side < 2; ++side) {
    const float sign = side == 0 ? -1.F : 1.F;
    // Lenses stand 12 mm before the cornea, their middle a little outside of the pupil.
    const Vec3 middle = eyes[side].centre + Vec3{sign * 1.5F, -2.5F, eyes[side].radius_mm + 12};
    std::vector<Vec3> rim;
    for (int i = 0; i < kPoints; ++i) {
      Vec3 p = rim_point(2 * exact::kPi * i / kPoints, wide, tall, power);
      p.z = -0.0016F * square(p.x * sign + wide) - 0.08F * p.y;  // the front follows the face
      rim.push_back(middle + p);
    }
    add_tube(rim, radius, true, mesh);
    const auto centre = static_cast<std::uint32_t>(mesh.vertices.size());
    const auto lens_normal = [&](Vec3 p) {
      return normalized(Vec3{(p.x - middle.x) * 0.010F + sign * 0.07F, (p.y - middle.y) * 0.010F + 0.08F, 1});
    };
    mesh.vertices.push_back({middle + Vec3{0, 0, -0.0016F * wide * wide}, lens_normal(middle), 0, 0, 1, 1});
    for (const Vec3 p : rim) mesh.vertices.push_back({p, lens_normal(p), 0, 0, 1, 1});
    for (std::uint32_t i = 0; i < kPoints; ++i)
      mesh.triangles.push_back({{centre, centre + 1 + i, centre + 1 + (i + 1) % kPoints},
                                Material::kLens,
                                static_cast<std::uint8_t>(side)});
    bridge[static_cast<std::size_t>(side)] =
        middle + rim_point(sign > 0 ? 2.85 : exact::kPi - 2.85, wide, tall, power);
    const Vec3 hinge = middle + rim_point(sign > 0 ? 0.32 : exact::kPi - 0.32, wide, tall, power) +
                       Vec3{0, 0, -0.0064F * wide * wide};
    const Vec3 corner{sign * std::max(temple + 3, std::abs(hinge.x) + 3), hinge.y, hinge.z - 7};
    add_tube({hinge,
              mix(hinge, corner, 0.5F) + Vec3{sign * 2, 0, 2},
              corner,
              {sign * (temple + 4), hinge.y - 1, -40},
              {sign * (temple + 5), 4, -78},
              {sign * (temple + 2), -14, -94}},
             std::max(0.7F, 0.8F * radius), false, mesh);
  }
  add_tube({bridge[0], mix(bridge[0], bridge[1], 0.25F) + Vec3{0, 1.8F, 2},
            mix(bridge[0], bridge[1], 0.75F) + Vec3{0, 1.8F, 2}, bridge[1]},
           std::max(0.7F, 0.8F * radius), false, mesh);
}

}  // namespace shogo::people
