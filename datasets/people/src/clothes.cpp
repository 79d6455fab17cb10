// Clothes: the torso's skin again, a little outside and smoothed, from the neckline down.
#include "figure_parts.h"
#include <algorithm>
#include <array>
#include <cmath>

namespace shogo::people {
namespace {

/// Height of the neckline at a place of the body at rest: low in front, high at the nape.
float neckline(const Clothes& clothes, Vec3 rest) {
  const float front = smooth(-75, -20, rest.z);
  // The hollow of the throat does not dent the line.
  const float z = mix(rest.z, -5.F, 0.8F * front * smooth(60, 25, std::abs(rest.x)));
  float line = -176 - 0.36F * (z + 20);
  switch (clothes.kind) {
    case 0:
      line -= 6 * front;
      break;
    case 1:
      line -= (54 * smooth(58, 0, std::abs(rest.x))) * front;
      break;
    case 4:
      line -= (24 * smooth(60, 10, std::abs(rest.x))) * front;
      break;
    default:
      line += 14;
      break;
  }
  return line;
}

Vertex between(const Vertex& a, const Vertex& b, float t) {
  return {mix(a.position, b.position, t),
          normalized(mix(a.normal, b.normal, t)),
          mix(a.u, b.u, t),
          mix(a.v, b.v, t),
          1,
          mix(a.follow, b.follow, t)};
}

}  // namespace

void add_clothes(const Sitter& sitter, Mesh& mesh) {
  const Clothes& clothes = sitter.person.clothes;
  const std::vector<Vec3>& rest = sitter.head.rest();
  const auto below = [&](std::uint16_t v) { return rest[v].y < neckline(clothes, rest[v]); };
  std::vector<std::int64_t> index(rest.size(), -1);
  std::vector<std::uint16_t> used;
  std::vector<Quad> quads;
  for (const Quad& quad : sitter.head.quads()) {
    if (quad.part != Part::kSkin || std::none_of(quad.corner.begin(), quad.corner.end(), below)) continue;
    quads.push_back(quad);
    for (const std::uint16_t v : quad.corner)
      if (index[v] < 0) {
        index[v] = static_cast<std::int64_t>(used.size());
        used.push_back(v);
      }
  }
  if (quads.empty()) return;
  std::vector<Vec3> place;
  place.reserve(used.size());
  for (const std::uint16_t v : used) place.push_back(sitter.shape[v] + sitter.normal[v] * 3.5F);
  for (int round = 0; round < 3; ++round) {
    std::vector<Vec3> sum(place.size());
    std::vector<float> count(place.size());
    for (const Quad& quad : quads)
      for (std::size_t i = 0; i < 4; ++i) {
        const auto a = static_cast<std::size_t>(index[quad.corner[i]]),
                   b = static_cast<std::size_t>(index[quad.corner[(i + 1) % 4]]);
        sum[a] += place[b], count[a] += 1;
        sum[b] += place[a], count[b] += 1;
      }
    for (std::size_t i = 0; i < place.size(); ++i)
      if (below(used[i])) place[i] = mix(place[i], sum[i] * (1 / count[i]), 0.5F);
  }
  std::vector<Vertex> vertex(used.size());
  std::vector<float> inside(used.size());
  for (std::size_t i = 0; i < used.size(); ++i) {
    const Vec3 r = rest[used[i]];
    // Cloth never sinks into the skin that it was smoothed away from.
    const float sunk = dot(place[i] - sitter.shape[used[i]], sitter.normal[used[i]]);
    if (sunk < 1.5F) place[i] += sitter.normal[used[i]] * (1.5F - sunk);
    inside[i] = neckline(clothes, r) - r.y;
    vertex[i] = {place[i], {}, r.x, r.y, 1, follow_of(r)};
  }
  for (const Quad& quad : quads) {
    const auto at = [&](std::size_t i) { return place[static_cast<std::size_t>(index[quad.corner[i]])]; };
    const Vec3 n = cross(at(2) - at(0), at(3) - at(1));
    for (const std::uint16_t v : quad.corner) vertex[static_cast<std::size_t>(index[v])].normal += n;
  }
  for (Vertex& one : vertex) one.normal = normalized(one.normal);
  // The neckline cuts through triangles: what lies above goes.
  struct Piece {
    std::vector<Vertex> corner;
    std::uint8_t side;
  };
  std::vector<Piece> pieces;
  std::vector<Vec3> cut;
  for (const Quad& quad : quads) {
    // Second colour: the front, where a suit may open over a shirt (the renderer draws the line).
    const std::uint8_t side = rest[quad.corner[0]].z > -75 ? 1 : 0;
    for (const std::array<std::size_t, 3>& triangle : {std::array<std::size_t, 3>{0, 1, 2}, {0, 2, 3}}) {
      Piece piece{{}, side};
      for (std::size_t i = 0; i < 3; ++i) {
        const auto a = static_cast<std::size_t>(index[quad.corner[triangle[i]]]),
                   b = static_cast<std::size_t>(index[quad.corner[triangle[(i + 1) % 3]]]);
        if (inside[a] >= 0) piece.corner.push_back(vertex[a]);
        if ((inside[a] >= 0) != (inside[b] >= 0)) {
          piece.corner.push_back(between(vertex[a], vertex[b], inside[a] / (inside[a] - inside[b])));
          cut.push_back(piece.corner.back().position);
        }
      }
      if (piece.corner.size() > 2) pieces.push_back(std::move(piece));
    }
  }
  for (Piece& piece : pieces) {
    const auto base = static_cast<std::uint32_t>(mesh.vertices.size());
    for (Vertex& one : piece.corner) {
      // Hems and collars follow the neckline; only a suit's opening is a matter of height.
      float nearest = 1e9F;
      for (const Vec3 p : cut) nearest = std::min(nearest, dot(p - one.position, p - one.position));
      if (clothes.kind != 3) one.v = std::sqrt(nearest);
      mesh.vertices.push_back(one);
    }
    for (std::uint32_t i = 2; i < piece.corner.size(); ++i)
      mesh.triangles.push_back({{base, base + i - 1, base + i}, Material::kCloth, piece.side});
  }
}

}  // namespace shogo::people
