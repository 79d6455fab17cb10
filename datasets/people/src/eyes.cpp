// Eyeballs with a bulging cornea, and lashes.
#include "figure_parts.h"
#include "shape.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/exact.h>
#include <shogo/people/noise.h>

namespace shogo::people {

void add_eye(const EyeBall& ball, const Eyes& eyes, int side, Mesh& mesh) {
  constexpr int kRings = 22, kSpokes = 36;
  const auto base = static_cast<std::uint32_t>(mesh.vertices.size());
  for (int ring = 0; ring <= kRings; ++ring) {
    // Rings lie closer at the cornea.
    const double t = static_cast<double>(ring) / kRings, angle = (0.55 * t + 0.45 * t * t) * 1.75;
    const auto polar = exact::sin_cos(angle);
    const float out = ball.radius_mm * static_cast<float>(polar.sin);
    const float bulge = 0.6F * smooth(eyes.iris_mm + 1.2F, 0, out);
    for (int spoke = 0; spoke < kSpokes; ++spoke) {
      const auto turn = exact::sin_cos(2 * exact::kPi * spoke / kSpokes);
      const Vec3 n{static_cast<float>(polar.sin * turn.cos), static_cast<float>(polar.sin * turn.sin),
                   static_cast<float>(polar.cos)};
      // Far behind the lids the ball gives way: it is drawn larger than an eye, to reach into the corners.
      const float hidden = std::max(0.F, std::abs(n.y) * ball.radius_mm - 6.8F) +
                           std::max(0.F, std::abs(n.x) * ball.radius_mm - 0.5F * eyes.fissure_mm -
                                             (n.x * (side == 0 ? 1.F : -1.F) > 0 ? 2.6F : 1.2F));
      mesh.vertices.push_back({ball.centre + n * ball.radius_mm + Vec3{0, 0, bulge - 1.1F * hidden}, n,
                               n.x * ball.radius_mm, n.y * ball.radius_mm, 1, 1});
    }
  }
  for (std::uint32_t ring = 0; ring < kRings; ++ring)
    for (std::uint32_t spoke = 0; spoke < kSpokes; ++spoke) {
      const std::uint32_t next = (spoke + 1) % kSpokes, a = base + ring * kSpokes + spoke,
                          b = base + ring * kSpokes + next, c = a + kSpokes, d = b + kSpokes;
      mesh.triangles.push_back({{a, c, d}, Material::kEye, static_cast<std::uint8_t>(side)});
      mesh.triangles.push_back({{a, d, b}, Material::kEye, static_cast<std::uint8_t>(side)});
    }
}

Lids::Lids(const Sitter& sitter, const EyeBall* eyes) {
  std::vector<Vec3> around[2];
  std::vector<bool> seen(sitter.shape.size());
  for (const Quad& quad : sitter.head.quads()) {
    if (quad.part != Part::kSkin) continue;
    for (const std::uint16_t v : quad.corner) {
      if (seen[v]) continue;
      seen[v] = true;
      for (int side = 0; side < 2; ++side)
        if (length(sitter.shape[v] - eyes[side].centre) < eyes[side].radius_mm + 8)
          around[side].push_back(sitter.shape[v]);
    }
  }
  for (const LidPiece& piece : lids_of(sitter.head).pieces) {
    const Vec3 a = sitter.shape[piece.corner[0]], b = sitter.shape[piece.corner[1]],
               c = sitter.shape[piece.corner[2]], d = sitter.shape[piece.corner[3]];
    const EyeBall& eye = eyes[piece.side];
    // Outwards to the lid's surface, whose own thickness would hide the lashes' roots.
    const Vec3 middle = (a + b) * 0.5F;
    float reach = length(middle - eye.centre);
    const float least = reach;
    for (const Vec3 q : around[piece.side])
      if (length(q - middle) < 2.2F) reach = std::max(reach, length(q - eye.centre));
    const Vec3 out = normalized(middle - eye.centre) * (std::min(reach - least, 2.2F) + 0.25F);
    stretches_.push_back(
        {a + out, b + out, a + out + (d - a) * 2.6F, b + out + (c - b) * 2.6F, piece.side, piece.upper});
  }
}

float Lids::edge(int side, bool upper, float x) const {
  float best = 1e9F, y = 0;
  for (const Stretch& one : stretches_) {
    if (one.side != side || one.upper != upper) continue;
    const float x0 = std::min(one.from.x, one.to.x), x1 = std::max(one.from.x, one.to.x);
    const float beyond = std::max({x0 - x, x - x1, 0.F});
    if (beyond >= best) continue;
    best = beyond;
    y = mix(one.from.y, one.to.y,
            clamp01((x - one.from.x) / (one.to.x - one.from.x + (one.to.x == one.from.x ? 1e-6F : 0.F))));
  }
  return y;
}

void shade_eyes_by_lids(const Lids& lids, const EyeBall* eyes, Mesh& mesh) {
  std::vector<std::int8_t> done(mesh.vertices.size());
  for (const Triangle& triangle : mesh.triangles) {
    if (triangle.material != Material::kEye) continue;
    for (const std::uint32_t corner : triangle.corner) {
      if (done[corner] != 0) continue;
      done[corner] = 1;
      Vertex& vertex = mesh.vertices[corner];
      if (lids.empty() || vertex.position.z < eyes[triangle.side].centre.z) continue;
      const float below = lids.edge(triangle.side, true, vertex.position.x) - vertex.position.y;
      const float above = vertex.position.y - lids.edge(triangle.side, false, vertex.position.x);
      // Deep just below the lashes, and soon over: an iris wholly in shade looks black.
      vertex.light =
          (0.24F + 0.76F * smooth(-0.8F, 3.3F, below)) * (0.60F + 0.40F * smooth(-0.3F, 1.5F, above));
    }
  }
}

namespace {

/// The edge of a lid as one line from corner to corner, the nose's first: pieces meet only nearly, and steps
/// in it look like paint.
std::vector<Vec3> line_along(const Lids& lids, int side, bool upper, float outer) {
  std::vector<Vec3> places;
  for (const Lids::Stretch& one : lids.stretches())
    if (one.side == side && one.upper == upper)
      for (const Vec3 p : {mix(one.from, one.tip_from, outer), mix(one.to, one.tip_to, outer)})
        places.push_back(p);
  if (places.size() < 4) return {};
  const auto aside = [](Vec3 a, Vec3 b) { return std::abs(a.x) < std::abs(b.x); };
  const float first = std::abs(std::min_element(places.begin(), places.end(), aside)->x),
              last = std::abs(std::max_element(places.begin(), places.end(), aside)->x);
  constexpr int kSteps = 14;
  std::vector<Vec3> line;
  // A fold at the nose (epicanthus) hides the first of it.
  for (int i = upper ? 3 : 2; i <= kSteps; ++i) {
    const float x = mix(first, last, static_cast<float>(i) / kSteps);
    Vec3 sum{};
    float all = 1e-6F;
    for (const Vec3 p : places) {
      const float near =
          std::max(0.02F - 0.005F * std::abs(std::abs(p.x) - x), 1 - square((std::abs(p.x) - x) / 3.0F));
      if (near <= 0) continue;
      sum += p * (near * near), all += near * near;
    }
    const Vec3 middle = sum * (1 / all);
    line.push_back({side == 0 ? -x : x, middle.y, middle.z});
  }
  return line;
}

/// One lash; no points where none grows.
struct Lash {
  std::vector<Vec3> points;
  float strong = 1;  ///< share of its colour that is not the skin's
};

/// A lash of the lid whose edge is `line`, the nose's end first. East Asian lashes grow straighter, flatter
/// and shorter than others; they stand denser and longer in the outer half, draw together in twos and threes,
/// and turn with the lid when it shuts.
Lash grow_lash(const Person& person, int side, bool upper, float shut, const std::vector<Vec3>& line,
               std::uint32_t key) {
  const auto own = [&](std::uint32_t what) { return signed_of(hash32(key, what)); };
  // Denser outwards: the root of an even number.
  const float even = 0.5F + 0.5F * own(1), at = 0.06F + 0.90F * mix(even, std::sqrt(even), 0.5F);
  const float place = at * static_cast<float>(line.size() - 1);
  const std::size_t i = std::min(static_cast<std::size_t>(place), line.size() - 2);
  // Two or three rows.
  const Vec3 root = mix(line[i], line[i + 1], place - static_cast<float>(i)) +
                    Vec3{0, (upper ? 0.22F : -0.22F) * (0.5F + own(2)), 0};
  // Longest at two thirds.
  const float grown = smooth(-0.10F, 0.55F, at) * smooth(1.22F, 0.78F, at);
  const float size = (upper ? 2.4F + 4.4F * grown : 1.3F + 1.8F * grown) *
                     (0.72F + 0.45F * person.eyes.lash) * (1 + 0.28F * own(3));
  // From the front a fan: towards the nose inside, outwards at the outer corner.
  const float out = side == 0 ? -1.F : 1.F, fan = (at < 0.38F ? 0.9F : 1.3F) * (at - 0.38F) + 0.16F * own(4);
  const float lift = upper ? -0.16F + 0.22F * person.eyes.lash + 0.12F * own(5) : -0.42F + 0.10F * own(5),
              curl = upper ? 0.30F + 0.32F * person.eyes.lash + 0.12F * own(6) : -0.05F,
              down = upper ? 0.75F * shut : 0.F;
  const Vec3 start = normalized(Vec3{out * fan, lift - 1.2F * down, 0.85F}),
             end = normalized(Vec3{out * fan * 1.15F, lift + curl - down, 0.62F});
  Lash lash;
  for (int n = 0; n <= 3; ++n) {
    const float t = static_cast<float>(n) / 3;
    lash.points.push_back(root + (start * (t * (1 - 0.5F * t)) + end * (0.5F * t * t)) * size);
  }
  lash.strong = 0.80F + 0.20F * own(7);
  return lash;
}

}  // namespace

void add_lashes(const Lids& lids, const Sitter& sitter, const SkinTexture& skin, Strands& strands) {
  const Person& person = sitter.person;
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(person.seed), 0x1A54U);
  const Vec3 under = painted_at(skin, {31, 9, 22});
  std::uint32_t count = 0;
  const auto add = [&](const std::vector<Vec3>& points, float width, Vec3 colour, float light,
                       std::uint32_t k) {
    Strand strand;
    strand.material = Material::kLash;
    strand.width_mm = width;
    strand.colour = colour;
    strand.under = under;
    strand.light = light;
    strand.key = k;
    add_strand(strands, points, std::vector<float>(points.size(), 1.F), strand);
  };
  const Vec3 dark{0.02F, 0.017F, 0.016F};
  // Where the edge of a lid begins and ends, to tell the corners.
  float low[2] = {1e9F, 1e9F}, high[2] = {-1e9F, -1e9F};
  for (const Lids::Stretch& one : lids.stretches())
    for (const float x : {std::abs(one.from.x), std::abs(one.to.x)})
      low[one.side] = std::min(low[one.side], x), high[one.side] = std::max(high[one.side], x);
  // How far each eye is shut: its edges nearly meet. Then the lashes' line runs on to the outer corner, in
  // front of what the lids press together.
  float shut[2] = {0, 0};
  for (const int side : {0, 1}) {
    const float x = (side == 0 ? -0.5F : 0.5F) * (low[side] + high[side]);
    shut[side] = smooth(4.5F, 1.8F, lids.edge(side, true, x) - lids.edge(side, false, x));
  }
  // Roots of lashes make a soft dark line along the upper lid, strongest in the outer half and gone in the
  // corners; the lower edge is wet and light.
  for (const int side : {0, 1})
    for (const bool upper : {true, false}) {
      std::vector<Vec3> line = line_along(lids, side, upper, upper ? 0.16F : 0.20F);
      // Lids that meet hide the wet edge, which would look like a scar.
      if (line.empty() || (!upper && shut[side] > 0.5F)) continue;
      if (upper)
        for (Vec3& p : line) p += Vec3{0, -0.1F, 0.9F} * shut[side];
      // Strands taper to their tips: two halves from the thickest place.
      const auto middle = static_cast<std::ptrdiff_t>(line.size() * (shut[side] > 0.5F ? 6U : 5U) / 8);
      const std::vector<Vec3> one(line.begin() + middle, line.end()),
          other(line.rend() - middle - 1, line.rend());
      if (upper && shut[side] > 0) {
        // Their line is strongest where the eye ends.
        const std::vector<Vec3> end(line.rbegin(), line.rbegin() + 6);
        add(end, 0.85F * shut[side], mix(under, dark, 0.85F), 0.65F,
            hash32(key, 0x5407U, static_cast<std::uint32_t>(side)));
      }
      for (const std::vector<Vec3>& half : {one, other}) {
        if (upper) {
          add(half, 0.80F + 0.5F * person.eyes.lash, mix(under, dark, 0.50F + 0.25F * person.eyes.lash), 0.7F,
              hash32(key, count++));
          add(half, 0.36F + 0.30F * person.eyes.lash, mix(under, dark, 0.85F), 0.6F, hash32(key, count++));
        } else {
          add(half, 0.30F, mix(under, Vec3{0.46F, 0.27F, 0.24F}, 0.6F), 0.9F, hash32(key, count++));
        }
      }
    }
  for (const int side : {0, 1})
    for (const bool upper : {true, false}) {
      std::vector<Vec3> line = line_along(lids, side, upper, upper ? 0.10F : 0.16F);
      if (upper)
        for (Vec3& p : line) p += Vec3{0, -0.1F, 0.9F} * shut[side];
      if (line.size() < 2 || (!upper && shut[side] > 0.7F)) continue;
      const int hairs = static_cast<int>((upper ? 100.F : 38.F) * (0.60F + 0.70F * person.eyes.lash));
      const std::uint32_t lid = hash32(key, upper ? 0x0B0EU : 0x0BE1U, static_cast<std::uint32_t>(side));
      for (int h = 0; h < hairs; ++h) {
        const std::uint32_t k = hash32(lid, static_cast<std::uint32_t>(h));
        const Lash lash = grow_lash(person, side, upper, shut[side], line, k);
        if (lash.points.empty()) continue;
        add(lash.points, upper ? 0.13F : 0.075F, mix(under, dark, lash.strong * (upper ? 0.97F : 0.85F)),
            0.5F, k);
      }
    }
}

}  // namespace shogo::people
