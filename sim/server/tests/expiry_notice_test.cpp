#include <gtest/gtest.h>

#include <shogo/sim/expiry_notice.h>

namespace shogo::sim {
namespace {

ExpiryNotice on(const char* today, const char* until = "2026-05-31T23:59:59+09:00") {
  return expiry_notice(parse_jst(until), parse_jst(today));
}

TEST(ExpiryNotice, begins_three_calendar_months_before_the_end) {
  EXPECT_EQ(on("2026-02-28T23:59:58+09:00"), ExpiryNotice::kNone);
  EXPECT_EQ(on("2026-02-28T23:59:59+09:00"), ExpiryNotice::kExpiresSoon);
  EXPECT_EQ(on("2026-05-31T23:59:59+09:00"), ExpiryNotice::kExpiresSoon);
}

TEST(ExpiryNotice, grace_lasts_three_calendar_months_and_not_a_second_more) {
  EXPECT_EQ(on("2026-06-01T00:00:00+09:00"), ExpiryNotice::kGrace);
  EXPECT_EQ(on("2026-08-31T23:59:59+09:00"), ExpiryNotice::kGrace);
  EXPECT_EQ(on("2026-09-01T00:00:00+09:00"), ExpiryNotice::kOver);
}

TEST(ExpiryNotice, knows_leap_years_and_the_turn_of_the_year) {
  EXPECT_EQ(on("2024-02-29T12:00:00+09:00", "2024-05-31T12:00:00+09:00"), ExpiryNotice::kExpiresSoon);
  EXPECT_EQ(on("2025-11-14T23:59:59+09:00", "2026-02-15T00:00:00+09:00"), ExpiryNotice::kNone);
  EXPECT_EQ(on("2025-11-15T00:00:00+09:00", "2026-02-15T00:00:00+09:00"), ExpiryNotice::kExpiresSoon);
}

}  // namespace
}  // namespace shogo::sim
