#include "shadow.h"

#include "light_view.h"
#include "openness.h"
#include "side_by_side.h"
#include <algorithm>
#include <array>
#include <map>

#include <shogo/people/exact.h>

namespace shogo::people {
namespace {

constexpr float kOffset = LightView::kOffset;
/// So far below what throws the shadow it is wholly dark.
constexpr float kDark_mm = 3;

}  // namespace

ShadowMap::ShadowMap(const Figure& figure, const Posed& posed, const Light& light, int strand_step,
                     int threads)
    : towards_(light.towards), reach_(270), blur_(whole_below(1.1F + 3.2F * light.size)) {
  const LightView project = look_along(towards_, {0, 0, 0}, reach_, kSize);
  right_ = project.right;
  up_ = project.up;
  LightView shifted = project;
  shifted.centre = {0, -90, -50};
  // Each thread draws its share; the higher wins, whoever drew it.
  const int parts = std::max(1, threads);
  std::vector<Raster> rasters(static_cast<std::size_t>(parts), Raster(kSize, 0, kSize));
  side_by_side(threads, parts, [&](int part) {
    draw_view(rasters[static_cast<std::size_t>(part)], shifted, figure, posed.position, posed.strand_points,
              strand_step, {part, parts});
  });
  height_.resize(std::size_t{kSize} * kSize);
  for (int y = 0; y < kSize; ++y)
    for (int x = 0; x < kSize; ++x) {
      float& height = height_[static_cast<std::size_t>(y) * kSize + static_cast<std::size_t>(x)];
      for (const Raster& raster : rasters) height = std::max(height, raster.near(x, y));
    }
  note_reach();
}

void ShadowMap::note_reach() {
  constexpr auto kAll = std::size_t{kSize} * kSize;
  highest_.assign(kAll, 0);
  lowest_.assign(kAll, 0);
  // Along the rows, then down the columns: what lit() would look at from each texel.
  std::vector<float> high(kAll), low(kAll);
  const auto b = static_cast<std::size_t>(blur_), last = kSize - b - 1;
  const auto most = [](float x, float y) { return x > y ? x : y; };
  const auto least = [](float x, float y) { return x < y ? x : y; };
  const auto over = [&](const float* from, float* to, std::size_t one, std::size_t count, auto pick) {
    for (std::size_t i = 0; i < count; ++i) {
      const float* at = from + i;
      const float before = pick(*(at - b * one), *(at - b * one + one)), here = pick(*at, *(at + one)),
                  after = pick(*(at + b * one), *(at + b * one + one));
      to[i] = pick(pick(before, here), after);
    }
  };
  for (std::size_t y = 0; y < kSize; ++y) {
    const std::size_t row = y * kSize + b;
    over(&height_[row], &high[row], 1, last - b, most);
    over(&height_[row], &low[row], 1, last - b, least);
  }
  for (std::size_t y = b; y < last; ++y) {
    const std::size_t row = y * kSize + b;
    over(&high[row], &highest_[row], kSize, last - b, most);
    over(&low[row], &lowest_[row], kSize, last - b, least);
  }
}

float ShadowMap::lit(Vec3 position, float bias_mm) const {
  const Vec3 d = position - Vec3{0, -90, -50};
  const float scale = static_cast<float>(kSize) / (2 * reach_);
  const float x = (dot(d, right_) + reach_) * scale - 0.5F, y = (dot(d, up_) + reach_) * scale - 0.5F;
  const float height = dot(d, towards_) + kOffset + bias_mm;
  const int ix = whole_below(x), iy = whole_below(y);
  if (ix < blur_ || iy < blur_ || ix + blur_ + 1 >= kSize || iy + blur_ + 1 >= kSize) return 1;
  const std::size_t here = static_cast<std::size_t>(iy) * kSize + static_cast<std::size_t>(ix);
  if (highest_[here] <= height) return 1;
  if (lowest_[here] > height + kDark_mm) return 0;
  // Nine soft comparisons, whole texels apart: all lie between their four texels alike, so those are added
  // first.
  float sum[4] = {};
  for (int j = -1; j <= 1; ++j)
    for (int i = -1; i <= 1; ++i) {
      const float* at = &height_[static_cast<std::size_t>((iy + j * blur_) * kSize + ix + i * blur_)];
      // Fully lit when nothing is higher, fully dark from so far below on: no hard steps.
      const auto dark = [&](float top) { return clamp01((top - height) * (1 / kDark_mm)); };
      sum[0] += dark(at[0]);
      sum[1] += dark(at[1]);
      sum[2] += dark(at[kSize]);
      sum[3] += dark(at[kSize + 1]);
    }
  const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  return 1 - mix(mix(sum[0], sum[1], fx), mix(sum[2], sum[3], fx), fy) / 9;
}

void gather_ambient(Figure& figure) {
  constexpr int kDirections = 26, kSize = 200;
  constexpr Vec3 kCentre{0, -35, -60};
  constexpr float kReach = 170;
  std::vector<Vec3> position(figure.mesh.vertices.size());
  for (std::size_t i = 0; i < position.size(); ++i) position[i] = figure.mesh.vertices[i].position;
  std::vector<float> open(position.size()), all(position.size());
  std::vector<float> strand_open(figure.hair.strands.size());
  float strand_all = 0;
  std::vector<Vec3> normal(position.size()), above(position.size()), strand_place(figure.hair.strands.size());
  for (std::size_t i = 0; i < above.size(); ++i) {
    normal[i] = figure.mesh.vertices[i].normal;
    above[i] = position[i] + normal[i] * 1.2F;
  }
  for (std::size_t s = 0; s < strand_place.size(); ++s) {
    const Strand& strand = figure.hair.strands[s];
    strand_place[s] = figure.hair.points[strand.first + strand.count * 2U / 3];
  }
  Openness skin(above, 1.6F, 0.45F), hair(strand_place, 3, 0.45F);
  for (int k = 0; k < kDirections; ++k) {
    // Evenly spread over the sphere; below the horizon of the head little light comes, so those count half.
    const float y = 1 - (2 * static_cast<float>(k) + 1) / kDirections;
    const auto turn = exact::sin_cos(2.399963229728653 * k);
    const float r = std::sqrt(1 - y * y);
    const Vec3 towards{r * static_cast<float>(turn.cos), y, r * static_cast<float>(turn.sin)};
    const float weight = y < -0.2F ? 0.5F : 1.F;
    const LightView project = look_along(towards, kCentre, kReach, kSize);
    Raster raster(kSize, 0, kSize);
    draw_view(raster, project, figure, position, figure.hair.points, 9);
    const std::vector<float>& seen = skin.from(raster, kSize, project);
    wide_loop(position.size(), [towards, weight, normal = normal.data(), free = seen.data(), sum = all.data(),
                                sum_open = open.data()](std::size_t i) {
      const float cosine = dot(normal[i], towards), share = cosine <= 0.05F ? 0 : weight * cosine;
      sum[i] += share;
      sum_open[i] += share * free[i];
    });
    strand_all += weight;
    const std::vector<float>& strand_seen = hair.from(raster, kSize, project);
    for (std::size_t s = 0; s < strand_open.size(); ++s) strand_open[s] += weight * strand_seen[s];
  }
  for (std::size_t i = 0; i < position.size(); ++i)
    // Folds are never black: skin there is lit through and by the skin across.
    figure.mesh.vertices[i].light = all[i] > 0 ? 0.10F + 0.90F * open[i] / all[i] : 1;
  // A strand sees at most half of the sphere: the head is behind it.
  std::vector<float> light(figure.hair.strands.size());
  for (std::size_t s = 0; s < light.size(); ++s)
    light[s] = 0.25F + 0.65F * clamp(2 * strand_open[s] / std::max(strand_all, 1e-6F), 0, 1);
  // Light goes through hair: neighbours have nearly the same, or every bundle would be a plank by itself.
  constexpr float kCell_mm = 14;
  std::map<std::array<std::int32_t, 3>, std::array<float, 2>> cells;
  const auto cell_of = [&](const Strand& strand) {
    const Vec3 p = figure.hair.points[strand.first + strand.count * 2U / 3] * (1 / kCell_mm);
    return std::array<std::int32_t, 3>{whole_below(p.x), whole_below(p.y), whole_below(p.z)};
  };
  for (std::size_t s = 0; s < light.size(); ++s) {
    std::array<float, 2>& sum = cells[cell_of(figure.hair.strands[s])];
    sum[0] += light[s], sum[1] += 1;
  }
  for (std::size_t s = 0; s < light.size(); ++s) {
    const std::array<float, 2>& sum = cells[cell_of(figure.hair.strands[s])];
    figure.hair.strands[s].light *= mix(light[s], sum[0] / sum[1], 0.65F);
  }
}

}  // namespace shogo::people
