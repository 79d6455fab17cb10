#include "head_field.h"

#include <algorithm>

namespace shogo::people {
namespace {

constexpr Vec3 kMiddle{0, 5, -75};
constexpr float kNone = -1e6F;

struct Place {
  float x, y;
};
/// Octahedral projection: no trigonometry, no poles.
Place fold(Vec3 d, int size) {
  const float sum = std::abs(d.x) + std::abs(d.y) + std::abs(d.z) + 1e-9F;
  float x = d.x / sum, y = d.z / sum;
  if (d.y < 0) {
    const float fx = (1 - std::abs(y)) * (x >= 0 ? 1.F : -1.F),
                fy = (1 - std::abs(x)) * (y >= 0 ? 1.F : -1.F);
    x = fx;
    y = fy;
  }
  return {(x * 0.5F + 0.5F) * static_cast<float>(size - 1), (y * 0.5F + 0.5F) * static_cast<float>(size - 1)};
}

/// By place on the chart: 78 to 112 degrees aside, 38 below to 22 above the middle.
bool is_ear(const Vertex& vertex) {
  const float aside = std::abs(vertex.u - 0.5F);
  return aside > 0.41F && aside < 0.4995F && vertex.v > 0.28F && vertex.v < 0.855F;
}

void fill_and_soften(std::vector<float>& cells, int wide, int deep, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const std::vector<float> old = cells;
    for (int y = 0; y < deep; ++y)
      for (int x = 0; x < wide; ++x) {
        float sum = 0, count = 0;
        for (int j = -1; j <= 1; ++j)
          for (int i = -1; i <= 1; ++i) {
            const int nx = x + i, ny = y + j;
            if (nx < 0 || ny < 0 || nx >= wide || ny >= deep) continue;
            const float value = old[static_cast<std::size_t>(ny * wide + nx)];
            if (value <= kNone) continue;
            sum += value;
            count += 1;
          }
        float& cell = cells[static_cast<std::size_t>(y * wide + x)];
        if (count > 0) cell = cell <= kNone ? sum / count : mix(cell, sum / count, 0.35F);
      }
  }
}

/// Every cell as far as the farthest beside it, less a slope of 2 mm a cell.
void widen(std::vector<float>& cells, int wide, int deep) {
  const std::vector<float> old = cells;
  for (int y = 1; y + 1 < deep; ++y)
    for (int x = 1; x + 1 < wide; ++x)
      for (const int by : {-1, 1, -wide, wide}) {
        float& cell = cells[static_cast<std::size_t>(y * wide + x)];
        if (cell > kNone) cell = std::max(cell, old[static_cast<std::size_t>(y * wide + x + by)] - 2);
      }
}

}  // namespace

HeadField::HeadField(const Mesh& mesh, bool ears)
    : reach_(std::size_t{kSize} * kSize, kNone), height_(std::size_t{kWide} * kDeep, kNone) {
  for (const Triangle& triangle : mesh.triangles) {
    if (triangle.material != Material::kSkin && triangle.material != Material::kCloth) continue;
    if (!ears && triangle.material == Material::kSkin && is_ear(mesh.vertices[triangle.corner[0]])) continue;
    const Vec3 a = mesh.vertices[triangle.corner[0]].position, b = mesh.vertices[triangle.corner[1]].position,
               c = mesh.vertices[triangle.corner[2]].position;
    for (int i = 0; i <= 3; ++i)
      for (int j = 0; i + j <= 3; ++j) {
        const Vec3 p = a + (b - a) * (static_cast<float>(i) / 3) + (c - a) * (static_cast<float>(j) / 3);
        if (p.y > -130) {
          const Vec3 d = p - kMiddle;
          const Place at = fold(d, kSize);
          float& cell = reach_[static_cast<std::size_t>(static_cast<int>(at.y + 0.5F) * kSize +
                                                        static_cast<int>(at.x + 0.5F))];
          cell = std::max(cell, length(d));
        }
        if (p.y < -135) {
          const int x = static_cast<int>(p.x / 10 + kWide / 2),
                    z = static_cast<int>(p.z / 10 + kDeep / 2 + 7);
          if (x < 0 || z < 0 || x >= kWide || z >= kDeep) continue;
          float& cell = height_[static_cast<std::size_t>(z * kWide + x)];
          cell = std::max(cell, p.y);
        }
      }
  }
  // Hair lies over ears in a wide curve.
  if (ears) widen(reach_, kSize, kSize);
  fill_and_soften(reach_, kSize, kSize, ears ? 7 : 4);
  fill_and_soften(height_, kWide, kDeep, 2);
}

Vec3 HeadField::outwards(Vec3 p) {
  return normalized(p - kMiddle);
}

float HeadField::height(Vec3 p) const {
  const Vec3 d = p - kMiddle;
  return length(d) - reach(d);
}

float HeadField::reach(Vec3 direction) const {
  const Place at = fold(direction, kSize);
  const int x = std::min(static_cast<int>(at.x), kSize - 2), y = std::min(static_cast<int>(at.y), kSize - 2);
  const float fx = at.x - static_cast<float>(x), fy = at.y - static_cast<float>(y);
  const float* cell = &reach_[static_cast<std::size_t>(y * kSize + x)];
  return mix(mix(cell[0], cell[1], fx), mix(cell[kSize], cell[kSize + 1], fx), fy);
}

float HeadField::shoulder(float x, float z) const {
  const float gx = x / 10 + kWide / 2, gz = z / 10 + kDeep / 2 + 7;
  const int ix = static_cast<int>(gx), iz = static_cast<int>(gz);
  if (gx < 0 || gz < 0 || ix + 1 >= kWide || iz + 1 >= kDeep) return kNone;
  const float fx = gx - static_cast<float>(ix), fz = gz - static_cast<float>(iz);
  const float* cell = &height_[static_cast<std::size_t>(iz * kWide + ix)];
  return mix(mix(cell[0], cell[1], fx), mix(cell[kWide], cell[kWide + 1], fx), fz);
}

bool HeadField::lift(Vec3& p, float clear) const {
  bool touched = false;
  if (p.y > -125) {
    const Vec3 d = p - kMiddle;
    const float far = length(d), least = reach(d) + clear;
    if (far < least) {
      p = kMiddle + d * (least / std::max(far, 1.F));
      touched = true;
    }
  }
  // The neck, about a tapering cylinder that leans forward.
  if (p.y < -85 && p.y > -215) {
    const float axis = -62 + 0.12F * (p.y + 85), x = p.x, z = p.z - axis, far = std::sqrt(x * x + z * z);
    const float least = 58 + 0.15F * std::max(0.F, -150 - p.y) + 0.6F * clear;
    if (far < least) {
      const float out = least / std::max(far, 1.F);
      p.x = x * out;
      p.z = axis + z * out;
      touched = true;
    }
  }
  if (p.y < -110) {
    const float least = shoulder(p.x, p.z) + 0.8F * clear;
    if (p.y < least && least - p.y < 60) {
      p.y = least;
      touched = true;
    }
  }
  return touched;
}

}  // namespace shogo::people
