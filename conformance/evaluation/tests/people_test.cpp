#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/evaluation/people.h>
#include <shogo/evaluation/plots.h>
#include <shogo/statistics/random.h>

namespace shogo::evaluation {
namespace {

using testing::HasSubstr;

/// 120 people; number 7 is a goat, number 9 a lamb. The second half is a group with a higher FNMR.
scores::ScoreSet zoo(bool special) {
  Rng rng(4, "people");
  scores::ScoreColumns columns;
  columns.subjects = 120;
  for (std::uint32_t a = 0; a < 120; ++a) {
    for (int i = 0; i < 20; ++i) {
      columns.genuine.push_back(static_cast<float>((special && a == 7    ? 2.5
                                                    : special && a >= 60 ? 3.8
                                                                         : 5) +
                                                   statistics::draw_normal(rng)));
      columns.genuine_subject.push_back(a);
    }
    for (std::uint32_t b = a + 1; b < 120; ++b) {
      const bool lamb = special && (a == 9 || b == 9);
      columns.impostor.push_back(static_cast<float>((lamb ? 1.2 : 0) + statistics::draw_normal(rng)));
      columns.impostor_claimed.push_back(a);
      columns.impostor_probe.push_back(b);
    }
  }
  return scores::ScoreSet::of(std::move(columns)).value();
}

std::map<std::string, std::string, std::less<>> two_groups() {
  std::map<std::string, std::string, std::less<>> groups;
  for (int i = 0; i < 120; ++i) groups.emplace(fmt::format("{}", i), i < 60 ? "first" : "second");
  return groups;
}

TEST(People, goats_and_lambs_are_found_and_nobody_else) {
  const auto animals = find_animals(zoo(true), 2.5F).value();
  bool goat = false, lamb = false;
  for (const Animal& animal : animals) {
    goat = goat || (animal.goat && animal.subject == "7");
    lamb = lamb || (!animal.goat && animal.subject == "9");
  }
  EXPECT_TRUE(goat);
  EXPECT_TRUE(lamb);
  EXPECT_LE(animals.size(), 4U);
}

TEST(People, where_everybody_is_alike_nobody_is_named) {
  EXPECT_TRUE(find_animals(zoo(false), 2.5F)->empty());
}

TEST(People, groups_are_judged_together) {
  MatchingInput input;
  input.fnmr = {0.05, false};
  const GroupReport report = judge_groups(zoo(true), two_groups(), input, 2.5F).value();
  ASSERT_EQ(report.groups.size(), 2U);
  EXPECT_DOUBLE_EQ(report.confidence_each, 0.975);
  EXPECT_EQ(report.groups[0].fnmr->trials, 1200);
  EXPECT_GT(report.groups[1].fnmr->lower, 0.05);
  EXPECT_EQ(report.groups[0].fmr->trials, 60 * 59 / 2);
  EXPECT_EQ(report.across, 60U * 60);
}

TEST(People, nobody_is_left_out_in_silence) {
  auto groups = two_groups();
  groups.erase("77");
  EXPECT_THAT(judge_groups(zoo(false), groups, {}, 2.5F).error().message(),
              HasSubstr("\"77\" is in no group"));
}

TEST(People, group_files_are_read_strictly) {
  EXPECT_EQ(parse_groups("subject,group\na,x\nb,y\n", "g")->size(), 2U);
  for (const char* text : {"", "subject,group\n", "a,x\n", "subject,group\na\n", "subject,group\na,x\na,y\n",
                           "subject,group\na,\n"})
    EXPECT_FALSE(parse_groups(text, "g").ok()) << text;
}

TEST(People, the_zoo_plot_names_who_makes_the_errors) {
  const std::string svg = to_svg(draw_zoo(zoo(true), 2.5F).value());
  EXPECT_THAT(svg, HasSubstr("120 people"));
  EXPECT_THAT(svg, HasSubstr("goats: refused (1)"));
  EXPECT_THAT(svg, HasSubstr("<title>9: "));
  EXPECT_THAT(to_svg(draw_zoo(zoo(false), 2.5F).value()), HasSubstr("goats: refused (0)"));
  const auto nobody = draw_zoo(scores::ScoreSet::of({{1}, {0}, {}, {}, {}, 0}).value(), 0.5F);
  ASSERT_FALSE(nobody.ok());
  EXPECT_THAT(nobody.error().message(), HasSubstr("who was compared"));
}

}  // namespace
}  // namespace shogo::evaluation
