#include "finer_hair.h"
#include "hair_flow.h"
#include "hair_scissors.h"

#include <gtest/gtest.h>

namespace shogo::people {
namespace {

Hair fringed() {
  Hair hair;
  hair.length_top_mm = 90, hair.length_side_mm = 40;
  hair.fringe_mm = 40, hair.side_mm = -10, hair.back_mm = -40;
  hair.parted = 0.3F, hair.part_mm = 5;
  return hair;
}

HairRoot front(float x) {
  HairRoot root;
  root.rest = root.position = {x, 75, -15};
  root.fringe = true, root.growth = 1;
  return root;
}

TEST(HairCut, a_fringe_hangs_to_its_length_and_leaves_the_eyes_free) {
  const Hair hair = fringed();
  const HairScissors scissors(hair, 3);
  for (float x = -40; x <= 40; x += 4) {
    EXPECT_FALSE(scissors.ends({x, 60, 10}, front(x), 0)) << x;
    EXPECT_TRUE(scissors.ends({x, 18, 15}, front(x), 0)) << x;
  }
}

TEST(HairCut, a_fringes_edge_goes_up_and_down_from_lock_to_lock) {
  const Hair hair = fringed();
  const HairScissors scissors(hair, 3);
  float least = 1e9F, most = -1e9F;
  for (float x = -40; x <= 40; x += 1) {
    const float at = scissors.column({x, 45, 10}, front(x));
    least = std::min(least, at), most = std::max(most, at);
  }
  EXPECT_GT(most - least, 12);
  // Other hair has no such edge.
  HairRoot back = front(0);
  back.fringe = false;
  EXPECT_EQ(scissors.column({0, 45, 10}, back), 0);
}

TEST(HairCut, nothing_of_a_short_cut_hangs_beside_the_neck) {
  const Hair hair = fringed();
  HairRoot side = front(70);
  side.fringe = false, side.rest = side.position = {70, 40, -90};
  EXPECT_TRUE(HairScissors(hair, 3).ends({72, -60, -90}, side, 0));
}

TEST(HairCut, hair_flows_away_from_its_parting_to_both_sides) {
  Hair hair = fringed();
  hair.parted = 0.95F, hair.part_mm = 0, hair.fringe_mm = 200;
  const HairFlow flow(hair, 3);
  for (const float x : {-15.F, 15.F}) {
    HairRoot root = front(x);
    root.fringe = false, root.rest.z = root.position.z = -60, root.rest.y = root.position.y = 105;
    EXPECT_GT(flow.flow(root.position, root, flow.from_parting(root.rest)).x * x, 0) << x;
    EXPECT_GT(flow.from_parting(root.rest) * x, 0) << x;
  }
}

TEST(HairCut, a_few_thin_hairs_fly_away_from_long_bundles_and_none_from_short_ones) {
  const HeadModel head = HeadModel::built_in();
  Figure figure = build_figure(head, sample_person(4, find_recipe("clinic").value(), head), {}, {});
  figure.hair.strands.resize(figure.head_hairs);
  for (const bool is_long : {false, true}) {
    Figure one = figure;
    for (Strand& strand : one.hair.strands) strand.length_mm = is_long ? 200 : 20;
    const PosedStrands fine = finer_hair(one, one.hair.points, {0, 10, -75});
    std::size_t bundles = 0, flying = 0;
    for (const Strand& strand : one.hair.strands) bundles += strand.hairs > 1 && strand.count > 1 ? 1 : 0;
    // A flyaway is a piece of its bundle, other hairs are at least half as long.
    const float piece = is_long ? 64.F : 6.4F;
    for (const Strand& hair : fine.strands.strands) flying += hair.length_mm < piece ? 1 : 0;
    ASSERT_GT(bundles, 500U);
    EXPECT_NEAR(static_cast<float>(flying) / static_cast<float>(bundles), is_long ? 0.14F : 0.F,
                is_long ? 0.04F : 1e-6F);
  }
}

}  // namespace
}  // namespace shogo::people
