#include <cmath>

#include <gtest/gtest.h>

#include <shogo/camera/live.h>

namespace shogo::camera {
namespace {

using std::chrono::seconds;

constexpr milliseconds kFrame{33};

TEST(Motion, the_same_moment_is_the_same_and_no_minute_comes_back) {
  const Motion one(7, Behaviour::kCalm), again(7, Behaviour::kCalm), other(8, Behaviour::kCalm);
  bool differs = false;
  for (int i = 0; i < 200; ++i) {
    const Nanoseconds time = i * kFrame;
    EXPECT_EQ(one.at(time).pose.yaw, again.at(time).pose.yaw);
    EXPECT_NE(one.at(time).pose.yaw, other.at(time).pose.yaw);
    differs = differs || std::abs(one.at(time).pose.yaw - one.at(time + seconds{60}).pose.yaw) > 0.5F;
  }
  EXPECT_TRUE(differs);
}

TEST(Motion, a_day_later_a_head_still_moves_smoothly) {
  const Motion motion(3, Behaviour::kRestless);
  for (int i = 0; i < 3000; ++i) {
    const Nanoseconds time = std::chrono::hours{24} + i * milliseconds{1};
    EXPECT_LT(std::abs(motion.at(time + milliseconds{1}).pose.yaw - motion.at(time).pose.yaw), 0.2F);
  }
}

TEST(Motion, people_blink_eight_to_thirty_times_a_minute_and_close_their_eyes_wholly) {
  for (const Behaviour behaviour :
       {Behaviour::kStill, Behaviour::kCalm, Behaviour::kTalking, Behaviour::kRestless})
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Motion motion(seed, behaviour);
      int blinks = 0;
      float most = 0, before = 0;
      for (Nanoseconds time{0}; time < seconds{60}; time += milliseconds{10}) {
        const float shut = motion.at(time).lids[0];
        if (before < 0.5F && shut >= 0.5F) ++blinks;
        most = std::max(most, shut);
        before = shut;
      }
      EXPECT_GE(blinks, 8);
      EXPECT_LE(blinks, 30);
      EXPECT_EQ(most, 1);
    }
}

TEST(Motion, who_is_talking_talks_more_than_half_the_time_and_who_is_still_never_does) {
  const auto share = [](Behaviour behaviour) {
    int speaking = 0;
    for (int i = 0; i < 2000; ++i)
      speaking += Motion(5, behaviour).at(i * milliseconds{100}).speaking ? 1 : 0;
    return speaking / 2000.0;
  };
  EXPECT_GT(share(Behaviour::kTalking), 0.5);
  EXPECT_LT(share(Behaviour::kTalking), 0.9);
  EXPECT_EQ(share(Behaviour::kStill), 0);
}

TEST(Motion, weights_of_a_face_stay_within_one_and_those_of_a_mouth_together_too) {
  const Motion motion(9, Behaviour::kTalking);
  for (int i = 0; i < 3000; ++i) {
    float mouth = 0;
    for (const people::AxisValue& unit : motion.at(i * kFrame).expression) {
      EXPECT_GE(unit.value, 0);
      EXPECT_LE(unit.value, 1);
      if (unit.name.starts_with("mouth")) mouth += unit.value;
    }
    EXPECT_LE(mouth, 1.0001F);
  }
}

TEST(Motion, an_unknown_behaviour_is_an_error_that_names_the_known_ones) {
  EXPECT_EQ(find_behaviour("talking").value(), Behaviour::kTalking);
  EXPECT_NE(find_behaviour("asleep").error().message().find("restless"), std::string::npos);
}

TEST(Shutter, a_lamp_swells_twice_a_period_and_a_whole_swing_shows_nothing) {
  Shutter shutter;
  shutter.flicker = 0.4F;
  shutter.exposure = Nanoseconds{100'000};
  EXPECT_NEAR(lamp_light(shutter, milliseconds{0}), 1.4F, 0.01F);
  EXPECT_NEAR(lamp_light(shutter, milliseconds{5}), 0.6F, 0.01F);
  EXPECT_EQ(lamp_light(shutter, milliseconds{10}), lamp_light(shutter, seconds{86400} + milliseconds{10}));
  shutter.exposure = milliseconds{10};
  EXPECT_NEAR(lamp_light(shutter, milliseconds{3}), 1, 1e-5F);
  shutter.mains_hz = 60;  // 10 ms are no whole swing there
  EXPECT_GT(std::abs(lamp_light(shutter, milliseconds{0}) - 1), 0.02F);
}

/// A wall 500 mm away with one white upright line.
people::Frame line_frame() {
  people::Frame frame;
  frame.width = 160;
  frame.height = 120;
  frame.light.assign(160UL * 120, {0, 0, 0});
  frame.depth_mm.assign(160UL * 120, 500);
  for (std::size_t y = 0; y < 120; ++y)
    for (std::size_t x = 79; x < 82; ++x) frame.light[y * 160 + x] = {1, 1, 1};
  frame.landmarks = {{80, 0}, {80, 119}};
  return frame;
}
float middle_of_row(const people::Frame& frame, std::size_t y) {
  float sum = 0, weight = 0;
  for (std::size_t x = 0; x < 160; ++x) {
    sum += static_cast<float>(x) * frame.light[y * 160 + x].x;
    weight += frame.light[y * 160 + x].x;
  }
  return sum / weight;
}

TEST(Shutter, rows_read_later_show_a_mover_further_on_and_the_truth_goes_along) {
  Shot shot;
  shot.width = 160;
  shot.height = 120;
  const people::Scene scene = scene_of(shot);
  people::Frame frame = line_frame();
  Shutter shutter;
  shutter.exposure = milliseconds{1};
  // 400 mm/s at 500 mm: focal 138.6 px gives 110.9 px/s to the picture's right.
  expose_rows(frame, scene, {}, {{}, {400, 0, 0}}, shutter, Nanoseconds{0});
  EXPECT_NEAR(middle_of_row(frame, 119) - middle_of_row(frame, 0), 110.9F * 0.020F, 0.15F);
  EXPECT_NEAR(frame.landmarks[1][0] - frame.landmarks[0][0], 110.9F * 0.020F, 0.05F);
  people::Frame global = line_frame();
  shutter.readout = Nanoseconds{0};
  expose_rows(global, scene, {}, {{}, {400, 0, 0}}, shutter, Nanoseconds{0});
  EXPECT_NEAR(middle_of_row(global, 119), middle_of_row(global, 0), 1e-3F);
}

TEST(Shutter, a_longer_exposure_smears_a_mover_and_leaves_who_stands_still_alone) {
  Shot shot;
  shot.width = 160;
  shot.height = 120;
  const people::Scene scene = scene_of(shot);
  Shutter shutter;
  shutter.readout = Nanoseconds{0};
  shutter.exposure = milliseconds{40};
  people::Frame moving = line_frame(), standing = line_frame();
  const people::Frame before = line_frame();
  expose_rows(moving, scene, {}, {{}, {400, 0, 0}}, shutter, Nanoseconds{0});
  expose_rows(standing, scene, {}, {}, shutter, Nanoseconds{0});
  EXPECT_LT(moving.light[60UL * 160 + 80].x, 0.9F);
  EXPECT_GT(moving.light[60UL * 160 + 77].x, 0.1F);
  for (std::size_t i = 0; i < before.light.size(); ++i) EXPECT_EQ(standing.light[i].x, before.light[i].x);
}

LivePerson live(std::uint64_t seed) {
  const auto head = std::make_shared<const people::HeadModel>(people::HeadModel::built_in());
  Filming filming;
  filming.shot.width = 96;
  filming.shot.height = 72;
  filming.behaviour = Behaviour::kTalking;
  filming.seed = seed;
  return {head, people::sample_person(4, people::find_recipe("clinic").value(), *head), filming};
}

TEST(Live, a_moment_has_the_same_bytes_whatever_was_looked_at_before) {
  const LivePerson one = live(1), again = live(1);
  const Image first = one.at(milliseconds{2000}).capture.image;
  (void)again.at(milliseconds{500});
  EXPECT_EQ(first.pixels, again.at(milliseconds{2000}, 2).capture.image.pixels);
  EXPECT_NE(first.pixels, one.at(milliseconds{2033}).capture.image.pixels);
  EXPECT_NE(first.pixels, live(2).at(milliseconds{2000}).capture.image.pixels);
}

TEST(Live, the_truth_follows_the_head) {
  const LivePerson person = live(1);
  float least = 1e9F, most = -1e9F;
  for (int i = 0; i < 12; ++i) {
    const LiveFrame frame = person.at(i * milliseconds{400});
    ASSERT_EQ(frame.capture.truth.landmarks.size(), 5U);
    least = std::min(least, frame.capture.truth.landmarks[2][0]);
    most = std::max(most, frame.capture.truth.landmarks[2][0]);
  }
  EXPECT_GT(most - least, 0.8F);
  EXPECT_LT(most - least, 20);
}

}  // namespace
}  // namespace shogo::camera
