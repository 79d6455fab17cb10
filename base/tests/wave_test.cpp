#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/wave.h>

namespace shogo {
namespace {

Sound ramp() {
  Sound sound;
  for (int i = 0; i < 100; ++i) sound.samples.push_back(static_cast<std::int16_t>(i * 655 - 32'768));
  return sound;
}

TEST(Wave, what_was_written_is_read_again) {
  const auto read = read_wave(write_wave(ramp()));
  ASSERT_TRUE(read.ok()) << read.error().describe();
  EXPECT_EQ(read->rate, 48'000U);
  EXPECT_EQ(read->samples, ramp().samples);
}

TEST(Wave, silence_of_no_length_is_a_sound) {
  const auto read = read_wave(write_wave(Sound{}));
  ASSERT_TRUE(read.ok());
  EXPECT_THAT(read->samples, testing::IsEmpty());
}

TEST(Wave, unknown_chunks_are_skipped) {
  Bytes bytes = write_wave(ramp());
  const Bytes extra =
      "4C49535403000000010203"
      "00"_hex;  // LIST of three bytes, padded to four
  bytes.insert(bytes.begin() + 12, extra.begin(), extra.end());
  const auto read = read_wave(bytes);
  ASSERT_TRUE(read.ok()) << read.error().describe();
  EXPECT_EQ(read->samples, ramp().samples);
}

TEST(Wave, every_shorter_file_is_refused) {
  const Bytes bytes = write_wave(ramp());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_wave(ByteView(bytes).first(size)).ok()) << size;
}

TEST(Wave, other_formats_are_refused_with_what_was_expected) {
  Bytes stereo = write_wave(ramp());
  stereo[22] = 2;
  EXPECT_THAT(read_wave(stereo).error().message(), testing::HasSubstr("2 channels"));
  Bytes floats = write_wave(ramp());
  floats[20] = 3;
  EXPECT_FALSE(read_wave(floats).ok());
  Bytes slow = write_wave(ramp());
  slow[24] = 1, slow[25] = 0;
  EXPECT_THAT(read_wave(slow).error().message(), testing::HasSubstr("samples a second"));
}

TEST(Sound, a_moment_is_a_sample) {
  Sound sound;
  sound.rate = 8'000;
  sound.samples.resize(8'000);
  EXPECT_EQ(sound.length(), std::chrono::seconds(1));
  EXPECT_EQ(sound.index(milliseconds(500)), 4'000U);
  EXPECT_EQ(sound.index(std::chrono::seconds(2)), 8'000U);
  EXPECT_EQ(sound.index(Nanoseconds(-1)), 0U);
}

}  // namespace
}  // namespace shogo
