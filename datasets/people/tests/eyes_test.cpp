// Where eyes look and how lashes grow.
#include "../src/posed.h"
#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include <shogo/people/render.h>

namespace shogo::people {
namespace {

class EyesOf : public testing::Test {
 protected:
  void SetUp() override {
    auto head = HeadModel::load();
    ASSERT_TRUE(head.ok());
    head_ = std::move(head).value();
    if (head_->is_built_in()) GTEST_SKIP() << "needs the asset pack (ci/people-pack)";
  }
  [[nodiscard]] Figure figure(std::uint64_t seed, const Expression& expression = {}) const {
    return build_figure(*head_, sample_person(seed, find_recipe("clinic").value(), *head_), expression, {});
  }
  std::shared_ptr<const HeadModel> head_;
};

/// Single lashes of the left eye: the lines of their roots have more points, lower ones are finer.
template <typename Use>
void each_lash(const Figure& figure, Use&& use) {
  for (const Strand& strand : figure.hair.strands) {
    if (strand.material != Material::kLash || strand.count != 4) continue;
    const Vec3 root = figure.hair.points[strand.first], tip = figure.hair.points[strand.first + 3U];
    if (root.x > 0) use(root, tip, strand.width_mm > 0.1F);
  }
}

TEST_F(EyesOf, axes_pass_what_is_looked_at_on_the_temples_side_and_equally_far) {
  Scene scene;
  scene.gaze = {0, 0, 1e5F};
  const Figure someone = figure(501);
  const Posed posed = pose_figure(someone, scene);
  const Vec3 right = posed.eye_frame[0] * Vec3{0, 0, 1}, left = posed.eye_frame[1] * Vec3{0, 0, 1};
  // 3 to 5 degrees.
  EXPECT_GT(left.x, 0.052F);
  EXPECT_LT(left.x, 0.088F);
  EXPECT_NEAR(right.x, -left.x, 0.002F);
  EXPECT_NEAR(left.y, 0, 0.002F);
}

TEST_F(EyesOf, upper_lashes_are_more_and_longer_than_lower_ones_and_denser_outside) {
  for (const std::uint64_t seed : {501U, 502U, 507U}) {
    const Figure someone = figure(seed);
    int upper = 0, lower = 0, outside = 0;
    float long_upper = 0, long_lower = 0;
    each_lash(someone, [&](Vec3 root, Vec3 tip, bool above) {
      const float size = length(tip - root);
      EXPECT_LT(size, 12) << "seed " << seed;
      (above ? upper : lower) += 1;
      (above ? long_upper : long_lower) += size;
      if (above && root.x > someone.eyes[1].centre.x) ++outside;
    });
    ASSERT_GT(lower, 10);
    EXPECT_GT(upper, 2 * lower);
    EXPECT_GT(long_upper / static_cast<float>(upper), 1.4F * long_lower / static_cast<float>(lower));
    EXPECT_GT(2 * outside, upper) << "seed " << seed;
  }
}

TEST_F(EyesOf, lashes_lie_in_front_of_the_ball_and_turn_down_with_the_lid) {
  const auto rise = [&](const Figure& someone) {
    float sum = 0, all = 1e-6F;
    each_lash(someone, [&](Vec3 root, Vec3 tip, bool above) {
      const EyeBall& ball = someone.eyes[1];
      EXPECT_GT(length(tip - ball.centre), ball.radius_mm);
      if (above) sum += tip.y - root.y, all += 1;
    });
    return sum / all;
  };
  const float open = rise(figure(502)), shut = rise(figure(502, {{"eye-left-closure", 1}}));
  EXPECT_GT(open, 0.2F);
  EXPECT_LT(shut, -0.5F);
}

}  // namespace
}  // namespace shogo::people
