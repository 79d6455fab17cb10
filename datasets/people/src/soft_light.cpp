#include "soft_light.h"

#include "light_view.h"
#include "openness.h"
#include "side_by_side.h"
#include <algorithm>
#include <array>

#include <shogo/people/exact.h>

namespace shogo::people {
namespace {

/// Places on the lamp's face that are looked from, for the first lamp and the second.
constexpr int kFirst = 8, kSecond = 4;
/// Sine of the angle to which a lamp of size 1 spreads: a panel of 1.2 m two metres away.
constexpr float kSpread = 0.3F;
constexpr int kStrandStep = 8;
constexpr Vec3 kCentre{0, -60, -50};
constexpr float kReach = 190;
constexpr int kSize = 224;

/// The k-th of `count` places, evenly spread over a disc (Vogel's spiral).
Vec3 towards_part(const Light& light, int k, int count) {
  const Vec3 helper = std::abs(light.towards.y) < 0.9F ? Vec3{0, 1, 0} : Vec3{1, 0, 0};
  const Vec3 right = normalized(cross(helper, light.towards)), up = cross(light.towards, right);
  const auto turn = exact::sin_cos(2.399963229728653 * k);
  const float r =
      kSpread * light.size * std::sqrt((static_cast<float>(k) + 0.5F) / static_cast<float>(count));
  return normalized(light.towards + right * (r * static_cast<float>(turn.cos)) +
                    up * (r * static_cast<float>(turn.sin)));
}

using Edges = std::vector<std::array<std::uint32_t, 2>>;

/// Each vertex moves towards the mean of its neighbours.
void spread(std::vector<float>& value, const Edges& edges, const std::vector<float>& count, int times) {
  std::vector<float> sum(value.size());
  for (int i = 0; i < times; ++i) {
    std::fill(sum.begin(), sum.end(), 0.F);
    for (const auto& [a, b] : edges) {
      sum[a] += value[b];
      sum[b] += value[a];
    }
    for (std::size_t v = 0; v < value.size(); ++v)
      if (count[v] > 0) value[v] = mix(value[v], sum[v] / count[v], 0.6F);
  }
}

}  // namespace

SoftLight soft_light(const Figure& coarse, const Mesh& mesh, const Posed& posed,
                     const std::vector<Light>& lights, int threads) {
  const std::size_t count = posed.position.size();
  std::vector<std::uint8_t> asked(count);
  Edges edges;
  std::vector<float> neighbours(count);
  for (const Triangle& triangle : mesh.triangles) {
    if (triangle.material != Material::kSkin && triangle.material != Material::kCloth) continue;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t a = triangle.corner[i], b = triangle.corner[(i + 1) % 3];
      asked[a] = 1;
      // Both triangles at an edge name it, once each way.
      if (a < b) edges.push_back({a, b}), neighbours[a] += 1, neighbours[b] += 1;
    }
  }
  std::vector<std::size_t> which;
  std::vector<Vec3> above;
  for (std::size_t i = 0; i < count; ++i)
    if (asked[i] != 0) which.push_back(i), above.push_back(posed.position[i] + posed.normal[i] * 1.2F);
  const Openness openness(above, 1.5F, 0.4F);
  const auto share_of = [&](const Light& light, int parts) {
    // Each part's views are kept and added in their order, whoever drew them.
    std::vector<std::vector<float>> free(static_cast<std::size_t>(parts));
    side_by_side(threads, parts, [&](int k) {
      const LightView view = look_along(towards_part(light, k, parts), kCentre, kReach, kSize);
      Raster raster(kSize, 0, kSize);
      draw_view(raster, view, coarse, posed.position, posed.strand_points, kStrandStep);
      std::vector<float>& part = free[static_cast<std::size_t>(k)];
      part.resize(2 * count);
      Openness here = openness;
      const std::vector<float>& seen = here.from(raster, kSize, view);
      for (std::size_t n = 0; n < which.size(); ++n) {
        const std::size_t i = which[n];
        // Light that enters beyond the terminator comes from the parts of the lamp that are up.
        const float weight = std::max(0.F, dot(posed.normal[i], view.towards) + 0.15F);
        if (weight <= 0) continue;
        part[2 * i] = weight;
        part[2 * i + 1] = weight * seen[n];
      }
    });
    std::vector<float> out(count, 1.F);
    for (std::size_t i = 0; i < count; ++i) {
      float all = 0, open = 0;
      for (const std::vector<float>& part : free) {
        all += part[2 * i];
        open += part[2 * i + 1];
      }
      if (all > 0) out[i] = open / all;
    }
    return out;
  };
  SoftLight out;
  out.first = share_of(lights[0], kFirst);
  spread(out.first, edges, neighbours, 1);
  out.red = out.first;
  spread(out.red, edges, neighbours, 2);
  out.second = lights.size() > 1 ? share_of(lights[1], kSecond) : std::vector<float>(count, 1.F);
  spread(out.second, edges, neighbours, 3);
  return out;
}

}  // namespace shogo::people
