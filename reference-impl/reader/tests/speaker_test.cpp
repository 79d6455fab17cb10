#include "sound/speaker.h"

#include "sound/tones.h"
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using std::chrono::seconds;
using Urgency = Speaker::Urgency;

/// A word stands as one value, so that a test sees who speaks when.
Sound word(std::int16_t value, milliseconds length = milliseconds(1'000)) {
  Sound sound;
  sound.samples.assign(static_cast<std::size_t>(length.count()) * kSpeakerRate / 1'000, value);
  return sound;
}

/// Everything until `end`, silence filled in.
std::vector<std::int16_t> hear(Speaker& speaker, Nanoseconds end) {
  std::vector<std::int16_t> all(static_cast<std::size_t>(end / milliseconds(1)) * kSpeakerRate / 1'000);
  for (const Heard& piece : speaker.pump(end)) {
    const auto at =
        static_cast<std::size_t>(std::llround(static_cast<double>(piece.at.count()) * kSpeakerRate / 1e9));
    for (std::size_t i = 0; i < piece.samples.size(); ++i) all.at(at + i) = piece.samples[i];
  }
  return all;
}

constexpr std::size_t at_ms(std::size_t ms) {
  return ms * kSpeakerRate / 1'000;
}

TEST(Speaker, what_is_played_comes_out_once_at_its_time_and_nothing_before) {
  Speaker speaker;
  EXPECT_FALSE(speaker.due());
  ASSERT_TRUE(speaker.say(word(7, milliseconds(2'500)), Urgency::kNow, seconds(2)).ok());
  EXPECT_TRUE(speaker.pump(seconds(2)).empty());
  const auto first = speaker.pump(seconds(2) + milliseconds(50));
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].at, seconds(2));
  EXPECT_EQ(first[0].samples.size(), at_ms(50));
  const auto rest = speaker.pump(seconds(9));
  std::size_t samples = 0;
  for (const Heard& piece : rest) {
    EXPECT_LE(piece.samples.size(), at_ms(1'000));
    samples += piece.samples.size();
  }
  EXPECT_EQ(samples, at_ms(2'450));
  EXPECT_EQ(rest[0].at, seconds(2) + milliseconds(50));
  EXPECT_TRUE(speaker.pump(seconds(10)).empty());
  EXPECT_FALSE(speaker.due());
}

TEST(Speaker, pumped_whenever_it_is_due_it_gives_the_same_samples_in_pieces_of_a_second) {
  Speaker speaker;
  const Nanoseconds odd{1'234'567'891};  // no multiple of a sample
  ASSERT_TRUE(speaker.say(word(7, milliseconds(2'500)), Urgency::kNow, odd).ok());
  std::vector<std::size_t> pieces;
  while (const auto due = speaker.due()) {
    const auto heard = speaker.pump(*due);
    ASSERT_EQ(heard.size(), 1U) << "due too early: the loop would spin";
    pieces.push_back(heard[0].samples.size());
  }
  EXPECT_THAT(pieces, testing::ElementsAre(at_ms(1'000), at_ms(1'000), at_ms(500)));
}

TEST(Speaker, a_key_tone_cuts_speech_within_5_ms_and_the_rest_is_never_said) {
  Speaker speaker;
  ASSERT_TRUE(speaker.say(word(1'000), Urgency::kNow, seconds(0)).ok());
  ASSERT_TRUE(speaker.say(word(2'000), Urgency::kAfter, seconds(0)).ok());
  speaker.tone(word(3'000, milliseconds(60)), milliseconds(500));
  const auto heard = hear(speaker, seconds(3));
  EXPECT_EQ(heard[at_ms(499)], 1'000);
  EXPECT_LT(heard[at_ms(504)], 1'000) << "it dies away, it does not click";
  EXPECT_EQ(heard[at_ms(505)], 3'000);
  EXPECT_EQ(heard[at_ms(564)], 3'000);
  for (std::size_t i = at_ms(565); i < heard.size(); ++i) ASSERT_EQ(heard[i], 0) << i;
}

TEST(Speaker, speech_lets_a_tone_finish) {
  Speaker speaker;
  speaker.tone(word(3'000, milliseconds(60)), seconds(0));
  ASSERT_TRUE(speaker.say(word(1'000), Urgency::kNow, milliseconds(20)).ok());
  ASSERT_TRUE(speaker.say(word(2'000), Urgency::kNow, milliseconds(30)).ok());
  const auto heard = hear(speaker, seconds(2));
  EXPECT_EQ(heard[at_ms(59)], 3'000);
  EXPECT_EQ(heard[at_ms(60)], 2'000) << "the second page took the first one's place";
  EXPECT_EQ(heard[at_ms(1'059)], 2'000);
  EXPECT_EQ(heard[at_ms(1'060)], 0);
}

TEST(Speaker, a_tone_after_a_tone_begins_anew) {
  Speaker speaker;
  speaker.tone(word(3'000, milliseconds(60)), seconds(0));
  speaker.tone(word(4'000, milliseconds(60)), milliseconds(30));
  const auto heard = hear(speaker, seconds(1));
  EXPECT_EQ(heard[at_ms(29)], 3'000);
  EXPECT_EQ(heard[at_ms(94)], 4'000);
  EXPECT_EQ(heard[at_ms(95)], 0);
}

TEST(Speaker, a_new_page_cuts_the_old_one_but_what_waits_is_said_to_its_end_first) {
  Speaker cut;
  ASSERT_TRUE(cut.say(word(1'000), Urgency::kNow, seconds(0)).ok());
  ASSERT_TRUE(cut.say(word(2'000), Urgency::kNow, milliseconds(500)).ok());
  EXPECT_EQ(hear(cut, seconds(3))[at_ms(505)], 2'000);
  Speaker waited;
  ASSERT_TRUE(waited.say(word(1'000), Urgency::kNow, seconds(0)).ok());
  ASSERT_TRUE(waited.say(word(2'000), Urgency::kAfter, milliseconds(500)).ok());
  const auto heard = hear(waited, seconds(3));
  EXPECT_EQ(heard[at_ms(999)], 1'000);
  EXPECT_EQ(heard[at_ms(1'000)], 2'000);
}

TEST(Speaker, what_was_heard_cannot_be_cut_any_more) {
  Speaker speaker;
  ASSERT_TRUE(speaker.say(word(1'000), Urgency::kNow, seconds(0)).ok());
  (void)speaker.pump(milliseconds(400));
  speaker.tone(word(3'000, milliseconds(60)), milliseconds(400));
  const auto heard = speaker.pump(seconds(2));
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].at, milliseconds(400));
  EXPECT_EQ(heard[0].samples.size(), at_ms(5));
  EXPECT_EQ(heard[1].at, milliseconds(405));
}

TEST(Speaker, a_step_of_volume_is_4_db_and_the_loudest_changes_nothing) {
  double before = 0;
  for (int step = kSoftestVolume; step <= kLoudestVolume; ++step) {
    Speaker speaker;
    speaker.set_volume(step);
    speaker.tone(word(20'000, milliseconds(60)), seconds(0));
    const double level = 20 * std::log10(speaker.pump(seconds(1)).at(0).samples.at(0) / 20'000.0);
    if (step > kSoftestVolume) {
      EXPECT_NEAR(level - before, 4, 0.01) << step;
    }
    before = level;
  }
  EXPECT_DOUBLE_EQ(before, 0);
}

TEST(Speaker, speech_of_another_rate_is_refused_with_what_to_do) {
  Sound slow = word(1);
  slow.rate = 16'000;
  Speaker speaker;
  const auto said = speaker.say(slow, Urgency::kNow, seconds(0));
  ASSERT_FALSE(said.ok());
  EXPECT_THAT(said.error().message(), testing::HasSubstr("ci/voice-pack"));
  EXPECT_FALSE(speaker.due());
}

TEST(KeyTone, is_short_begins_and_ends_in_silence_and_is_as_loud_as_the_voice) {
  const Sound& tone = key_tone();
  EXPECT_EQ(tone.rate, kSpeakerRate);
  EXPECT_LE(tone.length(), milliseconds(300)) << "1-13.d";
  EXPECT_EQ(tone.samples.front(), 0);
  EXPECT_NEAR(tone.samples.back(), 0, 40);
  double power = 0;
  for (const std::int16_t sample : tone.samples) power += std::pow(sample / 32'768.0, 2);
  EXPECT_NEAR(10 * std::log10(power / static_cast<double>(tone.samples.size())), -20, 0.6);
}

}  // namespace
}  // namespace shogo::reader
