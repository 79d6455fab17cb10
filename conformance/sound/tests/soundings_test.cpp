// Tones are made here; words come from espeak-ng, so that the tests need no recording.
#include "espeak.h"
#include <cmath>
#include <cstdio>
#include <numbers>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/base/rng.h>
#include <shogo/sound/loudness.h>
#include <shogo/sound/soundings.h>

namespace shogo::sound {
namespace {

using testing::SizeIs;

constexpr double kAmplitude = 8'000;

Sound silence(double seconds) {
  Sound sound;
  sound.samples.resize(static_cast<std::size_t>(seconds * sound.rate));
  return sound;
}

void add(Sound& to, const Sound& more) {
  to.samples.insert(to.samples.end(), more.samples.begin(), more.samples.end());
}

/// `wave`: phase in [0, 1) to [-1, 1]; `pitch` and `level` over time in seconds.
template <typename Wave, typename Pitch, typename Level>
Sound sounding(double seconds, Wave wave, Pitch pitch, Level level) {
  Sound sound = silence(seconds);
  double phase = 0;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const double t = static_cast<double>(i) / sound.rate;
    phase += pitch(t) / sound.rate;
    sound.samples[i] = static_cast<std::int16_t>(kAmplitude * level(t) * wave(phase - std::floor(phase)));
  }
  return sound;
}

const auto kSine = [](double phase) { return std::sin(2 * std::numbers::pi * phase); };
const auto kSquare = [](double phase) { return phase < 0.5 ? 1.0 : -1.0; };
const auto kSteady = [](double) { return 1.0; };
auto pitch(double hz) {
  return [hz](double) { return hz; };
}

Sound beep(double hz = 1'000, double seconds = 0.1) {
  return sounding(seconds, kSine, pitch(hz), kSteady);
}

std::vector<Kind> kinds(const Sound& sound, const Hearing& hearing = {}) {
  std::vector<Kind> all;
  for (const Sounding& heard : soundings(sound, hearing)) all.push_back(heard.kind);
  return all;
}

TEST(Soundings, silence_has_none) {
  EXPECT_THAT(soundings(Sound{}), SizeIs(0));
  EXPECT_THAT(soundings(silence(1)), SizeIs(0));
}

TEST(Soundings, begin_and_end_within_a_block_of_5_ms) {
  Sound sound = silence(0.5);
  add(sound, beep(1'000, 0.25));
  add(sound, silence(0.5));
  const auto heard = soundings(sound);
  ASSERT_THAT(heard, SizeIs(1));
  EXPECT_NEAR(std::chrono::duration<double>(heard[0].begin).count(), 0.5, 0.0051);
  EXPECT_NEAR(std::chrono::duration<double>(heard[0].end).count(), 0.75, 0.0051);
  EXPECT_NEAR(heard[0].level_dbfs, 20 * std::log10(kAmplitude / 32'768 / std::numbers::sqrt2), 0.2);
}

TEST(Soundings, the_floor_decides_what_is_silence) {
  const auto at = [](double dbfs) {
    return sounding(0.5, kSquare, pitch(500),
                    [=](double) { return std::pow(10, dbfs / 20) * 32'768 / kAmplitude; });
  };
  EXPECT_THAT(soundings(at(-49)), SizeIs(1));
  EXPECT_THAT(soundings(at(-51)), SizeIs(0));
}

TEST(Soundings, a_pause_parts_two_and_a_shorter_one_does_not) {
  for (const auto& [pause_s, count] : {std::pair{0.19, 1U}, std::pair{0.22, 2U}}) {
    Sound sound = beep();
    add(sound, silence(pause_s));
    add(sound, beep());
    EXPECT_THAT(soundings(sound), SizeIs(count)) << pause_s;
  }
}

TEST(Soundings, a_hundred_key_presses_are_a_hundred_tones) {
  Sound sound;
  for (int i = 0; i < 100; ++i) {
    add(sound, silence(0.15));
    add(sound, beep(1'000, 0.06));
  }
  EXPECT_EQ(kinds(sound, {-50, milliseconds{40}}), std::vector<Kind>(100, Kind::kTone));
}

TEST(Soundings, tones_of_many_kinds_are_tones) {
  Sound chime;
  for (const double hz : {880.0, 1108.0, 1318.0, 1760.0}) add(chime, beep(hz, 0.15));
  EXPECT_EQ(kinds(chime), std::vector{Kind::kTone}) << "chime";
  Sound melody;
  for (const double hz : {523.0, 587.0, 659.0, 698.0, 784.0, 880.0, 988.0, 1046.0})
    add(melody, sounding(0.12, kSquare, pitch(hz), kSteady));
  EXPECT_EQ(kinds(melody), std::vector{Kind::kTone}) << "melody";
  const auto bell = sounding(1.0, kSine, pitch(660), [](double t) { return std::exp(-5 * t); });
  EXPECT_EQ(kinds(bell), std::vector{Kind::kTone}) << "bell";
  const auto sweep = sounding(
      1.0, kSine, [](double t) { return 300 + 2'000 * t; }, kSteady);
  EXPECT_EQ(kinds(sweep), std::vector{Kind::kTone}) << "sweep";
  const auto siren = sounding(
      2.0, kSquare, [](double t) { return 700 + 300 * std::sin(9 * t); }, kSteady);
  EXPECT_EQ(kinds(siren), std::vector{Kind::kTone}) << "siren";
  const auto pulses =
      sounding(1.0, kSine, pitch(1'000), [](double t) { return std::fmod(t, 0.1) < 0.05 ? 1.0 : 0.0; });
  EXPECT_EQ(kinds(pulses), std::vector{Kind::kTone}) << "pulses";
}

TEST(Soundings, hiss_is_noise) {
  Rng rng(1, "hiss");
  Sound hiss = silence(0.5);
  for (auto& sample : hiss.samples) sample = static_cast<std::int16_t>((rng.unit() - 0.5) * kAmplitude);
  EXPECT_EQ(kinds(hiss), std::vector{Kind::kNoise});
}

TEST(Soundings, words_are_speech_in_every_language) {
  const std::pair<std::string, std::string> kPhrases[] = {
      {"en", "Please put your card on the reader."},
      {"en", "Authentication failed. Please call the staff."},
      {"en", "Please wait."},
      {"en-us+f3", "Enter your four digit number."},
      {"cmn", "请把卡片放在读卡器上"},
      {"ko", "카드를 올려 주십시오"},
      {"ja", "かーどをおいてください"},
      {"ja", "にんしょうにしっぱいしました"}};
  for (const auto& [voice, words] : kPhrases)
    EXPECT_THAT(kinds(spoken(voice, words)), testing::Each(Kind::kSpeech)) << words;
}

TEST(Soundings, a_chime_before_words_does_not_hide_them) {
  Sound sound = spoken("en", "Please take your card.");
  Sound chime;
  chime.rate = sound.rate;
  for (std::size_t i = 0; i < sound.rate / 4; ++i)
    chime.samples.push_back(
        static_cast<std::int16_t>(kAmplitude * kSine(static_cast<double>(i) * 880 / sound.rate)));
  chime.samples.resize(chime.samples.size() + sound.rate / 2);
  add(chime, sound);
  EXPECT_EQ(kinds(chime), (std::vector{Kind::kTone, Kind::kSpeech}));
}

TEST(Loudness, a_sine_of_997_hz_at_minus_20_dbfs_has_minus_23_lufs) {
  // EBU Tech 3341: a mono channel carries 3 dB less than the stereo test signal of that level.
  const auto sine = sounding(5, kSine, pitch(997), [](double) { return 0.1 * 32'768 / kAmplitude; });
  const auto measured = loudness(sine);
  ASSERT_TRUE(measured.ok()) << measured.error().describe();
  EXPECT_NEAR(measured->lufs, -23.0, 0.1);
  EXPECT_NEAR(measured->peak_dbfs, -20.0, 0.1);
}

TEST(Loudness, is_not_defined_for_silence_and_for_less_than_400_ms) {
  EXPECT_EQ(loudness(silence(2)).error().code(), Code::kInvalid);
  EXPECT_EQ(loudness(beep(1'000, 0.3)).error().code(), Code::kInvalid);
  EXPECT_EQ(loudness(Sound{}).error().code(), Code::kInvalid);
}

TEST(Loudness, of_a_sound_at_half_the_level_is_6_db_less) {
  const auto loud = sounding(2, kSine, pitch(1'000), kSteady);
  const auto soft = sounding(2, kSine, pitch(1'000), [](double) { return 0.5; });
  EXPECT_NEAR(loudness(loud)->lufs - loudness(soft)->lufs, 6.02, 0.05);
}

}  // namespace
}  // namespace shogo::sound
