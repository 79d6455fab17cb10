#include "visual_check.h"

#include <gtest/gtest.h>

namespace shogo::agent {
namespace {

TEST(VisualCheck, is_not_armed_until_staff_arm_it) {
  const VirtualClock clock;
  VisualCheck check(clock);
  EXPECT_FALSE(check.armed());
  EXPECT_FALSE(check.take());
}

TEST(VisualCheck, serves_one_patient_however_often_it_was_armed) {
  const VirtualClock clock;
  VisualCheck check(clock);
  check.arm();
  check.arm();
  EXPECT_TRUE(check.take());
  EXPECT_FALSE(check.take());
  EXPECT_FALSE(check.armed());
}

TEST(VisualCheck, can_be_taken_back) {
  const VirtualClock clock;
  VisualCheck check(clock);
  check.arm();
  check.disarm();
  EXPECT_FALSE(check.take());
}

TEST(VisualCheck, is_forgotten_when_nobody_comes) {
  VirtualClock clock;
  VisualCheck check(clock);
  check.arm();
  clock.advance(VisualCheck::kArmedFor - milliseconds(1));
  EXPECT_EQ(check.left(), milliseconds(1));
  clock.advance(milliseconds(1));
  EXPECT_FALSE(check.armed());
  EXPECT_FALSE(check.take());
}

TEST(VisualCheck, every_change_is_told_once) {
  VirtualClock clock;
  std::string told;
  VisualCheck check(clock, [&](VisualCheck::Change change) { told += "adue"[static_cast<int>(change)]; });
  check.disarm();
  check.look_at_the_clock();
  EXPECT_EQ(told, "") << "nothing was armed";
  check.arm();
  check.look_at_the_clock();
  EXPECT_TRUE(check.take());
  check.arm();
  check.disarm();
  check.arm();
  clock.advance(VisualCheck::kArmedFor);
  EXPECT_FALSE(check.take());
  check.look_at_the_clock();
  check.look_at_the_clock();
  EXPECT_EQ(told, "auadae");
}

}  // namespace
}  // namespace shogo::agent
