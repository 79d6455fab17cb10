#include <gtest/gtest.h>

#include <shogo/base/bytes.h>
#include <shogo/sim/number_b.h>

namespace shogo::sim {
namespace {

std::string era(std::string_view date) {
  const auto digits = birth_digits(date, BirthCalendar::kEra);
  return digits.ok() ? *digits : "error";
}

TEST(NumberB, a_japanese_birth_date_counts_by_era_on_both_sides_of_every_change) {
  EXPECT_EQ(era("20190501"), "010501");
  EXPECT_EQ(era("20190430"), "310430");
  EXPECT_EQ(era("19890108"), "010108");
  EXPECT_EQ(era("19890107"), "640107");
  EXPECT_EQ(era("19261225"), "011225");
  EXPECT_EQ(era("19261224"), "151224");
  EXPECT_EQ(era("19120730"), "010730");
  EXPECT_EQ(era("19120729"), "450729");
  EXPECT_EQ(era("18681023"), "011023");
  EXPECT_EQ(era("18681022"), "error");
}

TEST(NumberB, a_gregorian_card_uses_the_last_two_digits_of_the_year) {
  const auto digits = birth_digits("19800217", BirthCalendar::kGregorian);
  ASSERT_TRUE(digits.ok());
  EXPECT_EQ(*digits, "800217");
}

TEST(NumberB, birth_expiry_year_and_security_code_stand_in_a_row) {
  const auto number = number_b("19800217", BirthCalendar::kEra, "20350217", "2285");
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(as_text(number->expose()), "55021720352285");
}

TEST(NumberB, dates_that_do_not_exist_and_codes_of_other_lengths_are_refused) {
  EXPECT_EQ(era("19810229"), "error");
  EXPECT_EQ(era("19800229"), "550229");
  EXPECT_EQ(era("19801301"), "error");
  EXPECT_EQ(era("1980-2-1"), "error");
  EXPECT_FALSE(number_b("19800217", BirthCalendar::kEra, "2035", "2285").ok());
  EXPECT_FALSE(number_b("19800217", BirthCalendar::kEra, "20350217", "228").ok());
}

}  // namespace
}  // namespace shogo::sim
