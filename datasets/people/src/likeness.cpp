#include "shape_memo.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <string>

#include <shogo/people/likeness.h>

namespace shogo::people {
namespace {

/// Vertices nearest to a grid of places on the front of the face at rest.
std::vector<std::size_t> places_of(const HeadModel& head) {
  std::vector<bool> skin(head.rest().size());
  for (const Quad& quad : head.quads())
    if (quad.part == Part::kSkin)
      for (const std::uint16_t corner : quad.corner) skin[corner] = true;
  std::vector<std::size_t> places;
  for (int row = 0; row < 12; ++row)
    for (int column = 0; column < 9; ++column) {
      const float x = -64 + 16 * static_cast<float>(column), y = 40 - 13.5F * static_cast<float>(row);
      float best = 1e9F;
      std::size_t at = 0;
      for (std::size_t i = 0; i < head.rest().size(); ++i) {
        const Vec3 p = head.rest()[i];
        if (!skin[i] || p.z < -60) continue;
        const float far = square(p.x - x) + square(p.y - y) - 0.2F * p.z;
        if (far < best) best = far, at = i;
      }
      places.push_back(at);
    }
  return places;
}

/// Looked for once per model.
const std::vector<std::size_t>& known_places(const HeadModel& head) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<std::size_t>> all;
  const std::lock_guard lock(mutex);
  const auto [at, fresh] = all.try_emplace(head.id());
  if (fresh) at->second = places_of(head);
  return at->second;
}

}  // namespace

FaceMeasures measure_face(const HeadModel& head, const Person& person) {
  const auto known = known_shape(head, person);
  const std::vector<Vec3>& shape = *known;
  FaceMeasures out;
  for (const std::size_t place : known_places(head))
    for (const float value : {shape[place].x, shape[place].y, shape[place].z}) out.push_back(value);
  const float weight = std::sqrt(static_cast<float>(out.size()) / 20);
  for (const float value :
       {10 * person.skin.melanin, 3 * person.skin.blood, person.brows.height_mm, 4 * person.brows.thickness,
        4 * person.brows.arch, 20 * person.brows.slope, 3 * person.brows.density, 4 * person.brows.length,
        3 * person.skin.wrinkles, 2 * person.eyes.lid_fold})
    out.push_back(weight * value);
  return out;
}

float likeness_mm(const FaceMeasures& a, const FaceMeasures& b) {
  float sum = 0;
  const std::size_t size = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < size; ++i) sum += square(a[i] - b[i]);
  return std::sqrt(sum / static_cast<float>(std::max<std::size_t>(size, 1)));
}

}  // namespace shogo::people
