#include "hair_comb.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>

namespace shogo::people {
namespace {

/// Nothing is laid down lower than this or by more: behind the ears heights are not to be trusted.
constexpr float kLeast_mm = 2, kMost_mm = 9;

using Cell = std::array<std::int32_t, 3>;

/// Of the direction from the head's middle: about 7 mm of scalp.
Cell cell_of(Vec3 p) {
  const Vec3 at = HeadField::outwards(p) * 14;
  return {whole_below(at.x), whole_below(at.y), whole_below(at.z)};
}

/// Height below which three quarters of the hair in the cell lie, and how much that is.
struct Level {
  float height_mm = 0, weight = 0;
};

/// How many paths pass through each cell.
std::map<Cell, std::size_t> company_of(const std::vector<std::vector<Vec3>>& paths) {
  std::map<Cell, std::size_t> passing;
  for (const std::vector<Vec3>& path : paths) {
    Cell last{};
    for (const Vec3 p : path) {
      const Cell cell = cell_of(p);
      if (cell != last) ++passing[cell];
      last = cell;
    }
  }
  return passing;
}

}  // namespace

void comb_down(std::vector<std::vector<Vec3>>& paths, const HeadField& field, float low_mm, float free_mm) {
  std::map<Cell, std::vector<float>> heights;
  for (const std::vector<Vec3>& path : paths)
    for (const Vec3 p : path)
      if (p.y > low_mm) heights[cell_of(p)].push_back(field.height(p));
  std::map<Cell, Level> levels;
  for (auto& [cell, all] : heights) {
    const auto at = all.begin() + static_cast<std::ptrdiff_t>(all.size() * 3 / 4);
    std::nth_element(all.begin(), at, all.end());
    levels[cell] = {*at, static_cast<float>(all.size())};
  }
  // With the cells around: a cell with three hairs knows nothing of its own.
  std::map<Cell, float> limits;
  for (const auto& [cell, own] : levels) {
    float sum = 0, weight = 0;
    for (std::int32_t k = -1; k <= 1; ++k)
      for (std::int32_t j = -1; j <= 1; ++j)
        for (std::int32_t i = -1; i <= 1; ++i) {
          const auto found = levels.find({cell[0] + i, cell[1] + j, cell[2] + k});
          if (found == levels.end()) continue;
          sum += found->second.height_mm * found->second.weight, weight += found->second.weight;
        }
    limits[cell] = sum / weight;
  }
  for (std::vector<Vec3>& path : paths)
    for (std::size_t i = 1; i < path.size(); ++i) {
      Vec3& p = path[i];
      if (p.y <= low_mm) continue;
      const float over = field.height(p) - std::max(kLeast_mm, limits.at(cell_of(p))) - free_mm;
      // A little of the difference stays: hair is no polished shell. Fades out downwards.
      if (over > 0)
        p -= HeadField::outwards(p) * (0.9F * std::min(over, kMost_mm) * smooth(low_mm, low_mm + 25, p.y));
    }
}

void cut_lone(std::vector<std::vector<Vec3>>& paths, const std::function<bool(Vec3)>& bare,
              std::size_t company) {
  const std::map<Cell, std::size_t> passing = company_of(paths);
  for (std::vector<Vec3>& path : paths)
    for (std::size_t i = 2; i < path.size(); ++i) {
      const Vec3 way = path[i] - path[i - 1];
      const bool across = std::abs(way.x) > 0.75F * std::abs(way.y);
      // It is one of those that pass itself.
      if (!across || passing.at(cell_of(path[i])) > company || !bare(path[i])) continue;
      path.resize(i);
      break;
    }
}

}  // namespace shogo::people
