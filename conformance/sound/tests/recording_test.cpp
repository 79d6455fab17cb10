#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/sound/recording.h>

namespace shogo::sound {
namespace {

using testing::SizeIs;

Sound tone(std::uint32_t rate, double seconds, double hz = 1'000) {
  Sound sound;
  sound.rate = rate;
  sound.samples.resize(static_cast<std::size_t>(seconds * rate));
  for (std::size_t i = 0; i < sound.samples.size(); ++i)
    sound.samples[i] = static_cast<std::int16_t>(
        8'000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
  return sound;
}

double level(const Sound& sound) {
  double power = 0;
  for (const std::int16_t sample : sound.samples) power += double{1} * sample * sample;
  return std::sqrt(power / static_cast<double>(sound.samples.size()));
}

TEST(Recording, what_is_cut_into_pieces_is_heard_as_one_and_the_same_however_it_was_cut) {
  const Sound whole = tone(48'000, 0.3);
  Recording one, many;
  one.take(milliseconds(5'000), whole);
  for (std::size_t at = 0; at < whole.samples.size(); at += 1'234) {
    const auto end = std::min(whole.samples.size(), at + 1'234);
    many.take(milliseconds(5'000) + Nanoseconds(static_cast<std::int64_t>(at) * 1'000'000'000 / 48'000),
              {48'000,
               {whole.samples.begin() + static_cast<std::ptrdiff_t>(at),
                whole.samples.begin() + static_cast<std::ptrdiff_t>(end)}});
  }
  const auto a = one.stretches(), b = many.stretches();
  ASSERT_THAT(a, SizeIs(1));
  ASSERT_THAT(b, SizeIs(1));
  EXPECT_EQ(a[0].begin, milliseconds(5'000));
  EXPECT_EQ(a[0].begin, b[0].begin);
  EXPECT_EQ(a[0].sound.rate, kEvidenceRate);
  EXPECT_EQ(a[0].sound.samples, b[0].sound.samples);
  EXPECT_NEAR(static_cast<double>(a[0].sound.length().count()), 0.3e9, 0.006e9);
}

TEST(Recording, silence_longer_than_the_pause_parts_two_sounds_whether_it_was_sent_or_left_out) {
  for (const bool sent : {true, false}) {
    for (const int gap_ms : {150, 250}) {
      Recording recording;
      recording.take(milliseconds(0), tone(48'000, 0.1));
      if (sent)
        recording.take(milliseconds(100),
                       {48'000, std::vector<std::int16_t>(static_cast<std::size_t>(gap_ms * 48))});
      recording.take(milliseconds(100 + gap_ms), tone(48'000, 0.1));
      const auto heard = recording.stretches();
      ASSERT_THAT(heard, SizeIs(gap_ms < 200 ? 1 : 2)) << gap_ms << sent;
      EXPECT_NEAR(static_cast<double>(heard.back().end().count()), (200 + gap_ms) * 1e6, 6e6);
      if (gap_ms > 200) {
        EXPECT_EQ(heard[1].begin, milliseconds(100 + gap_ms));
      }
    }
  }
}

TEST(Recording, equal_sounds_at_other_times_are_equal_and_nothing_is_told_twice) {
  Recording recording;
  recording.take(milliseconds(7), tone(48'000, 0.06));
  recording.take(milliseconds(1'019), tone(48'000, 0.06));
  const auto heard = recording.stretches();
  ASSERT_THAT(heard, SizeIs(2));
  EXPECT_EQ(heard[0].sound.samples, heard[1].sound.samples);
  EXPECT_THAT(recording.stretches(), SizeIs(0));
  recording.take(milliseconds(3'000), {48'000, std::vector<std::int16_t>(4'800)});
  EXPECT_THAT(recording.stretches(), SizeIs(0)) << "silence is no sound";
}

TEST(Recording, other_rates_become_the_evidence_s_and_keep_pitch_length_and_level) {
  for (const std::uint32_t rate : {8'000U, 16'000U, 22'050U, 44'100U, 48'000U, 96'000U}) {
    const Sound sound = resampled(tone(rate, 0.5), kEvidenceRate);
    EXPECT_EQ(sound.rate, kEvidenceRate);
    EXPECT_NEAR(static_cast<double>(sound.samples.size()), 8'000, 2) << rate;
    const Sound wanted = tone(kEvidenceRate, 0.5);
    double worst = 0;
    for (std::size_t i = 400; i < 7'600; ++i)
      worst = std::max(worst, std::abs(double{1} * sound.samples[i] - wanted.samples[i]));
    EXPECT_LT(worst, 40) << rate;  // of 8000
  }
}

TEST(Recording, what_the_lower_rate_cannot_hold_is_gone_and_does_not_come_back_as_another_pitch) {
  EXPECT_LT(level(resampled(tone(48'000, 0.5, 11'000), kEvidenceRate)), 8'000 / std::sqrt(2) / 200);
}

}  // namespace
}  // namespace shogo::sound
