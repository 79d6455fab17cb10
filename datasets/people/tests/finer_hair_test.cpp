#include "finer_hair.h"

#include <gtest/gtest.h>

namespace shogo::people {
namespace {

const Figure& figure() {
  static const Figure built = [] {
    const HeadModel head = HeadModel::built_in();
    return build_figure(head, sample_person(4, find_recipe("clinic").value(), head), {}, {});
  }();
  return built;
}
constexpr Vec3 kMiddle{0, 10, -75};

TEST(FinerHair, a_bundle_becomes_hairs_that_stay_beside_it_and_are_no_longer) {
  const Figure& whole = figure();
  ASSERT_GT(whole.head_hairs, 0U);
  Figure one = whole;
  one.hair.strands = {whole.hair.strands[whole.head_hairs / 2]};
  one.head_hairs = 1;
  const Strand& bundle = one.hair.strands[0];
  const PosedStrands fine = finer_hair(one, one.hair.points, kMiddle);
  EXPECT_GT(fine.strands.strands.size(), 1U);
  ASSERT_EQ(fine.posed.size(), fine.strands.along.size());
  for (const Strand& hair : fine.strands.strands) {
    EXPECT_LT(hair.width_mm, bundle.width_mm);
    EXPECT_LE(hair.length_mm, bundle.length_mm);
    EXPECT_EQ(hair.hairs, 1);
    EXPECT_EQ(fine.strands.along[hair.first], 0);
    EXPECT_EQ(fine.strands.along[hair.first + hair.count - 1U], 1);
    for (std::uint32_t i = hair.first; i < hair.first + hair.count; ++i) {
      float nearest = 1e9F;
      for (std::uint32_t k = 0; k + 1U < bundle.count; ++k) {
        const Vec3 from = one.hair.points[bundle.first + k],
                   run = one.hair.points[bundle.first + k + 1] - from;
        const float t = clamp01(dot(fine.posed[i] - from, run) / std::max(dot(run, run), 1e-6F));
        nearest = std::min(nearest, length(fine.posed[i] - from - run * t));
      }
      EXPECT_LT(nearest, 2 * bundle.width_mm + 14);
    }
  }
}

TEST(FinerHair, brows_and_lashes_stay_as_they_are) {
  const Figure& whole = figure();
  const PosedStrands fine = finer_hair(whole, whole.hair.points, kMiddle);
  const std::size_t others = whole.hair.strands.size() - whole.head_hairs;
  ASSERT_GT(others, 0U);
  ASSERT_GT(fine.strands.strands.size(), whole.hair.strands.size());
  for (std::size_t i = 1; i <= others; ++i) {
    const Strand& old = whole.hair.strands[whole.hair.strands.size() - i];
    const Strand& same = fine.strands.strands[fine.strands.strands.size() - i];
    ASSERT_EQ(same.count, old.count);
    EXPECT_EQ(same.material, old.material);
    for (std::uint32_t k = 0; k < old.count; ++k)
      EXPECT_EQ(length(fine.posed[same.first + k] - whole.hair.points[old.first + k]), 0);
  }
}

TEST(FinerHair, a_portrait_sees_single_hairs_and_a_readers_frame_bundles) {
  Camera camera;
  camera.position = {0, 0, 500};
  camera.focal_px = 560;
  EXPECT_FALSE(sees_single_hairs(camera, kMiddle, 2));
  camera.position = {0, 0, 1500};
  camera.focal_px = 5600;  // 480 pixels across 9.8 degrees, twice as fine
  EXPECT_TRUE(sees_single_hairs(camera, kMiddle, 2));
}

}  // namespace
}  // namespace shogo::people
