#include <algorithm>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/bootstrap.h>

namespace shogo::statistics {
namespace {

/// The slow oracle: draws people with the general generator and counts every pair of different ones.
BootstrapInterval by_counting_pairs(std::uint32_t n,
                                    const std::vector<std::pair<std::uint32_t, std::uint32_t>>& errors,
                                    int replicates) {
  Rng rng(77, "slow");
  std::vector<std::vector<bool>> wrong(n, std::vector<bool>(n));
  for (const auto& [a, b] : errors) wrong[a][b] = wrong[b][a] = true;
  std::vector<double> rates;
  for (int r = 0; r < replicates; ++r) {
    std::vector<std::uint32_t> people(n);
    for (std::uint32_t& person : people) person = static_cast<std::uint32_t>(rng.below(n));
    double hits = 0, pairs = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) {
        if (people[i] == people[j]) continue;
        ++pairs;
        hits += wrong[people[i]][people[j]] ? 1 : 0;
      }
    rates.push_back(hits / pairs);
  }
  std::sort(rates.begin(), rates.end());
  return {rates[rates.size() / 20], rates[rates.size() * 19 / 20], replicates};
}

TEST(Bootstrap, of_pairs_equals_counting_every_pair_of_the_people_drawn) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> errors{{1, 2}, {1, 3},   {1, 9},
                                                              {4, 5}, {20, 30}, {31, 39}};
  for (std::uint32_t i = 5; i < 35; ++i) errors.emplace_back(i, i + 5);
  const BootstrapInterval fast = bootstrap_pairs(40, errors, 10000, 0.95, 1).value();
  const BootstrapInterval slow = by_counting_pairs(40, errors, 10000);
  EXPECT_NEAR(fast.lower / slow.lower, 1, 0.05);
  EXPECT_NEAR(fast.upper / slow.upper, 1, 0.05);
}

TEST(Bootstrap, of_clusters_has_the_width_of_the_clusters) {
  std::vector<ClusterCount> whole(400, {0, 10}), scattered(400, {0, 10});
  for (std::size_t i = 0; i < 20; ++i) whole[i].errors = 10;
  for (std::size_t i = 0; i < 200; ++i) scattered[i].errors = 1;
  const auto wide = bootstrap_clusters(whole, 2000, 0.95, 1).value(),
             narrow = bootstrap_clusters(scattered, 2000, 0.95, 1).value();
  EXPECT_GT(wide.upper - wide.lower, 2.5 * (narrow.upper - narrow.lower));
  EXPECT_LT(wide.lower, 0.05);
  EXPECT_GT(wide.upper, 0.05);
}

TEST(Bootstrap, the_same_seed_draws_the_same_people) {
  const std::vector<ClusterCount> clusters{{1, 5}, {0, 5}, {3, 5}};
  EXPECT_EQ(bootstrap_clusters(clusters, 500, 0.95, 3)->upper,
            bootstrap_clusters(clusters, 500, 0.95, 3)->upper);
}

TEST(Bootstrap, refuses_too_few_people_or_replicates) {
  EXPECT_FALSE(bootstrap_pairs(1, {}, 1000, 0.95, 1).ok());
  EXPECT_FALSE(bootstrap_pairs(10, {}, 10, 0.95, 1).ok());
  EXPECT_FALSE(bootstrap_clusters(std::vector<ClusterCount>(3), 1000, 0.95, 1).ok());
}

/// A few people, every pair once, scores with ties.
SweptScores swept_sample(std::uint32_t people, Rng& rng) {
  SweptScores scores;
  for (std::uint32_t a = 0; a < people; ++a) {
    for (int i = 0; i < 3; ++i) scores.genuine.push_back({static_cast<float>(4 + rng.below(12)), a});
    for (std::uint32_t b = a + 1; b < people; ++b)
      scores.impostor.push_back({static_cast<float>(rng.below(10)), a, b});
  }
  std::sort(scores.impostor.begin(), scores.impostor.end(),
            [](const auto& x, const auto& y) { return x.score > y.score; });
  return scores;
}

TEST(Bootstrap, of_threshold_and_fnmr_equals_writing_every_comparison_down_and_trying_every_threshold) {
  Rng rng(3, "swept");
  for (int round = 0; round < 50; ++round) {
    constexpr std::uint32_t kPeople = 9;
    const SweptScores scores = swept_sample(kPeople, rng);
    std::vector<std::uint16_t> times(kPeople, 0);
    for (std::uint32_t i = 0; i < kPeople; ++i) ++times[rng.below(kPeople)];
    std::vector<float> impostor, genuine;
    for (const auto& one : scores.impostor)
      for (int i = 0; i < times[one.a] * times[one.b]; ++i) impostor.push_back(one.score);
    for (const auto& one : scores.genuine)
      for (int i = 0; i < times[one.subject]; ++i) genuine.push_back(one.score);
    const double target = round % 2 == 0 ? 0.05 : 0.3;
    double expected = 1;
    for (float threshold = 20; threshold >= -1; threshold -= 0.5F) {
      const auto matching =
          std::count_if(impostor.begin(), impostor.end(), [&](float s) { return s >= threshold; });
      if (static_cast<double>(matching) > target * static_cast<double>(impostor.size())) break;
      expected = static_cast<double>(
                     std::count_if(genuine.begin(), genuine.end(), [&](float s) { return s < threshold; })) /
                 static_cast<double>(genuine.size());
    }
    EXPECT_DOUBLE_EQ(swept_fnmr(scores, times, target).value(), expected) << round;
  }
}

TEST(Bootstrap, a_swept_threshold_brings_its_own_uncertainty) {
  Rng rng(4, "swept");
  const SweptScores scores = swept_sample(60, rng);
  const auto joint = bootstrap_swept(scores, 60, 0.05, 500, 0.95, 1).value();
  EXPECT_LT(joint.lower, joint.upper);
  const auto again = bootstrap_swept(scores, 60, 0.05, 500, 0.95, 1).value();
  EXPECT_EQ(joint.lower, again.lower);
  EXPECT_FALSE(bootstrap_swept(scores, 60, 0, 500, 0.95, 1).ok());
}

}  // namespace
}  // namespace shogo::statistics
