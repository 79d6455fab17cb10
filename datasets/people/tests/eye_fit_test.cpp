// Eyes, nose and mouth of the people drawn are as wide as those of adults.
#include "../src/shape.h"
#include <algorithm>

#include <gtest/gtest.h>

namespace shogo::people {
namespace {

class Fit : public testing::Test {
 protected:
  HeadModel head_ = HeadModel::built_in();
  Person person_ = sample_person(3, find_recipe("clinic").value(), head_);
  [[nodiscard]] float apart() const {
    const std::vector<Vec3> shape = shape_of(head_, person_);
    return eye_ball(head_, shape, Part::kEyeLeft).centre.x - eye_ball(head_, shape, Part::kEyeRight).centre.x;
  }
};

TEST_F(Fit, eyes_stand_as_far_apart_as_the_person_has_them) {
  for (const float wanted : {50.F, 53.F, 56.F}) {
    person_.eyes.apart_mm = wanted;
    EXPECT_NEAR(apart(), wanted, 0.2F);
  }
}

TEST_F(Fit, a_wish_far_from_the_shape_is_met_in_part_only) {
  person_.eyes.apart_mm = 200;
  EXPECT_LT(apart(), 100);
}

TEST_F(Fit, a_wider_opening_is_wider) {
  const auto width = [&](float wanted) {
    person_.eyes.fissure_mm = wanted;
    const std::vector<Vec3> shape = shape_of(head_, person_);
    float low = 1e9F, high = -1e9F;
    for (const LidPiece& piece : lids_of(head_).pieces) {
      if (piece.side != 1) continue;
      for (const std::uint16_t v : piece.skin)
        low = std::min(low, shape[v].x), high = std::max(high, shape[v].x);
    }
    return high - low;
  };
  const float narrow = width(16), wide = width(18);
  EXPECT_GT(wide, narrow + 0.5F);
}

TEST_F(Fit, both_lids_of_both_eyes_are_found_from_corner_to_corner) {
  int count[2][2] = {};
  for (const LidPiece& piece : lids_of(head_).pieces) ++count[piece.side][piece.upper ? 1 : 0];
  for (const auto& side : count)
    for (const int pieces : side) EXPECT_GE(pieces, 3);
}

}  // namespace
}  // namespace shogo::people
