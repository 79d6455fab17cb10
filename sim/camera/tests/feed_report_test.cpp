#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/sim/feed_report.h>

namespace shogo::sim {
namespace {

TEST(Durations, quantiles_agree_with_sorting_to_a_hundredth_of_a_millisecond) {
  Rng rng(1, "durations");
  Durations durations;
  std::vector<double> all;
  for (int i = 0; i < 5000; ++i) {
    const auto ns = static_cast<std::int64_t>(rng.below(300'000'000));
    durations.add(Nanoseconds{ns});
    all.push_back(static_cast<double>(ns) * 1e-6);
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(durations.count(), 5000U);
  EXPECT_NEAR(durations.quantile_ms(0.5), all[2499], 0.011);
  EXPECT_NEAR(durations.quantile_ms(0.95), all[4749], 0.011);
  EXPECT_NEAR(durations.quantile_ms(1), all.back(), 0.011);
  EXPECT_EQ(durations.most_ms(), all.back());
  double mean = 0, squares = 0;
  for (const double ms : all) mean += ms / 5000;
  for (const double ms : all) squares += (ms - mean) * (ms - mean);
  EXPECT_NEAR(durations.mean_ms(), mean, 1e-9);
  EXPECT_NEAR(durations.deviation_ms(), std::sqrt(squares / 4999), 1e-9);
}

TEST(Durations, nothing_and_one_are_no_special_cases) {
  Durations durations;
  EXPECT_EQ(durations.quantile_ms(0.99), 0);
  EXPECT_EQ(durations.deviation_ms(), 0);
  durations.add(std::chrono::hours{1});
  EXPECT_EQ(durations.most_ms(), 3'600'000);
  EXPECT_EQ(durations.quantile_ms(0.5), 10'000);
  durations.add(Nanoseconds{-5});
  EXPECT_EQ(durations.count(), 2U);
}

TEST(FeedReport, tells_what_came_and_what_did_not) {
  FeedReport report;
  report.fps = 30;
  report.shown = 45;
  report.dropped = 15;
  report.lasted = std::chrono::seconds{2};
  const auto json = to_json(report);
  EXPECT_EQ(json.at("achieved_fps").as_double(), 22.5);
  EXPECT_EQ(json.at("dropped").as_uint64(), 15U);
  EXPECT_EQ(json.at("interval").at("n").as_uint64(), 0U);
}

}  // namespace
}  // namespace shogo::sim
