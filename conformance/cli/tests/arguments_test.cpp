#include "../src/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const CommandHelp kHelp{
    "fly",
    "WHERE [--height N]",
    "Flies.",
    {{"--height", "N", "metres"}, {"--loud", "", "with noise"}, {"--clause", "ID", "which"}},
    "  shogo fly home",
    "  0  landed"};

Result<Arguments> parse(const std::vector<std::string>& words, bool rest = false) {
  return Arguments::parse(kHelp, words, 1, rest);
}

TEST(Arguments, values_stand_after_a_blank_or_an_equals_sign_and_the_last_one_counts) {
  const auto arguments = parse({"--height", "3", "home", "--height=4", "--loud"}).value();
  EXPECT_EQ(arguments.get("--height"), "4");
  EXPECT_TRUE(arguments.has("--loud"));
  EXPECT_EQ(arguments.positional(0), "home");
  EXPECT_EQ(arguments.get("--clause", "none"), "none");
}

TEST(Arguments, repeated_values_and_commas_make_a_list) {
  EXPECT_THAT(parse({"home", "--clause", "1-1,1-2", "--clause=3-11.a"}).value().all("--clause"),
              ElementsAre("1-1", "1-2", "3-11.a"));
}

TEST(Arguments, everything_after_two_dashes_belongs_to_the_command) {
  EXPECT_THAT(parse({"home", "--", "opensc-tool", "--loud", "-n"}, true).value().rest(),
              ElementsAre("opensc-tool", "--loud", "-n"));
}

TEST(Arguments, mistakes_are_named_with_a_way_out) {
  const auto complaint = [](const std::vector<std::string>& words) { return parse(words).error().message(); };
  EXPECT_THAT(complaint({"home", "--hight", "3"}), HasSubstr("did you mean --height? See shogo fly --help"));
  EXPECT_THAT(complaint({"home", "--xyzzy"}), HasSubstr("unknown option --xyzzy; see"));
  EXPECT_THAT(complaint({"home", "--height"}), HasSubstr("--height needs a value (N)"));
  EXPECT_THAT(complaint({"home", "--height="}), HasSubstr("not empty"));
  EXPECT_THAT(complaint({"home", "--loud=yes"}), HasSubstr("takes no value"));
  EXPECT_THAT(complaint({"home", "garden"}), HasSubstr("unexpected argument \"garden\""));
  EXPECT_THAT(complaint({}), HasSubstr("something is missing"));
  EXPECT_THAT(complaint({"home", "--"}), HasSubstr("unknown option --"));
}

TEST(Arguments, help_wins_over_what_is_missing) {
  EXPECT_TRUE(parse({"-h"}).value().has("--help"));
  EXPECT_THAT(print_help(kHelp), HasSubstr("--height N              metres"));
}

TEST(Arguments, numbers_are_whole_and_not_negative) {
  EXPECT_EQ(parse_number("--seed", "9223372036854775807").value(), 9223372036854775807U);
  for (const char* bad : {"", "-1", "1.5", "0x10", "9223372036854775808", "99999999999999999999", "1 "})
    EXPECT_THAT(parse_number("--seed", bad).error().message(), HasSubstr("--seed must be a whole number"))
        << bad;
}

}  // namespace
}  // namespace shogo::conformance
