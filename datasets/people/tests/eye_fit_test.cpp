// Eyes, nose and mouth of the people drawn are as wide as those of adults.
#include "../src/proportions.h"
#include "../src/shape.h"
#include <algorithm>
#include <array>
#include <memory>

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
    // Balls stand half a millimetre nearer to the nose than pupils.
    EXPECT_NEAR(apart(), wanted - 1, 0.2F);
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

TEST_F(Fit, a_mouth_is_as_wide_as_the_person_has_it_whatever_the_jaw) {
  const auto width = [&](float wanted, float jaw) {
    person_.widths.mouth_mm = wanted, person_.proportions.jaw = jaw;
    const std::vector<Vec3> shape = shape_of(head_, person_);
    float best[2] = {1e9F, 1e9F}, x[2] = {};
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Vec3 p = head_.rest()[i];
      const float far = square(std::abs(p.x) - 25) + square(p.y + 67.5F);
      const std::size_t side = p.x > 0 ? 1 : 0;
      if (p.z > 0 && far < best[side]) best[side] = far, x[side] = shape[i].x;
    }
    return x[1] - x[0];
  };
  for (const float jaw : {0.7F, 0.8F}) {
    EXPECT_NEAR(width(45, jaw), 45, 2.5F) << jaw;
    EXPECT_NEAR(width(51, jaw), 51, 2.5F) << jaw;
  }
}

/// Heights of both lids' edges where the pupil of the left eye is: lower, upper.
std::array<float, 2> lids_at_pupil(const HeadModel& head, const std::vector<Vec3>& shape) {
  const float pupil = eye_ball(head, shape, Part::kEyeLeft).centre.x;
  std::array<float, 2> height{}, best{1e9F, 1e9F};
  for (const LidPiece& piece : lids_of(head).pieces)
    for (const std::uint16_t v : piece.edge) {
      const std::size_t which = piece.upper ? 1 : 0;
      const float far = std::abs(shape[v].x - pupil);
      if (piece.side == 1 && far < best[which]) best[which] = far, height[which] = shape[v].y;
    }
  return height;
}

class FitOfLids : public testing::Test {
 protected:
  void SetUp() override {
    auto head = HeadModel::load();
    ASSERT_TRUE(head.ok());
    head_ = std::move(head).value();
    if (head_->is_built_in()) GTEST_SKIP() << "needs the asset pack (ci/people-pack)";
  }
  std::shared_ptr<const HeadModel> head_;
};

TEST_F(FitOfLids, lids_open_as_far_as_the_person_opens_them) {
  for (const std::uint64_t seed : {3U, 501U, 502U, 518U}) {
    Person person = sample_person(seed, find_recipe("clinic").value(), *head_);
    person.eyes.uneven_mm = 0;
    for (const float wanted : {8.4F, 9.4F, 10.4F}) {
      person.eyes.open_mm = wanted;
      const auto [low, high] = lids_at_pupil(*head_, shape_of(*head_, person));
      EXPECT_NEAR(high - low, wanted, 1.0F) << "seed " << seed;
    }
  }
}

TEST_F(FitOfLids, the_lower_lid_touches_the_iris_and_the_upper_one_covers_some_of_it) {
  for (std::uint64_t seed = 501; seed < 520; ++seed) {
    const Person person = sample_person(seed, find_recipe("clinic").value(), *head_);
    const std::vector<Vec3> shape = shape_of(*head_, person);
    const auto [low, high] = lids_at_pupil(*head_, shape);
    const float pupil = eye_ball(*head_, shape, Part::kEyeLeft).centre.y, iris = person.eyes.iris_mm;
    EXPECT_NEAR(pupil - iris, low - 0.35F, 0.8F) << "white below the iris of seed " << seed;
    EXPECT_LT(high, pupil + iris) << "white above the iris of seed " << seed;
    EXPECT_GT(high, pupil + iris * person.eyes.pupil) << "a covered pupil of seed " << seed;
  }
}

TEST_F(FitOfLids, shut_lids_meet_whatever_their_opening) {
  for (const std::uint64_t seed : {3U, 501U, 502U, 518U}) {
    const Person person = sample_person(seed, find_recipe("clinic").value(), *head_);
    std::vector<Vec3> shape = shape_of(*head_, person);
    const auto [low, high] = lids_at_pupil(*head_, shape);
    add_expression(*head_, {{"eye-left-closure", 0.5F}}, shape);
    const auto half = lids_at_pupil(*head_, shape);
    EXPECT_LT(half[1], high - 0.3F * (high - low));
    EXPECT_GT(half[1], half[0] + 1);
    shape = shape_of(*head_, person);
    add_expression(*head_, {{"eye-left-closure", 1}}, shape);
    const auto shut = lids_at_pupil(*head_, shape);
    EXPECT_NEAR(shut[1] - shut[0], 0, 0.9F) << "seed " << seed;
  }
}

/// What the head at rest has, pulled about by `by`.
std::vector<Vec3> moved(const HeadModel& head, Vec3 (*by)(Vec3)) {
  std::vector<Vec3> shape = head.rest();
  for (Vec3& p : shape) p = by(p);
  return shape;
}
/// Half the width of the face where it is `y` millimetres above the eyes at rest.
float half_width(const HeadModel& head, const std::vector<Vec3>& shape, float y) {
  float wide = 0;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (std::abs(head.rest()[i].y - y) < 10 && head.rest()[i].z > -55)
      wide = std::max(wide, std::abs(shape[i].x));
  return wide;
}

TEST_F(Fit, a_face_as_wide_as_a_box_is_brought_back_and_its_eyes_stay) {
  const auto box = [](Vec3 p) { return Vec3{p.y < -20 ? p.x * 1.4F : p.x, p.y, p.z}; };
  std::vector<Vec3> shape = moved(head_, box);
  const float before = half_width(head_, shape, -82), eye = eye_ball(head_, shape, Part::kEyeLeft).centre.x;
  settle_proportions(head_, {}, shape);
  EXPECT_LT(half_width(head_, shape, -82), 0.95F * before);
  EXPECT_NEAR(eye_ball(head_, shape, Part::kEyeLeft).centre.x, eye, 0.2F);
}

TEST_F(Fit, a_face_much_too_short_grows_longer) {
  const auto squat = [](Vec3 p) { return Vec3{p.x, p.y * 0.75F, p.z}; };
  std::vector<Vec3> shape = moved(head_, squat);
  const auto lowest = [&] {
    float chin = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Vec3 p = head_.rest()[i];
      if (std::abs(p.x) < 12 && p.z > -35 && p.y > -118) chin = std::min(chin, shape[i].y);
    }
    return chin;
  };
  const float before = lowest();
  settle_proportions(head_, {}, shape);
  EXPECT_LT(lowest(), before - 3);
}

Vec3 gape(Vec3 p) {
  const bool lip = std::abs(p.x) < 30 && p.y > -90 && p.y < -50;
  return {p.x, p.y + (!lip ? 0 : p.y > -67.45F ? 2.F : -2.F), p.z};
}

TEST_F(Fit, a_head_whose_lips_have_no_rims_is_left_alone) {
  std::vector<Vec3> shape = moved(head_, gape);
  const std::vector<Vec3> before = shape;
  close_lips(head_, shape);
  for (std::size_t i = 0; i < shape.size(); ++i) EXPECT_EQ(shape[i].y, before[i].y);
}

TEST(FitOfThePack, lips_that_gape_are_shut) {
  const auto head = HeadModel::load();
  ASSERT_TRUE(head.ok());
  if ((*head)->is_built_in())
    GTEST_SKIP() << "needs the asset pack (ci/people-pack): the built-in head's lips are one";
  std::vector<Vec3> shape = moved(**head, gape);
  const auto gap = [&] {
    float upper = 1e9F, lower = -1e9F;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Vec3 p = (*head)->rest()[i];
      if (std::abs(p.x) > 8 || p.z < 26 || std::abs(p.y + 67.45F) > 1.3F) continue;
      if (p.y > -67.45F) upper = std::min(upper, shape[i].y);
      if (p.y <= -67.45F) lower = std::max(lower, shape[i].y);
    }
    return upper - lower;
  };
  EXPECT_GT(gap(), 3);
  close_lips(**head, shape);
  EXPECT_LT(gap(), 0);
}

}  // namespace
}  // namespace shogo::people
