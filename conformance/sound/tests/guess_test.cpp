#include <cmath>
#include <functional>
#include <numbers>

#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/sound/guess.h>

namespace shogo::sound {
namespace {

constexpr double kLimit = 0.01;

std::vector<Observed> observations(int each, const std::function<double(int digit)>& feature) {
  std::vector<Observed> all;
  for (int n = 0; n < each; ++n)
    for (int digit = 0; digit < 10; ++digit)
      all.push_back({static_cast<char>('0' + digit), {feature(digit)}});
  return all;
}

Sound two_tones(double low_hz, double high_hz, double high = 1) {
  Sound sound;
  sound.rate = 16'000;
  for (int i = 0; i < 960; ++i) {
    const double at = 2 * std::numbers::pi * i / sound.rate;
    sound.samples.push_back(
        static_cast<std::int16_t>(3'000 * (std::sin(low_hz * at) + high * std::sin(high_hz * at))));
  }
  return sound;
}

TEST(Guess, sounds_that_are_all_the_same_tell_nothing) {
  const Guess guess = guess_labels(observations(4, [](int) { return 7.0; }));
  EXPECT_NEAR(guess.right, guess.chance, 1e-12);
  EXPECT_EQ(guess.p, 1);
}

TEST(Guess, noise_that_knows_no_digit_is_no_better_than_chance) {
  Rng rng(3, "noise");
  const Guess guess =
      guess_labels(observations(20, [&](int) { return static_cast<double>(rng.below(1'000'000)); }));
  EXPECT_GT(guess.p, kLimit);
  EXPECT_NEAR(guess.right, 0.1, 0.06);
}

TEST(Guess, a_little_for_each_digit_is_found_out_even_from_few_presses) {
  const Guess guess = guess_labels(observations(4, [](int digit) { return 0.004 * digit; }));
  EXPECT_EQ(guess.right, 1);
  EXPECT_LE(guess.p, kLimit);
}

TEST(Guess, one_digit_that_differs_is_enough) {
  const Guess guess = guess_labels(observations(4, [](int digit) { return digit == 5 ? 1.0 : 0.0; }));
  EXPECT_LE(guess.p, kLimit);
}

TEST(Guess, one_press_of_each_says_nothing) {
  EXPECT_EQ(guess_labels(observations(1, [](int digit) { return digit; })).p, 1);
  EXPECT_EQ(guess_labels({}).p, 1);
}

/// 1-13.l listens twice: first to a few presses of each digit, and, where they are suspicious, to fresh ones.
struct Listened {
  bool suspicious = false, refused = false;
};
Listened listen(Rng& rng, int each, double leak_ms) {
  // What a digit adds against what the device's own unrest adds (1 ms, even).
  const auto late = [&](int digit) {
    return leak_ms * digit + static_cast<double>(rng.below(1'000)) / 1'000;
  };
  Listened heard;
  heard.suspicious = guess_labels(observations(each, late)).p <= kLimit;
  heard.refused = heard.suspicious && guess_labels(observations(20, late), 1'999).p <= 0.001;
  return heard;
}

TEST(Guess, a_hearing_of_a_good_device_is_suspicious_once_in_a_hundred_and_its_fresh_presses_clear_it) {
  Rng rng(8, "good devices");
  constexpr int kDevices = 1'500;
  int suspicious = 0, refused = 0;
  for (int device = 0; device < kDevices; ++device) {
    const Listened heard = listen(rng, 5, 0);
    suspicious += heard.suspicious ? 1 : 0;
    refused += heard.refused ? 1 : 0;
  }
  // 15 are expected; 1 in 10^4 draws lies outside.
  EXPECT_GT(suspicious, 3);
  EXPECT_LT(suspicious, 33);
  EXPECT_EQ(refused, 0);
}

TEST(Guess, a_leak_as_large_as_half_the_unrest_is_refused_both_times) {
  Rng rng(9, "leaking devices");
  for (int device = 0; device < 20; ++device) EXPECT_TRUE(listen(rng, 5, 0.5).refused) << device;
}

TEST(Dialled, the_two_tones_of_a_key_are_recognised_and_a_beep_is_none) {
  EXPECT_EQ(dialled_digit(two_tones(697, 1209)), '1');
  EXPECT_EQ(dialled_digit(two_tones(941, 1336)), '0');
  EXPECT_EQ(dialled_digit(two_tones(852, 1477)), '9');
  EXPECT_EQ(dialled_digit(two_tones(1'000, 1'000)), 0);
  EXPECT_EQ(dialled_digit(two_tones(697, 1'209, 0.1)), 0) << "the second one cannot be told from a blemish";
  EXPECT_EQ(dialled_digit({}), 0);
}

}  // namespace
}  // namespace shogo::sound
