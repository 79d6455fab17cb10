#include <map>

#include <gtest/gtest.h>

#include <shogo/people/likeness.h>
#include <shogo/people/person.h>

namespace shogo::people {
namespace {

const HeadModel& head() {
  static const HeadModel model = HeadModel::built_in();
  return model;
}

TEST(Person, the_same_seed_gives_the_same_person) {
  const Recipe recipe = find_recipe("clinic").value();
  EXPECT_EQ(boost::json::serialize(to_json(sample_person(7, recipe, head()))),
            boost::json::serialize(to_json(sample_person(7, recipe, head()))));
  EXPECT_NE(boost::json::serialize(to_json(sample_person(7, recipe, head()))),
            boost::json::serialize(to_json(sample_person(8, recipe, head()))));
}

TEST(Person, clinic_visitors_span_the_ages_and_are_about_half_women) {
  const Recipe recipe = find_recipe("clinic").value();
  int women = 0, old = 0;
  float youngest = 999, oldest = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Person person = sample_person(seed, recipe, head());
    women += person.sex == Sex::kFemale ? 1 : 0;
    old += person.age >= 65 ? 1 : 0;
    youngest = std::min(youngest, person.age);
    oldest = std::max(oldest, person.age);
    EXPECT_GE(person.age, 15);
    EXPECT_LE(person.age, 95);
    EXPECT_NEAR(person.asian + person.african + person.caucasian, 1, 1e-5);
  }
  EXPECT_NEAR(women, 215, 35);
  EXPECT_NEAR(old, 205, 40);
  EXPECT_LT(youngest, 20);
  EXPECT_GT(oldest, 88);
}

TEST(Person, the_balanced_population_has_equal_shares_of_ancestry) {
  const Recipe recipe = find_recipe("balanced").value();
  std::map<int, int> count;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const Person person = sample_person(seed, recipe, head());
    ++count[person.asian > 0.5F ? 0 : person.african > 0.5F ? 1 : 2];
  }
  for (int kind = 0; kind < 3; ++kind) EXPECT_NEAR(count[kind], 200, 45) << kind;
}

TEST(Person, an_unknown_population_is_an_error_that_names_the_known_ones) {
  const auto recipe = find_recipe("everybody");
  ASSERT_FALSE(recipe.ok());
  EXPECT_NE(recipe.error().message().find("clinic"), std::string::npos);
}

TEST(Twin, is_closer_than_the_look_alike_rule_lets_strangers_be_and_not_the_same) {
  const Recipe recipe = find_recipe("clinic").value();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Person person = sample_person(seed, recipe, head()),
                 other = sample_person(seed + 1000, recipe, head());
    const auto face = measure_face(head(), person);
    const float twin = likeness_mm(face, measure_face(head(), twin_of(person, other)));
    EXPECT_GT(twin, 0.01F);
    EXPECT_LT(twin, 0.9F);
    EXPECT_LT(twin, 0.2F * likeness_mm(face, measure_face(head(), other)));
  }
}

TEST(Person, no_face_axis_reaches_its_extreme) {
  const Recipe recipe = find_recipe("clinic").value();
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (const AxisValue& axis : sample_person(seed, recipe, head()).axes)
      EXPECT_LE(std::abs(axis.value), 0.9F) << axis.name;
}

}  // namespace
}  // namespace shogo::people
