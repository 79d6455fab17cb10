#include "hair_locks.h"

#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {

LockPlace lock_at(Vec3 rest, float size_mm, std::uint32_t key) {
  const Vec3 p = rest * (1 / size_mm);
  const std::int32_t x = whole_below(p.x), y = whole_below(p.y), z = whole_below(p.z);
  LockPlace place;
  float nearest = 1e9F, next = 1e9F;
  for (std::int32_t k = -1; k <= 1; ++k)
    for (std::int32_t j = -1; j <= 1; ++j)
      for (std::int32_t i = -1; i <= 1; ++i) {
        const std::uint32_t own =
            hash32(hash32(key, static_cast<std::uint32_t>(x + i)), static_cast<std::uint32_t>(y + j),
                   static_cast<std::uint32_t>(z + k));
        const Vec3 middle{static_cast<float>(x + i) + unit_of(hash32(own, 1U)),
                          static_cast<float>(y + j) + unit_of(hash32(own, 2U)),
                          static_cast<float>(z + k) + unit_of(hash32(own, 3U))};
        const float far = length(p - middle);
        if (far < nearest) {
          next = nearest;
          nearest = far;
          place.key = own;
        } else if (far < next) {
          next = far;
        }
      }
  place.edge = clamp01(2 * nearest / std::max(nearest + next, 1e-6F));
  place.from_middle_mm = nearest * size_mm;
  return place;
}

void draw_together(std::vector<Vec3>& path, const std::vector<Vec3>& guide, float pull) {
  if (path.size() < 2 || guide.size() < 2 || pull <= 0) return;
  float whole = 0;
  for (std::size_t i = 1; i < path.size(); ++i) whole += length(path[i] - path[i - 1]);
  std::size_t at = 0;
  float grown = 0, passed = 0, stretch = length(guide[1] - guide[0]);
  Vec3 before = path[0], shift{};
  float beside = 1;
  for (std::size_t i = 1; i < path.size(); ++i) {
    grown += length(path[i] - before);
    before = path[i];
    while (grown > passed + stretch && at + 2 < guide.size()) {
      passed += stretch;
      ++at;
      stretch = length(guide[at + 1] - guide[at]);
    }
    const float t = (grown - passed) / std::max(stretch, 1e-3F);
    // Past the guide's end it keeps the distance that it has there.
    if (t <= 1) {
      const Vec3 way = mix(guide[at], guide[at + 1], t) - path[i];
      // Combed another way, they are no neighbours any more.
      const float far = length(way);
      beside = std::min(beside, smooth(22, 10, far));
      shift = way *
              (pull * beside * std::min(1.F, 8 / std::max(far, 1e-3F)) * smooth(0.08F, 0.85F, grown / whole));
    }
    path[i] += shift;
  }
}

}  // namespace shogo::people
