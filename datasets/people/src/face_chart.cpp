#include "face_chart.h"

#include <algorithm>

#include <shogo/people/exact.h>

namespace shogo::people {
namespace {

constexpr Vec3 kCentre{0, -25, -75};
constexpr float kMostAzimuth = 112, kMostElevation = 66, kDegrees = 57.29578F;

/// Steeper in the middle: three texels there for one at the rim. Monotonous on [-1, 1].
float widen(float t) {
  t = clamp(t, -1, 1);
  return t * (1.35F - 0.35F * t * t);
}

/// How far each vertex is moved by the targets, 1 for the farthest.
std::vector<float> region(const HeadModel& head, std::initializer_list<std::string_view> names) {
  std::vector<float> weight(head.rest().size());
  for (const std::string_view name : names) {
    const int index = head.find(name);
    if (index < 0) continue;
    float most = 0;
    for (const auto& move : head.targets()[static_cast<std::size_t>(index)].moves)
      most = std::max(most, length(move.by));
    for (const auto& move : head.targets()[static_cast<std::size_t>(index)].moves)
      weight[move.vertex] = std::max(weight[move.vertex], length(move.by) / most);
  }
  return weight;
}

}  // namespace

float FaceChart::azimuth(Vec3 rest) {
  const Vec3 d = rest - kCentre;
  return static_cast<float>(exact::atan2(d.x, d.z)) * kDegrees;
}
float FaceChart::elevation(Vec3 rest) {
  const Vec3 d = rest - kCentre;
  return static_cast<float>(exact::atan2(d.y, std::sqrt(d.x * d.x + d.z * d.z))) * kDegrees;
}
ChartPoint FaceChart::place(Vec3 rest) {
  return {0.5F + 0.5F * widen(azimuth(rest) / kMostAzimuth),
          0.5F - 0.5F * widen(elevation(rest) / kMostElevation)};
}

Vec3 FaceChart::rest_at(float azimuth, float elevation) const {
  const float u = 0.5F + 0.5F * widen(azimuth / kMostAzimuth),
              v = 0.5F - 0.5F * widen(elevation / kMostElevation);
  const auto x =
      std::min(static_cast<std::size_t>(u * SkinTexture::kWidth), std::size_t{SkinTexture::kWidth - 1});
  const auto y =
      std::min(static_cast<std::size_t>(v * SkinTexture::kHeight), std::size_t{SkinTexture::kHeight - 1});
  return texels_[y * SkinTexture::kWidth + x].rest;
}

FaceChart::FaceChart(const HeadModel& head)
    : texels_(std::size_t{SkinTexture::kWidth} * SkinTexture::kHeight) {
  const std::vector<float> nose = region(head, {"nose/nose-volume-potato"});
  const std::vector<float> cheek =
      region(head, {"cheek/l-cheek-volume-inflate", "cheek/r-cheek-volume-inflate"});
  const std::vector<float> bag =
      region(head, {"eyes/l-eye-bag-max", "eyes/l-eye-bag-min", "eyes/r-eye-bag-min"});
  std::vector<float> reach(texels_.size(), -1);
  // Degrees, near the middle of the chart, where it is widened evenly.
  const auto u_of = [](int px) {
    return (2 * (static_cast<float>(px) + 0.5F) / SkinTexture::kWidth - 1) / 1.35F * kMostAzimuth;
  };
  const auto v_of = [](int py) {
    return (1 - 2 * (static_cast<float>(py) + 0.5F) / SkinTexture::kHeight) / 1.35F * kMostElevation;
  };
  const auto draw = [&](const std::array<std::uint16_t, 3>& corner) {
    Vec3 rest[3];
    float x[3], y[3];
    for (int i = 0; i < 3; ++i) {
      rest[i] = head.rest()[corner[static_cast<std::size_t>(i)]];
      const ChartPoint at = place(rest[i]);
      x[i] = at.u * SkinTexture::kWidth - 0.5F;
      y[i] = at.v * SkinTexture::kHeight - 0.5F;
    }
    const float area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
    // A triangle across the seam at the back of the head spans the whole picture.
    if (area == 0 || std::max({x[0], x[1], x[2]}) - std::min({x[0], x[1], x[2]}) > SkinTexture::kWidth * 0.5F)
      return;
    const int x0 = std::max(0, static_cast<int>(std::min({x[0], x[1], x[2]}))),
              x1 = std::min(SkinTexture::kWidth - 1, static_cast<int>(std::max({x[0], x[1], x[2]})) + 1);
    const int y0 = std::max(0, static_cast<int>(std::min({y[0], y[1], y[2]}))),
              y1 = std::min(SkinTexture::kHeight - 1, static_cast<int>(std::max({y[0], y[1], y[2]})) + 1);
    for (int py = y0; py <= y1; ++py)
      for (int px = x0; px <= x1; ++px) {
        const float fx = static_cast<float>(px), fy = static_cast<float>(py);
        float w[3];
        for (int i = 0; i < 3; ++i) {
          const int a = (i + 1) % 3, b = (i + 2) % 3;
          w[i] = ((x[a] - fx) * (y[b] - fy) - (x[b] - fx) * (y[a] - fy)) / area;
        }
        if (w[0] < -0.01F || w[1] < -0.01F || w[2] < -0.01F) continue;
        const auto blend = [&](const std::vector<float>& from) {
          return w[0] * from[corner[0]] + w[1] * from[corner[1]] + w[2] * from[corner[2]];
        };
        const Vec3 p = rest[0] * w[0] + rest[1] * w[1] + rest[2] * w[2];
        const std::size_t at =
            static_cast<std::size_t>(py) * SkinTexture::kWidth + static_cast<std::size_t>(px);
        // Between the lips one would see the back of the mouth.
        if (p.z < 8 && std::abs(u_of(px)) < 20 && v_of(py) < -12 && v_of(py) > -36) continue;
        const float far = length(p - kCentre);
        if (far <= reach[at]) continue;
        reach[at] = far;
        texels_[at] = {p, blend(nose), blend(cheek), blend(bag), 0, 0, true};
      }
  };
  for (const Quad& quad : head.quads())
    if (quad.part == Part::kSkin) {
      draw({quad.corner[0], quad.corner[1], quad.corner[2]});
      draw({quad.corner[0], quad.corner[2], quad.corner[3]});
    }
  // Where no skin is (eye openings, between the lips) the nearest texel above or below stands in: lips are
  // edged with lip, not with cheek; else the nearest to the left.
  constexpr int kW = SkinTexture::kWidth, kH = SkinTexture::kHeight;
  const std::vector<AtlasTexel> drawn = texels_;
  for (int y = 0; y < kH; ++y)
    for (int x = 0; x < kW; ++x) {
      AtlasTexel& texel = texels_[static_cast<std::size_t>(y * kW + x)];
      for (int far = 1; far < 30 && !texel.covered; ++far)
        for (const int at : {y - far, y + far})
          if (at >= 0 && at < kH && !texel.covered && drawn[static_cast<std::size_t>(at * kW + x)].covered)
            texel = drawn[static_cast<std::size_t>(at * kW + x)];
    }
  for (std::size_t i = 1; i < texels_.size(); ++i)
    if (!texels_[i].covered && texels_[i - 1].covered) texels_[i] = texels_[i - 1];
  for (AtlasTexel& texel : texels_) {
    texel.azimuth = azimuth(texel.rest);
    texel.elevation = elevation(texel.rest);
  }
}

}  // namespace shogo::people
