// A surgical mask: a sheet stretched over nose and chin, with folds and loops around the ears.
#include "figure_parts.h"
#include <algorithm>
#include <cmath>

namespace shogo::people {

void add_mask(const Sitter& sitter, Mesh& mesh, Strands& strands) {
  constexpr int kColumns = 25, kRows = 17;
  const FrontFinder finder(sitter);
  std::vector<Vec3> place(std::size_t{kColumns} * kRows);
  std::vector<bool> known(place.size());
  const auto at = [](int column, int row) { return static_cast<std::size_t>(row * kColumns + column); };
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      const float s = static_cast<float>(column) / (kColumns - 1) * 2 - 1,
                  t = static_cast<float>(row) / (kRows - 1);
      const float top = -13 - 13 * smooth(0.1F, 1, std::abs(s)), bottom = -107 + 28 * s * s;
      const FrontFinder::Hit hit = finder.at(60 * s, mix(top, bottom, t));
      known[at(column, row)] = hit.found;
      place[at(column, row)] = hit.position + hit.normal * 2.5F;
    }
  // Beyond the face's edge the sheet goes on where the nearest row found skin.
  for (int column = 0; column < kColumns; ++column)
    for (int row = 1; row < kRows; ++row)
      if (!known[at(column, row)]) place[at(column, row)] = place[at(column, row - 1)] + Vec3{0, -5, -2};
  const std::vector<Vec3> skin = place;
  // Taut cloth bridges hollows: it is averaged, but never sinks below the skin.
  for (int round = 0; round < 14; ++round) {
    const std::vector<Vec3> old = place;
    for (int row = 1; row + 1 < kRows; ++row)
      for (int column = 1; column + 1 < kColumns; ++column) {
        Vec3& p = place[at(column, row)];
        p = mix(p,
                (old[at(column - 1, row)] + old[at(column + 1, row)] + old[at(column, row - 1)] +
                 old[at(column, row + 1)]) *
                    0.25F,
                0.6F);
        p.z = std::max(p.z, skin[at(column, row)].z + 1.5F);
      }
  }
  const auto base = static_cast<std::uint32_t>(mesh.vertices.size());
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      const Vec3 across =
          place[at(std::min(column + 1, kColumns - 1), row)] - place[at(std::max(column - 1, 0), row)];
      const Vec3 up =
          place[at(column, std::max(row - 1, 0))] - place[at(column, std::min(row + 1, kRows - 1))];
      mesh.vertices.push_back({place[at(column, row)], normalized(cross(across, up)),
                               static_cast<float>(column), static_cast<float>(row) / (kRows - 1) * 4, 1, 1});
    }
  for (std::uint32_t row = 0; row + 1 < kRows; ++row)
    for (std::uint32_t column = 0; column + 1 < kColumns; ++column) {
      const std::uint32_t a = base + row * kColumns + column, b = a + 1, c = a + kColumns, d = c + 1;
      mesh.triangles.push_back({{a, c, d}, Material::kMask, 0});
      mesh.triangles.push_back({{a, d, b}, Material::kMask, 0});
    }
  for (const int column : {0, kColumns - 1})
    for (const int row : {1, kRows - 2}) {
      const Vec3 from = place[at(column, row)];
      const float sign = from.x > 0 ? 1.F : -1.F;
      const Vec3 ear{sign * 76, row == 1 ? 2.F : -28.F, -78};
      Strand strand;
      strand.material = Material::kMask;
      strand.width_mm = 2.4F;
      strand.colour = {0.7F, 0.72F, 0.73F};
      add_strand(strands,
                 {from, mix(from, ear, 0.33F) + Vec3{sign * 4, 0, 0},
                  mix(from, ear, 0.66F) + Vec3{sign * 4, 0, 0}, ear},
                 {1, 1, 1, 1}, strand);
    }
}

}  // namespace shogo::people
