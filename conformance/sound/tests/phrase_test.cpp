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

TEST(Phrases, silence_and_what_does_not_fit_are_no_match) {
  Sound silence;
  silence.samples.resize(48'000);
  EXPECT_EQ(find_phrase(Spectrogram(silence), Spectrogram(silence, true)).distance, 1);
  EXPECT_EQ(find_phrase(Spectrogram(Sound{}), Spectrogram(Sound{})).distance, 1);
}

}  // namespace
}  // namespace shogo::sound
