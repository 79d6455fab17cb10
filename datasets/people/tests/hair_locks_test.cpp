#include "hair_locks.h"

#include "hair_comb.h"
#include <set>

#include <gtest/gtest.h>

#include <shogo/people/figure.h>

namespace shogo::people {
namespace {

TEST(HairLocks, places_near_each_other_share_a_lock_and_its_border_is_where_the_next_begins) {
  LockPlace before = lock_at({-40, 60, -20}, 10, 7);
  std::set<std::uint32_t> locks{before.key};
  for (int i = 1; i <= 800; ++i) {
    const LockPlace at = lock_at({-40 + 0.1F * static_cast<float>(i), 60, -20}, 10, 7);
    EXPECT_GE(at.edge, 0);
    EXPECT_LE(at.edge, 1);
    if (at.key != before.key) {
      EXPECT_GT(at.edge, 0.9F);
      EXPECT_GT(before.edge, 0.9F);
    }
    locks.insert(at.key);
    before = at;
  }
  // 80 mm of scalp, locks about 10 mm wide.
  EXPECT_GE(locks.size(), 5U);
  EXPECT_LE(locks.size(), 16U);
}

TEST(HairLocks, another_key_gives_other_locks) {
  EXPECT_NE(lock_at({10, 60, -20}, 10, 7).key, lock_at({10, 60, -20}, 10, 8).key);
}

std::vector<Vec3> line(Vec3 from, Vec3 step, int count) {
  std::vector<Vec3> points;
  for (int i = 0; i < count; ++i) points.push_back(from + step * static_cast<float>(i));
  return points;
}

TEST(HairLocks, hairs_draw_together_towards_the_tip_and_stay_where_they_grow) {
  const std::vector<Vec3> guide = line({0, 0, 0}, {0, -2, 0}, 30);
  std::vector<Vec3> path = line({6, 0, 0}, {0, -2, 0}, 30);
  draw_together(path, guide, 0.8F);
  EXPECT_EQ(path.front().x, 6);
  for (std::size_t i = 1; i < path.size(); ++i) EXPECT_LE(path[i].x, path[i - 1].x + 1e-4F);
  EXPECT_NEAR(path.back().x, 6 * 0.2F, 0.05F);
}

TEST(HairLocks, hairs_that_are_combed_another_way_do_not_draw_together) {
  const std::vector<Vec3> guide = line({0, 0, 0}, {0, -2, 0}, 30);
  std::vector<Vec3> path = line({40, 0, 0}, {0, -2, 0}, 30);
  const std::vector<Vec3> before = path;
  draw_together(path, guide, 0.8F);
  for (std::size_t i = 0; i < path.size(); ++i) EXPECT_EQ(length(path[i] - before[i]), 0);
}

TEST(HairLocks, a_hair_longer_than_its_guide_keeps_the_shift_of_the_guides_end) {
  const std::vector<Vec3> guide = line({0, 0, 0}, {0, -2, 0}, 10);
  std::vector<Vec3> path = line({6, 0, 0}, {0, -2, 0}, 30);
  draw_together(path, guide, 0.8F);
  for (std::size_t i = 12; i < path.size(); ++i) EXPECT_EQ(path[i].x, path[i - 1].x);
}

class HairComb : public testing::Test {
 protected:
  /// Hairs that lie side by side over the top of the head, from ear to ear, `height_mm` above it.
  std::vector<Vec3> over_the_top(float z, float height_mm) const {
    std::vector<Vec3> path;
    for (int i = -20; i <= 20; ++i) {
      Vec3 p{3.F * static_cast<float>(i), 150, z};
      for (int k = 0; k < 60; ++k) p -= HeadField::outwards(p) * (0.8F * (field_.height(p) - height_mm));
      path.push_back(p);
    }
    return path;
  }
  const Figure figure_ = [] {
    const HeadModel head = HeadModel::built_in();
    return build_figure(head, sample_person(4, find_recipe("clinic").value(), head), {}, {});
  }();
  const HeadField field_{figure_.mesh, false};
};

TEST_F(HairComb, an_arc_above_the_others_is_laid_down_and_the_others_stay) {
  std::vector<std::vector<Vec3>> paths;
  for (int i = 0; i < 40; ++i) paths.push_back(over_the_top(-80 + static_cast<float>(i), 6));
  paths.push_back(over_the_top(-60, 12));
  const std::vector<std::vector<Vec3>> before = paths;
  comb_down(paths, field_, 20, 0.7F);
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t k = 0; k < paths[i].size(); ++k) EXPECT_LT(length(paths[i][k] - before[i][k]), 0.4F);
  // Its root is where it grows.
  EXPECT_EQ(length(paths[40].front() - before[40].front()), 0);
  for (std::size_t k = 1; k < paths[40].size(); ++k)
    if (paths[40][k].y > 60) {
      EXPECT_LT(field_.height(paths[40][k]), 8.5F);
    }
}

TEST_F(HairComb, what_hangs_below_is_left_alone) {
  std::vector<std::vector<Vec3>> paths;
  for (int i = 0; i < 40; ++i) paths.push_back(over_the_top(-80 + static_cast<float>(i), 6));
  paths.push_back(over_the_top(-60, 12));
  const std::vector<std::vector<Vec3>> before = paths;
  comb_down(paths, field_, 300, 0.7F);
  for (std::size_t k = 0; k < paths[40].size(); ++k) EXPECT_EQ(length(paths[40][k] - before[40][k]), 0);
}

TEST(LoneHair, a_lone_wisp_ends_where_bare_skin_begins_and_many_or_hanging_ones_stay) {
  const auto bare = [](Vec3 p) { return p.x > 0; };
  const std::vector<Vec3> across = line({-20, 60, 10}, {1, 0, 0}, 41);
  std::vector<std::vector<Vec3>> one{across}, many(9, across), hanging{line({5, 60, 10}, {0, -1, 0}, 30)};
  cut_lone(one, bare, 4);
  cut_lone(many, bare, 4);
  cut_lone(hanging, bare, 4);
  EXPECT_EQ(one[0].size(), 21U);
  EXPECT_EQ(one[0].back().x, 0);
  for (const std::vector<Vec3>& path : many) EXPECT_EQ(path.size(), across.size());
  EXPECT_EQ(hanging[0].size(), 30U);
}

}  // namespace
}  // namespace shogo::people
