#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>

namespace shogo {
namespace {

TEST(Rng, same_seed_and_name_give_the_same_numbers_on_every_machine) {
  Rng rng(1, "card.1");
  const std::array<std::uint64_t, 2> first{rng.next(), rng.next()};
  Rng again(1, "card.1");
  EXPECT_EQ(first[0], again.next());
  EXPECT_EQ(first[1], again.next());
  EXPECT_NE(Rng(1, "card.2").next(), first[0]);
  EXPECT_NE(Rng(2, "card.1").next(), first[0]);
}

TEST(Rng, below_reaches_every_value_about_equally_often) {
  Rng rng(7, "test");
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts[static_cast<std::size_t>(rng.below(10))];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Rng, shuffle_keeps_the_items_and_reaches_all_orders_of_three) {
  Rng rng(7, "shuffle");
  std::array<int, 6> seen{};
  for (int i = 0; i < 6000; ++i) {
    std::array<int, 3> items{0, 1, 2};
    rng.shuffle(items);
    auto sorted = items;
    std::sort(sorted.begin(), sorted.end());
    ASSERT_EQ(sorted, (std::array<int, 3>{0, 1, 2}));
    ++seen[static_cast<std::size_t>(items[0] * 2 + (items[1] > items[2] ? 1 : 0))];
  }
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace shogo
