#include "espeak.h"

#include <gtest/gtest.h>

#include <shogo/sound/recording.h>
#include <shogo/sound/same_sound.h>

namespace shogo::sound {
namespace {

Sound said(const char* words) {
  return resampled(spoken("en-us", words), kEvidenceRate);
}

Sound later(const Sound& sound, std::size_t ms) {
  Sound moved{sound.rate, std::vector<std::int16_t>(ms * 16)};
  moved.samples.insert(moved.samples.end(), sound.samples.begin(), sound.samples.end());
  return moved;
}

Sound joined(const Sound& a, const Sound& b) {
  Sound both = a;
  both.samples.resize(both.samples.size() + 16 * 300);
  both.samples.insert(both.samples.end(), b.samples.begin(), b.samples.end());
  return both;
}

TEST(SameSound, the_same_words_are_the_same_wherever_the_recording_begins) {
  const Sound words = said("There are two. Choose one or more.");
  EXPECT_EQ(difference(words, words).apart.count(), 0);
  const Difference moved = difference(words, later(words, 240));
  EXPECT_EQ(moved.apart.count(), 0);
  EXPECT_NEAR(static_cast<double>(moved.shift.count()) / 1e6, 240, 30);
  // Not a whole number of spectra apart.
  EXPECT_LE(difference(words, later(words, 123)).apart.count(), 30);
}

TEST(SameSound, a_name_that_is_said_once_or_otherwise_is_found_with_its_length_and_place) {
  const Sound words = said("There are two. Choose one or more.");
  const Sound name = said("Hospital at the harbour");
  const Difference more = difference(words, joined(words, name));
  EXPECT_GT(more.apart.count(), 600);
  EXPECT_NEAR(static_cast<double>(more.first.count()) / 1e9,
              std::chrono::duration<double>(words.length()).count() + 0.3, 0.4);
  EXPECT_GT(difference(joined(words, name), joined(words, said("Clinic on the hill"))).apart.count(), 600);
}

TEST(SameSound, silence_is_like_silence_and_unlike_words) {
  const Sound words = said("Choose one.");
  const Sound nothing{kEvidenceRate, std::vector<std::int16_t>(16'000)};
  EXPECT_EQ(difference({kEvidenceRate, {}}, nothing).apart.count(), 0);
  EXPECT_GT(difference(words, {kEvidenceRate, {}}).apart.count(), 400);
}

}  // namespace
}  // namespace shogo::sound
