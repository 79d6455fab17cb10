#include "espeak.h"

#include <gtest/gtest.h>

#include <shogo/sound/phrase.h>

namespace shogo::sound {
namespace {

Sound louder(Sound sound, double gain) {
  for (std::int16_t& sample : sound.samples) sample = static_cast<std::int16_t>(sample * gain);
  return sound;
}

const char* const kPhrases[] = {"Confirmed.",
                                "That PIN is not right.",
                                "The PIN is locked.",
                                "The certificate has expired.",
                                "Please take your card.",
                                "The system cannot be reached.",
                                "Call staff."};

TEST(Phrases, each_is_found_in_a_recording_of_all_and_at_its_place) {
  Sound all{resampled(spoken("en-us", "Wait."), 16'000)};
  std::vector<Nanoseconds> places;
  for (const char* phrase : kPhrases) {
    all.samples.resize(all.samples.size() + 6'400);
    places.push_back(all.length());
    const Sound more = louder(resampled(spoken("en-us", phrase), 16'000), 0.5);
    all.samples.insert(all.samples.end(), more.samples.begin(), more.samples.end());
  }
  const Spectrogram sound(all);
  for (std::size_t i = 0; i < std::size(kPhrases); ++i) {
    const Match match = find_phrase(sound, Spectrogram(spoken("en-us", kPhrases[i]), true));
    // This voice is buzzier than the pack's: half a frame's shift already costs more.
    EXPECT_LT(match.distance, 0.12) << kPhrases[i];
    EXPECT_NEAR(static_cast<double>((match.begin - places[i]).count()) / 1e6, 20, 60) << kPhrases[i];
  }
}

TEST(Phrases, what_was_not_said_is_not_found) {
  for (const char* said : kPhrases) {
    const Spectrogram sound(spoken("en-us", said));
    for (const char* other : kPhrases) {
      if (said == other) continue;
      EXPECT_GT(find_phrase(sound, Spectrogram(spoken("en-us", other), true)).distance, 1.2 * kSamePhrase)
          << other << " in " << said;
    }
  }
}

TEST(Phrases, one_word_too_few_is_noticed) {
  EXPECT_GT(find_phrase(Spectrogram(spoken("en-us", "That PIN is right.")),
                        Spectrogram(spoken("en-us", "That PIN is not right."), true))
                .distance,
            kSamePhrase);
}

/// One after the other, with `gap_ms` between.
Sound in_a_row(const std::vector<Sound>& sounds, int gap_ms) {
  Sound all{16'000, std::vector<std::int16_t>(8'000)};
  for (const Sound& sound : sounds) {
    const Sound more = resampled(sound, 16'000);
    all.samples.insert(all.samples.end(), more.samples.begin(), more.samples.end());
    all.samples.resize(all.samples.size() + static_cast<std::size_t>(16 * gap_ms));
  }
  return all;
}

TEST(Numbers, of_phrases_that_differ_in_a_number_alone_the_one_that_was_said_fits_best) {
  const auto phrase = [&](int n) { return spoken("en-us", "Volume " + std::to_string(n)); };
  for (int said = 1; said <= 5; ++said) {
    const Spectrogram sound(in_a_row({louder(phrase(said), 0.5)}, 300));
    const Spectrogram right(phrase(said), true);
    const Match found = find_phrase(sound, right);
    for (int other = 1; other <= 5; ++other) {
      if (other == said) continue;
      const Spectrogram wrong(phrase(other), true);
      EXPECT_FALSE(fits_better(sound, found, wrong)) << said << " or " << other;
      EXPECT_TRUE(fits_better(sound, find_phrase(sound, wrong), right)) << other;
    }
  }
}

TEST(Words, a_word_said_for_itself_is_found_and_within_a_sentence_of_the_device_it_is_not) {
  const Sound two = spoken("en-us", "two"), sentence = spoken("en-us", "Your certificate ends soon");
  const Spectrogram word(two, true);
  const std::vector<Spectrogram> sentences{Spectrogram(sentence, true)};
  // A stretch of the sentence itself is the hardest word there is: every frame fits.
  const Spectrogram whole(sentence, true);
  const Spectrogram stretch = whole.part(60, 95);

  EXPECT_LE(find_word(Spectrogram(in_a_row({two}, 400)), word, sentences).distance, kSamePhrase);
  EXPECT_LE(find_word(Spectrogram(in_a_row({sentence, two}, 400)), word, sentences).distance, kSamePhrase);
  EXPECT_LE(find_phrase(Spectrogram(in_a_row({sentence}, 400)), stretch).distance, kSamePhrase);
  EXPECT_EQ(find_word(Spectrogram(in_a_row({sentence}, 400)), stretch, sentences).distance, 1);
}

TEST(Words, a_short_one_within_words_that_nobody_recorded_is_not_found_and_a_long_one_is) {
  const Sound sentence = spoken("en-us", "Your certificate ends soon");
  const Spectrogram whole(sentence, true), heard(in_a_row({sentence}, 400));

  EXPECT_EQ(find_word(heard, whole.part(60, 90), {}).distance, 1);
  EXPECT_LE(find_word(heard, whole.part(60, 110), {}).distance, kSamePhrase);
}

TEST(Words, digits_said_without_a_pause_between_them_are_found_by_the_long_ones) {
  const Sound one = spoken("en-us", "seven"), other = spoken("en-us", "zero");
  EXPECT_LE(find_word(Spectrogram(in_a_row({one, other, one}, 0)), Spectrogram(one, true), {}).distance,
            kSamePhrase);
}

TEST(Phrases, silence_and_what_does_not_fit_are_no_match) {
  Sound silence;
  silence.samples.resize(48'000);
  EXPECT_EQ(find_phrase(Spectrogram(silence), Spectrogram(silence, true)).distance, 1);
  EXPECT_EQ(find_phrase(Spectrogram(Sound{}), Spectrogram(Sound{})).distance, 1);
}

}  // namespace
}  // namespace shogo::sound
