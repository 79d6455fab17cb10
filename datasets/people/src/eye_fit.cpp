#include "eye_fit.h"

#include "shape.h"
#include <algorithm>
#include <cmath>

namespace shogo::people {
namespace {

/// The widest a lid reaches from the middle of its eye; the skin beyond gives way less and less.
constexpr float kHalf = 15;
/// What angle kappa moves the pupil outwards, in part: eyes look at somebody near.
constexpr float kInwards = 0.5F;

/// Radius of the ball through `pole` whose middle lies straight behind it, on which `p` lies.
float radius_through(Vec3 pole, Vec3 p) {
  const Vec3 d = p - pole;
  return d.z > -0.2F ? 99.F : dot(d, d) / (-2 * d.z);
}

/// The edge of one lid seen from the front: heights over the distance from the face's middle.
class LidEdge {
 public:
  LidEdge(const LidMap& lids, int side, bool upper, const std::vector<Vec3>& shape) {
    for (const LidPiece& piece : lids.pieces)
      if (piece.side == side && piece.upper == upper)
        for (const std::uint16_t v : piece.edge) points_.push_back({std::abs(shape[v].x), shape[v].y, 0});
    std::sort(points_.begin(), points_.end(),
              [](Vec3 a, Vec3 b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  }
  [[nodiscard]] bool empty() const { return points_.size() < 3; }
  [[nodiscard]] float first() const { return points_.front().x; }
  [[nodiscard]] float last() const { return points_.back().x; }
  /// Over a millimetre or two, so that a vertex out of line makes no kink.
  [[nodiscard]] float at(float x) const { return 0.5F * (exactly(x - 0.8F) + exactly(x + 0.8F)); }

 private:
  [[nodiscard]] float exactly(float x) const {
    if (x <= points_.front().x) return points_.front().y;
    for (std::size_t i = 1; i < points_.size(); ++i)
      if (x <= points_[i].x)
        return mix(points_[i - 1].y, points_[i].y,
                   (x - points_[i - 1].x) / std::max(points_[i].x - points_[i - 1].x, 1e-3F));
    return points_.back().y;
  }
  std::vector<Vec3> points_;
};

/// Moves what goes with the lids up by `by(upper, x)` on its way around the ball.
template <typename By>
void move_lids(const LidMap& lids, int side, Vec3 centre, std::vector<Vec3>& shape, By&& by) {
  for (const LidSkin& skin : lids.skins) {
    if (skin.side != side) continue;
    Vec3& p = shape[skin.vertex];
    const float y = p.y - centre.y, z = p.z - centre.z, up = skin.share * by(skin.upper, std::abs(p.x));
    p.y += up;
    const float around = y * y + z * z - square(y + up);
    if (z > 3 && around > 4) p.z += skin.share * (std::sqrt(around) - z);
  }
}

/// What goes with the lids of a model at rest.
void map_skins(const HeadModel& head, const std::vector<bool>& skin, const EyeBall* eyes, LidMap& lids) {
  const std::vector<Vec3>& rest = head.rest();
  for (int side = 0; side < 2; ++side) {
    const LidEdge upper(lids, side, true, rest), lower(lids, side, false, rest);
    if (upper.empty() || lower.empty()) continue;
    const float first = std::min(upper.first(), lower.first()), last = std::max(upper.last(), lower.last());
    for (std::size_t i = 0; i < rest.size(); ++i) {
      const Vec3 p = rest[i];
      const float x = std::abs(p.x);
      if (!skin[i] || (p.x > 0 ? 1 : 0) != side || p.z < eyes[side].centre.z) continue;
      const float top = upper.at(x), bottom = lower.at(x);
      const bool above = p.y > 0.5F * (top + bottom);
      const float away = above ? smooth(15, 0.8F, p.y - top) : smooth(11, 0.8F, bottom - p.y);
      const float share = away * smooth(7, 0, std::max(first - x, x - last));
      if (share > 0) lids.skins.push_back({static_cast<std::uint16_t>(i), side, above, share});
    }
  }
}

/// Brings the edges of one eye's lids to a person's curves. Gives the heights of both at `x`, the pupil.
std::array<float, 2> shape_lids(const LidMap& lids, const Eyes& eyes, int side, float x, Vec3 centre,
                                std::vector<Vec3>& shape) {
  const LidEdge upper(lids, side, true, shape), lower(lids, side, false, shape);
  if (upper.empty() || lower.empty()) return {0, 0};
  const float first = std::min(upper.first(), lower.first()), last = std::max(upper.last(), lower.last());
  // Where the lids meet, or nearly: beside the red flesh at the nose, and outside.
  const float gap[2] = {clamp(upper.at(first) - lower.at(first), 0.6F, 2.0F),
                        clamp(upper.at(last) - lower.at(last), 0.2F, 0.6F)};
  float corner[2] = {0.5F * (upper.at(first) + lower.at(first)), 0.5F * (upper.at(last) + lower.at(last))};
  const float tilt = clamp(0.5F * (corner[1] - corner[0]) + 0.5F * eyes.tilt_mm, -1, 4),
              turn = tilt - (corner[1] - corner[0]);
  corner[0] -= 0.5F * turn, corner[1] += 0.5F * turn;
  const float open = eyes.open_mm + (side == 0 ? -0.5F : 0.5F) * eyes.uneven_mm;
  const float high = std::max(1.F, open - 0.5F * (gap[0] + gap[1]));
  const auto wanted = [&](bool top, float at) {
    float t = clamp01((at - first) / std::max(last - first, 1.F));
    const float base = mix(corner[0], corner[1], t) + (top ? 0.5F : -0.5F) * mix(gap[0], gap[1], t);
    t += (top ? -0.28F * eyes.peak : -0.16F) * t * (1 - t);
    const float almond = 4 * t * (1 - t), round = almond * (2 - almond);
    return base + high * (top ? 0.58F : -0.42F) * mix(almond, round, top ? eyes.arch_upper : eyes.arch_lower);
  };
  move_lids(lids, side, centre, shape, [&](bool top, float at) {
    at = clamp(at, first, last);
    return clamp(wanted(top, at) - (top ? upper : lower).at(at), -4, 4);
  });
  return {wanted(false, x), wanted(true, x)};
}

}  // namespace

void close_lids(const HeadModel& head, const LidMap& lids, int side, float shut, std::vector<Vec3>& shape) {
  const LidEdge upper(lids, side, true, shape), lower(lids, side, false, shape);
  if (upper.empty() || lower.empty()) return;
  const EyeBall ball = eye_ball(head, shape, side == 0 ? Part::kEyeRight : Part::kEyeLeft);
  const float first = std::min(upper.first(), lower.first()), last = std::max(upper.last(), lower.last());
  move_lids(lids, side, ball.centre, shape, [&](bool top, float at) {
    at = clamp(at, first, last);
    const float gap = upper.at(at) - lower.at(at);
    return shut * (top ? -0.90F : 0.12F) * gap;
  });
  for (const LashRoot& root : lids.roots)
    if ((head.rest()[root.lash].x > 0 ? 1 : 0) == side)
      shape[root.lash] = shape[root.skin] + (head.rest()[root.lash] - head.rest()[root.skin]);
}

LidMap map_lids(const HeadModel& head) {
  const std::vector<Vec3>& rest = head.rest();
  const EyeBall eyes[2] = {eye_ball(head, rest, Part::kEyeRight), eye_ball(head, rest, Part::kEyeLeft)};
  LidMap lids;
  std::vector<bool> skin(rest.size()), lash(rest.size());
  for (const Quad& quad : head.quads())
    for (const std::uint16_t corner : quad.corner) {
      skin[corner] = skin[corner] || quad.part == Part::kSkin;
      lash[corner] = lash[corner] || quad.part == Part::kLashes;
    }
  std::vector<std::uint16_t> under(rest.size()), outside(rest.size());
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!lash[i]) continue;
    float best = 1e9F, nearest = 1e9F;
    const EyeBall& eye = eyes[rest[i].x > 0 ? 1 : 0];
    for (std::size_t k = 0; k < rest.size(); ++k) {
      const Vec3 d = rest[k] - rest[i];
      const float far = dot(d, d);
      if (!skin[k]) continue;
      if (far < best) best = far, under[i] = static_cast<std::uint16_t>(k);
      // Lids are about a millimetre and a half thick.
      if (far < nearest && length(rest[k] - eye.centre) > eye.radius_mm + 1.2F)
        nearest = far, outside[i] = static_cast<std::uint16_t>(k);
    }
    lids.roots.push_back({static_cast<std::uint16_t>(i), outside[i]});
  }
  for (const Quad& quad : head.quads()) {
    if (quad.part != Part::kLashes) continue;
    const int side = rest[quad.corner[0]].x > 0 ? 1 : 0;
    std::array<float, 4> far{};
    for (std::size_t i = 0; i < 4; ++i) far[i] = length(rest[quad.corner[i]] - eyes[side].centre);
    // A strip has three rows; the innermost starts on the edge of the lid.
    std::size_t low = 0;
    for (std::size_t i = 1; i < 4; ++i)
      if (far[i] + far[(i + 1) % 4] < far[low] + far[(low + 1) % 4]) low = i;
    const std::size_t a = low, b = (low + 1) % 4, c = (low + 2) % 4, d = (low + 3) % 4;
    if (far[c] + far[d] - far[a] - far[b] < 1.5F || far[a] + far[b] > 2 * eyes[side].radius_mm + 4.4F)
      continue;
    // At rest the corners lie about a millimetre below the middle of the eye.
    const bool upper = rest[quad.corner[a]].y + rest[quad.corner[b]].y > -1.8F;
    lids.pieces.push_back({{quad.corner[a], quad.corner[b], quad.corner[c], quad.corner[d]},
                           {under[quad.corner[a]], under[quad.corner[b]]},
                           {outside[quad.corner[a]], outside[quad.corner[b]]},
                           side,
                           upper});
  }
  map_skins(head, skin, eyes, lids);
  return lids;
}

void fit_eyes(const HeadModel& head, const LidMap& lids, const Eyes& eyes, std::vector<Vec3>& shape) {
  for (const LashRoot& root : lids.roots)
    shape[root.lash] = shape[root.skin] + (head.rest()[root.lash] - head.rest()[root.skin]);
  for (int side = 0; side < 2; ++side) {
    const float out = side == 0 ? -1.F : 1.F;
    const Part part = side == 0 ? Part::kEyeRight : Part::kEyeLeft;
    float low = 1e9F, high = -1e9F;
    for (const LidPiece& piece : lids.pieces)
      if (piece.side == side)
        for (int i = 0; i < 2; ++i) {
          const float x = out * shape[piece.skin[static_cast<std::size_t>(i)]].x;
          low = std::min(low, x), high = std::max(high, x);
        }
    if (high - low < 5) continue;
    const EyeBall ball = eye_ball(head, shape, part);
    // Shapes far from what is wanted are met halfway: lids that are torn about fold.
    const float middle = 0.5F * (low + high),
                wider = clamp(eyes.fissure_mm / (high - low) - 1, -0.12F, 0.24F),
                shift = clamp(0.5F * eyes.apart_mm - middle, -3, 5);
    std::vector<bool> of_ball(shape.size());
    for (const Quad& quad : head.quads())
      if (quad.part == part)
        for (const std::uint16_t corner : quad.corner) of_ball[corner] = true;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      Vec3& p = shape[i];
      const float away = out * p.x - middle;
      if (of_ball[i]) continue;
      const float far = std::sqrt(square(away) + square(1.15F * (p.y - ball.centre.y)) +
                                  square(0.6F * (p.z - ball.centre.z - ball.radius_mm)));
      const float share = smooth(52, 18, far) * smooth(0, 18, out * p.x);
      p.x += out * share * (shift + wider * clamp(away, -kHalf, kHalf));
    }
    const float x = middle + shift;
    const auto [bottom, top] = shape_lids(lids, eyes, side, x, ball.centre, shape);
    if (top <= bottom) continue;
    // The ball: the lower lid touches the iris, its front is where it was. Its axis looks a little outwards
    // (pose_figure), so that it stands nearer to the nose than the pupil in the middle of the lids.
    const Vec3 pole{out * (x - kInwards), bottom + eyes.iris_mm - 0.35F, ball.centre.z + ball.radius_mm};
    std::vector<float> radii;
    for (const LidPiece& piece : lids.pieces)
      if (piece.side == side) radii.push_back(radius_through(pole, shape[piece.skin[0]]));
    std::sort(radii.begin(), radii.end());
    const float radius = clamp(radii[radii.size() / 12] - 0.3F, 11.5F, 17);
    const Vec3 centre = pole - Vec3{0, 0, radius};
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (of_ball[i]) shape[i] = centre + (shape[i] - ball.centre) * (radius / ball.radius_mm);
  }
  for (const LashRoot& root : lids.roots)
    shape[root.lash] = shape[root.skin] + (head.rest()[root.lash] - head.rest()[root.skin]);
}

void close_lips(const HeadModel& head, std::vector<Vec3>& shape) {
  const std::vector<Vec3>& rest = head.rest();
  constexpr float kSeam = -67.45F, kOverlap = 0.8F;
  // The upper lip's middle hangs a little lower than its sides.
  const auto is_upper = [](Vec3 p) { return p.y > kSeam - 0.26F * smooth(5, 2.5F, std::abs(p.x)); };
  // The rims: where the lips of the head at rest nearly touch.
  std::vector<std::size_t> rims[2];
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const Vec3 p = rest[i];
    if (std::abs(p.x) > 26 || p.z < 24.5F - 0.0185F * p.x * p.x || std::abs(p.y - kSeam) > 1.3F) continue;
    rims[is_upper(p) ? 1 : 0].push_back(i);
  }
  if (rims[0].empty() || rims[1].empty()) return;
  const auto height = [&](const std::vector<std::size_t>& rim, float x, float wide) {
    float sum = 0, all = 1e-6F;
    for (const std::size_t i : rim) {
      const float reach = 1 - square((rest[i].x - x) / wide);
      if (reach <= 0) continue;
      sum += reach * reach * shape[i].y, all += reach * reach;
    }
    return sum / all;
  };
  // In the corners the lips are one: moved apart from each other they would cross. Broadly, then what is left
  // open in the middle, where the upper lip may rise to its bow.
  for (const float wide : {6.F, 3.5F}) {
    std::vector<float> by(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Vec3 p = rest[i];
      const float side = std::abs(p.x),
                  near = smooth(9, 1.5F, std::abs(p.y - kSeam)) * smooth(29, 24, side) * smooth(-15, 0, p.z),
                  share = near * smooth(25.5F, 19, side);
      // Corners that a smile has drawn up end the seam with a tick.
      if (wide > 5)
        by[i] = -0.8F * smooth(7, 1, std::abs(p.y - kSeam)) * smooth(19, 24.5F, side) * smooth(33, 26, side) *
                smooth(-15, 0, p.z);
      if (near <= 0) continue;
      const float gap = height(rims[1], p.x, wide) - height(rims[0], p.x, wide);
      by[i] += (is_upper(p) ? -0.5F : 0.5F) * share * std::max(0.F, gap + kOverlap);
      // What lies behind the rims would come through them.
      if (wide > 5)
        shape[i].z -= 4.5F * near *
                      smooth(mix(-1.5F, -0.2F, smooth(8, 14, side)), mix(-4.5F, -3.F, smooth(8, 14, side)),
                             p.z - (27.3F - 0.0185F * p.x * p.x));
    }
    for (std::size_t i = 0; i < shape.size(); ++i) shape[i].y += by[i];
  }
}

namespace {

/// Brings the vertices nearest to `edge` on either side so far apart, and with them what `share` says.
template <typename Share>
void fit_width(const HeadModel& head, float wanted, float most, Vec3 edge, std::vector<Vec3>& shape,
               const Share& share) {
  const std::vector<Vec3>& rest = head.rest();
  float best[2] = {1e9F, 1e9F}, x[2] = {0, 0};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const float far = square(std::abs(rest[i].x) - edge.x) + square(rest[i].y - edge.y);
    const std::size_t side = rest[i].x > 0 ? 1 : 0;
    if (rest[i].z > edge.z && far < best[side]) best[side] = far, x[side] = shape[i].x;
  }
  const float half = 0.5F * (x[1] - x[0]);
  if (half < 5) return;
  const float wider = clamp(0.5F * wanted / half - 1, -0.2F, most);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const float far = share(rest[i]);
    if (far > 0) shape[i].x += far * wider * clamp(shape[i].x, -half, half);
  }
}

}  // namespace

void fit_widths(const HeadModel& head, const Widths& widths, std::vector<Vec3>& shape) {
  fit_width(head, widths.nose_mm, 0.22F, {16.9F, -38.5F, 23}, shape, [](Vec3 p) {
    return smooth(34, 17, std::sqrt(p.x * p.x + square(0.7F * (p.y + 37)))) * smooth(-6, 14, p.z);
  });
  fit_mouth(head, widths.mouth_mm, shape);
}

void fit_mouth(const HeadModel& head, float mouth_mm, std::vector<Vec3>& shape) {
  fit_width(head, mouth_mm, 0.5F, {25, -67.5F, 0}, shape, [](Vec3 p) {
    return smooth(66, 22, std::sqrt(p.x * p.x + square(1.6F * (p.y + 68)))) * smooth(-42, -5, p.z);
  });
}

}  // namespace shogo::people
