#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/binomial.h>
#include <shogo/statistics/sequential.h>

namespace shogo::statistics {
namespace {

SequentialRate run(Rng& rng, double rate, int most) {
  SequentialRate sequence = SequentialRate::start({0.01, true}).value();
  while (sequence.trials() < most && !sequence.verdict()) sequence.add(rng.unit() < rate);
  return sequence;
}

TEST(Sequential,
     a_device_at_the_limit_is_judged_wrongly_once_in_twenty_at_most_although_looked_at_every_time) {
  Rng rng(1, "sequential.limit");
  int kept = 0, broken = 0;
  constexpr int kStudies = 300;
  for (int i = 0; i < kStudies; ++i) {
    const auto verdict = run(rng, 0.01, 1500).verdict();
    kept += verdict == RateVerdict::kProvenKept ? 1 : 0;
    broken += verdict == RateVerdict::kProvenBroken ? 1 : 0;
  }
  EXPECT_LE(kept, 0.05 * kStudies + 3 * std::sqrt(0.05 * kStudies));
  EXPECT_LE(broken, 0.05 * kStudies + 3 * std::sqrt(0.05 * kStudies));
}

/// Seeded bug: looking at the bound of a fixed sample after every trial.
TEST(Sequential, stopping_at_the_first_good_bound_of_a_fixed_sample_is_wrong_too_often) {
  Rng rng(1, "sequential.naive");
  int passed = 0;
  constexpr int kStudies = 300;
  std::vector<std::int64_t> needed;
  for (int k = 0; k < 80; ++k) needed.push_back(trials_to_prove(k, 0.01, 0.95, true));
  for (int i = 0; i < kStudies; ++i) {
    int errors = 0;
    for (int n = 1; n <= 3000; ++n) {
      errors += rng.unit() < 0.01 ? 1 : 0;
      if (n < needed.at(static_cast<std::size_t>(errors))) continue;
      ++passed;
      break;
    }
  }
  EXPECT_GT(passed, 0.08 * kStudies);
}

TEST(Sequential, good_devices_pass_and_bad_ones_fail_early) {
  Rng rng(2, "sequential.good");
  const SequentialRate perfect = run(rng, 0, 5000);
  EXPECT_EQ(perfect.verdict(), RateVerdict::kProvenKept);
  EXPECT_LT(perfect.trials(), 550);
  const SequentialRate bad = run(rng, 0.2, 5000);
  EXPECT_EQ(bad.verdict(), RateVerdict::kProvenBroken);
  EXPECT_LT(bad.trials(), 60);
}

TEST(Sequential, says_how_many_clean_trials_are_missing) {
  SequentialRate sequence = SequentialRate::start({0.01, true}).value();
  sequence.add(true);
  const std::int64_t more = sequence.more_without_error();
  for (std::int64_t i = 0; i < more - 1; ++i) sequence.add(false);
  EXPECT_FALSE(sequence.verdict().has_value());
  sequence.add(false);
  EXPECT_EQ(sequence.verdict(), RateVerdict::kProvenKept);
  EXPECT_EQ(sequence.more_without_error(), 0);
}

/// The slow oracle: the stake as an average over many fixed bets.
TEST(Sequential, evidence_equals_the_average_of_fixed_bets) {
  SequentialRate sequence = SequentialRate::start({0.1, true}).value();
  for (int i = 0; i < 60; ++i) sequence.add(i % 20 == 0);
  double below = 0, below_weight = 0, above = 0, above_weight = 0;
  constexpr int kSteps = 400000;
  for (int i = 0; i < kSteps; ++i) {
    const auto bet = [](double q) { return std::exp(3 * std::log(q / 0.1) + 57 * std::log((1 - q) / 0.9)); };
    const double s = (i + 0.5) / kSteps, jeffreys = std::pow(std::sin(s * 3.14159265358979323846 / 2), 2);
    if (jeffreys < 0.1) {
      below += bet(jeffreys);
      below_weight += 1;
    }
    const double q = 0.1 + 0.9 * s, density = std::pow(1 - q, 2.0 - 1);  // beta(1, 0.2 / 0.1)
    above += density * bet(q);
    above_weight += density;
  }
  EXPECT_NEAR(sequence.evidence_kept() / (below / below_weight), 1, 1e-3);
  EXPECT_NEAR(sequence.evidence_broken() / (above / above_weight), 1, 1e-3);
}

}  // namespace
}  // namespace shogo::statistics
