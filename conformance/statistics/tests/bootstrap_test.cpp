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

}  // namespace
}  // namespace shogo::statistics
