#include "soft_light.h"

#include <gtest/gtest.h>

namespace shogo::people {
namespace {

/// A floor of skin, 2 mm fine, that faces the lamp, under the half plane x < 0 of cloth, `above` it.
Figure under_a_shelf(float above) {
  Figure figure;
  Mesh& mesh = figure.mesh;
  constexpr std::uint32_t kWide = 41;
  for (std::uint32_t y = 0; y < kWide; ++y)
    for (std::uint32_t x = 0; x < kWide; ++x)
      mesh.vertices.push_back(
          {{2.F * static_cast<float>(x) - 40, 2.F * static_cast<float>(y) - 100, -50}, {0, 0, 1}});
  for (std::uint32_t y = 0; y + 1 < kWide; ++y)
    for (std::uint32_t x = 0; x + 1 < kWide; ++x) {
      const std::uint32_t a = y * kWide + x;
      mesh.triangles.push_back({{a, a + 1, a + kWide + 1}, Material::kSkin});
      mesh.triangles.push_back({{a, a + kWide + 1, a + kWide}, Material::kSkin});
    }
  const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
  for (const auto& [x, y] :
       {std::array{-150.F, -200.F}, std::array{0.F, -200.F}, std::array{0.F, 80.F}, std::array{-150.F, 80.F}})
    mesh.vertices.push_back({{x, y, above - 50}, {0, 0, 1}});
  mesh.triangles.push_back({{first, first + 1, first + 2}, Material::kCloth});
  mesh.triangles.push_back({{first, first + 2, first + 3}, Material::kCloth});
  return figure;
}

std::vector<float> across(const Figure& figure, float size, int threads) {
  const std::vector<Light> lights = {{{0, 0, 1}, {1, 1, 1}, size}};
  const Posed posed = pose_figure(figure, {});
  const SoftLight soft = soft_light(figure, figure.mesh, posed, lights, threads);
  // The row through the middle.
  return {soft.first.begin() + 20 * 41, soft.first.begin() + 21 * 41};
}

int half_lit(const std::vector<float>& row) {
  int count = 0;
  for (const float x : row) count += x > 0.1F && x < 0.9F ? 1 : 0;
  return count;
}

TEST(SoftLight, is_dark_under_a_shelf_and_lit_beside_it) {
  const std::vector<float> row = across(under_a_shelf(20), 1, 1);
  EXPECT_LT(row.front(), 0.05F);
  EXPECT_GT(row.back(), 0.95F);
}

TEST(SoftLight, shadows_grow_softer_with_the_lamp_and_with_the_way_to_what_throws_them) {
  EXPECT_GT(half_lit(across(under_a_shelf(40), 1, 1)), half_lit(across(under_a_shelf(10), 1, 1)));
  EXPECT_GT(half_lit(across(under_a_shelf(40), 1, 1)), half_lit(across(under_a_shelf(40), 0.2F, 1)));
}

TEST(SoftLight, does_not_depend_on_threads) {
  EXPECT_EQ(across(under_a_shelf(20), 0.8F, 1), across(under_a_shelf(20), 0.8F, 3));
}

}  // namespace
}  // namespace shogo::people
