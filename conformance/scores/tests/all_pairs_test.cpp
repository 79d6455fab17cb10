#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/scores/all_pairs.h>

namespace shogo::scores {
namespace {

using testing::HasSubstr;

struct People {
  std::vector<float> values;
  std::vector<std::uint32_t> subject;
  std::size_t dimension;
  [[nodiscard]] Templates view() const { return {values, dimension, subject}; }
};

People draw(std::size_t count, std::size_t dimension, std::size_t each, std::uint64_t seed) {
  Rng rng(seed, "all_pairs.people");
  People people;
  people.dimension = dimension;
  std::vector<double> centre(dimension);
  for (std::size_t i = 0; i < count; ++i) {
    if (i % each == 0)
      for (double& x : centre) x = rng.unit() + rng.unit() - 1;
    for (std::size_t k = 0; k < dimension; ++k)
      people.values.push_back(static_cast<float>(centre[k] + 0.6 * (rng.unit() + rng.unit() - 1)));
    people.subject.push_back(static_cast<std::uint32_t>(i / each));
  }
  return people;
}

/// The slow oracle: every pair by cosine(), then the operating point of plain scores.
void expect_equal_to_comparing_everything(const People& people, double fmr, std::string_view kernel) {
  std::vector<float> genuine, impostor;
  const std::size_t d = people.dimension;
  const auto row = [&](std::size_t i) { return std::span(people.values).subspan(i * d, d); };
  for (std::size_t i = 0; i < people.subject.size(); ++i)
    for (std::size_t j = i + 1; j < people.subject.size(); ++j)
      (people.subject[i] == people.subject[j] ? genuine : impostor).push_back(cosine(row(i), row(j)));
  const OperatingPoint slow = evaluate(genuine, impostor, fmr)->point;
  const PairsResult fast = compare_all(people.view(), fmr, kernel).value();
  EXPECT_EQ(fast.point.threshold, slow.threshold) << kernel;
  EXPECT_EQ(fast.point.false_matches, slow.false_matches) << kernel;
  EXPECT_EQ(fast.point.false_non_matches, slow.false_non_matches) << kernel;
  EXPECT_EQ(fast.point.impostor, impostor.size());
  EXPECT_EQ(fast.genuine, genuine) << kernel;
  EXPECT_EQ(fast.false_matches.size(), slow.false_matches);
}

TEST(AllPairs, equal_comparing_everything_exactly_on_every_instruction_set) {
  for (const std::string_view kernel : pair_kernels()) {
    expect_equal_to_comparing_everything(draw(150, 64, 3, 1), 0.01, kernel);
    expect_equal_to_comparing_everything(draw(131, 37, 2, 2), 0.001, kernel);  // no multiple of anything
    expect_equal_to_comparing_everything(draw(70, 1, 2, 3), 0.2,
                                         kernel);  // cosines of -1 and 1 only: all ties
    expect_equal_to_comparing_everything(draw(500, 48, 2, 4), 1e-4,
                                         kernel);  // more pairs than the sample: screened
  }
}

/// Compares blocks with themselves and with each other; the parts together must be the whole.
TEST(AllPairs, parts_of_the_work_add_up_to_the_whole) {
  const People people = draw(301, 40, 3, 9);
  constexpr float kFrom = 0.3F;
  constexpr std::size_t kFirst = 130;
  const std::size_t d = people.dimension;
  const auto part = [&](std::size_t begin, std::size_t end) {
    return People{{people.values.begin() + static_cast<std::ptrdiff_t>(begin * d),
                   people.values.begin() + static_cast<std::ptrdiff_t>(end * d)},
                  {people.subject.begin() + static_cast<std::ptrdiff_t>(begin),
                   people.subject.begin() + static_cast<std::ptrdiff_t>(end)},
                  d};
  };
  const People first = part(0, kFirst), second = part(kFirst, 301);
  const auto whole = compare_part(people.view(), 301, 0, kFrom).value();
  std::uint64_t impostor = 0;
  std::vector<float> genuine, reaching;
  const auto gather = [&](const PairsPart& found) {
    impostor += found.impostor;
    genuine.insert(genuine.end(), found.genuine.begin(), found.genuine.end());
    reaching.insert(reaching.end(), found.reaching.begin(), found.reaching.end());
    EXPECT_EQ(found.reaching_pairs.size(), found.reaching.size());
  };
  gather(compare_part(first.view(), kFirst, 0, kFrom).value());
  gather(compare_part(second.view(), 301 - kFirst, 0, kFrom).value());
  gather(compare_part(people.view(), kFirst, kFirst, kFrom).value());
  EXPECT_EQ(impostor, whole.impostor);
  EXPECT_THAT(genuine, testing::UnorderedElementsAreArray(whole.genuine));
  std::sort(reaching.begin(), reaching.end());
  auto expected = whole.reaching;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(reaching, expected);
  EXPECT_GT(reaching.size(), 100U);
  EXPECT_THAT(compare_part(people.view(), 10, 20, kFrom).error().describe(),
              HasSubstr("no part of 301 templates"));
}

TEST(AllPairs, the_screen_saves_nearly_all_exact_comparisons) {
  const People people = draw(1000, 256, 2, 5);
  const PairsResult result = compare_all(people.view(), 1e-4).value();
  EXPECT_LT(static_cast<double>(result.rescored), 0.05 * static_cast<double>(result.point.impostor));
  EXPECT_GT(result.rescored, result.point.false_matches);
}

/// Few people hold nearly all high scores, so the beginning of the scan is a bad sample of the rest.
TEST(AllPairs, a_scan_that_its_own_beginning_misleads_is_still_exact) {
  for (const std::uint64_t seed : {10U, 11U, 12U}) {
    People people = draw(1200, 24, 2, seed);
    for (std::size_t i = 0; i < 60; ++i)  // thirty people who look alike
      for (std::size_t k = 0; k < people.dimension; ++k)
        people.values[i * 20 * people.dimension + k] = 9.0F + people.values[i * people.dimension + k] * 0.1F;
    for (const double fmr : {1e-3, 2.4e-3, 1e-2})
      for (const std::string_view kernel : pair_kernels())
        expect_equal_to_comparing_everything(people, fmr, kernel);
  }
}

TEST(AllPairs, every_instruction_set_gives_the_same_bits) {
  const People people = draw(600, 100, 3, 6);
  const PairsResult best = compare_all(people.view(), 1e-3).value();
  for (const std::string_view kernel : pair_kernels()) {
    const PairsResult other = compare_all(people.view(), 1e-3, kernel).value();
    EXPECT_EQ(other.point.threshold, best.point.threshold) << kernel;
    EXPECT_EQ(other.false_matches, best.false_matches) << kernel;
    EXPECT_EQ(other.genuine, best.genuine) << kernel;
  }
}

TEST(AllPairs, templates_that_cannot_be_compared_are_refused) {
  People people = draw(10, 8, 2, 7);
  const auto why = [&](double fmr = 0.1) {
    const auto result = compare_all(people.view(), fmr);
    return result.ok() ? std::string("accepted") : result.error().message();
  };
  EXPECT_EQ(why(), "accepted");
  EXPECT_THAT(why(1.0), HasSubstr("cannot be asked"));
  people.values[19] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(why(), HasSubstr("template 2 holds"));
  std::fill(people.values.begin() + 16, people.values.begin() + 24, 0.0F);
  EXPECT_THAT(why(), HasSubstr("template 2 has length zero"));
  people.values.pop_back();
  EXPECT_THAT(why(), HasSubstr("are not 10 templates"));
  People alone = draw(4, 8, 4, 8), strangers = draw(4, 8, 1, 8);
  EXPECT_THAT(compare_all(alone.view(), 0.1).error().message(), HasSubstr("two subjects"));
  EXPECT_THAT(compare_all(strangers.view(), 0.1).error().message(), HasSubstr("no genuine"));
  EXPECT_THAT(compare_all(alone.view(), 0.1, "abacus").error().message(), HasSubstr("abacus"));
}

}  // namespace
}  // namespace shogo::scores
