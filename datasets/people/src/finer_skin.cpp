#include "finer_skin.h"

#include <algorithm>
#include <unordered_map>

namespace shogo::people {
namespace {

/// The point halfway along an edge of a curved point-normal triangle (Vlachos and others, 2001): a cubic that
/// leaves each end at a right angle to its normal.
Vertex halfway(const Vertex& a, const Vertex& b, bool curved) {
  const Vec3 run = b.position - a.position, both = a.normal + b.normal;
  // Where the skin turns back on itself (rims of lids, lips, nostrils) the arc would shoot out.
  const float gentle = curved ? smooth(-0.3F, 0.4F, dot(a.normal, b.normal)) : 0.F;
  const Vec3 arc = (b.normal * dot(run, b.normal) - a.normal * dot(run, a.normal)) * (0.125F * gentle);
  Vertex out;
  out.position = (a.position + b.position) * 0.5F + arc;
  out.normal = normalized(both);
  out.u = 0.5F * (a.u + b.u);
  out.v = 0.5F * (a.v + b.v);
  out.light = 0.5F * (a.light + b.light);
  out.follow = 0.5F * (a.follow + b.follow);
  return out;
}

void divide(Mesh& mesh) {
  std::unordered_map<std::uint64_t, std::uint32_t> middles;
  const auto middle = [&](std::uint32_t a, std::uint32_t b, bool curved) {
    // Both neighbours ask for the same edge, in opposite senses.
    const std::uint32_t low = std::min(a, b), high = std::max(a, b);
    const auto [at, fresh] =
        middles.emplace(std::uint64_t{low} << 32 | high, static_cast<std::uint32_t>(mesh.vertices.size()));
    if (fresh) mesh.vertices.push_back(halfway(mesh.vertices[low], mesh.vertices[high], curved));
    return at->second;
  };
  std::vector<Triangle> out;
  out.reserve(4 * mesh.triangles.size());
  middles.reserve(2 * mesh.triangles.size());
  for (const Triangle& whole : mesh.triangles) {
    // Cloth stays as flat as it is; it is divided for the shadows that fall on it.
    const bool curved = whole.material == Material::kSkin || whole.material == Material::kMouth;
    if (!curved && whole.material != Material::kCloth) {
      out.push_back(whole);
      continue;
    }
    const auto [a, b, c] = whole.corner;
    const std::uint32_t ab = middle(a, b, curved), bc = middle(b, c, curved), ca = middle(c, a, curved);
    for (const auto& corner :
         {std::array{a, ab, ca}, std::array{ab, b, bc}, std::array{ca, bc, c}, std::array{ab, bc, ca}})
      out.push_back({corner, whole.material, whole.side});
  }
  mesh.triangles = std::move(out);
}

/// Normals that were laid straight between old vertices turn evenly instead: no old edge shows in the shade.
void smooth_normals(Mesh& mesh, int times) {
  std::vector<Vec3> sum(mesh.vertices.size());
  for (int i = 0; i < times; ++i) {
    std::fill(sum.begin(), sum.end(), Vec3{});
    for (const Triangle& triangle : mesh.triangles) {
      if (triangle.material != Material::kSkin) continue;
      const auto [a, b, c] = triangle.corner;
      const Vec3 all = mesh.vertices[a].normal + mesh.vertices[b].normal + mesh.vertices[c].normal;
      for (const std::uint32_t corner : triangle.corner) sum[corner] += all;
    }
    for (std::size_t v = 0; v < sum.size(); ++v)
      if (dot(sum[v], sum[v]) > 0) mesh.vertices[v].normal = normalized(sum[v]);
  }
}

}  // namespace

void refine_skin(Mesh& mesh, int levels) {
  for (int i = 0; i < levels; ++i) divide(mesh);
  smooth_normals(mesh, 3);
}

}  // namespace shogo::people
