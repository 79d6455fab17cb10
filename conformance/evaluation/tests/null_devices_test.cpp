#include "../study/null_devices.h"

#include <gtest/gtest.h>

#include <shogo/statistics/dependence.h>

namespace shogo::evaluation {
namespace {

TEST(NullDevices, have_the_rate_and_the_correlation_they_claim) {
  for (const Shape shape : {Shape::kBeta, Shape::kNormal, Shape::kClumps}) {
    constexpr double kRate = 0.05, kIcc = 0.2;
    constexpr int kSize = 6;
    const std::vector<double> chance = cluster_chances(shape, kRate, kIcc, kSize);
    double all = 0, errors = 0, pairs = 0;
    for (std::size_t i = 0; i < chance.size(); ++i) {
      const auto y = static_cast<double>(i);
      all += chance[i];
      errors += y * chance[i];
      pairs += y * (y - 1) * chance[i];
    }
    EXPECT_NEAR(all, 1, 1e-6) << to_string(shape);
    const double rate = errors / kSize, both = pairs / (kSize * (kSize - 1.0));
    EXPECT_NEAR(rate, kRate, 1e-5) << to_string(shape);
    EXPECT_NEAR((both - rate * rate) / (rate * (1 - rate)), kIcc, 1e-4) << to_string(shape);
  }
}

TEST(NullDevices, pairs_match_at_the_rate_and_with_the_effect_of_their_share) {
  constexpr std::uint32_t kPeople = 300;
  constexpr int kStudies = 3000;
  const PairDevice device(kPeople, 0.001, 0.2);
  Rng rng(2, "pairs");
  double sum = 0, squares = 0;
  for (int i = 0; i < kStudies; ++i) {
    const auto k = static_cast<double>(device.draw(rng).size());
    sum += k;
    squares += k * k;
  }
  const double pairs = kPeople * (kPeople - 1.0) / 2, mean = sum / kStudies;
  EXPECT_NEAR(mean / pairs, 0.001, 0.00004);
  const double effect = (squares / kStudies - mean * mean) / (pairs * 0.001);
  EXPECT_NEAR(effect / statistics::assumed_pair_effect(kPeople, 0.001, 0.2), 1, 0.12);
}

}  // namespace
}  // namespace shogo::evaluation
