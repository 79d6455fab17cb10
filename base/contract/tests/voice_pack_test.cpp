#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/contract/voice_pack.h>

namespace shogo::contract {
namespace {

class Voice : public testing::Test {
 protected:
  Voice() {
    Sound sound;
    sound.samples = {1, 2, 3};
    const Bytes wave = write_wave(sound);
    EXPECT_TRUE(write_file(folder_.path() / "hello.wav", wave).ok());
    write_index(fmt::format(
        R"({{"format":1,"prompts":[{{"language":"en","text":"Hello","file":"hello.wav","sha256":"{}"}}]}})",
        sha256_hex(wave)));
  }
  void write_index(std::string_view text) {
    EXPECT_TRUE(write_text(folder_.path() / "voice.json", text).ok());
  }
  TemporaryFolder folder_ = *TemporaryFolder::create("shogo-voice");
};

TEST_F(Voice, a_text_is_found_by_itself_and_its_language) {
  const auto pack = VoicePack::open(folder_.path());
  ASSERT_TRUE(pack.ok()) << pack.error().describe();
  EXPECT_EQ(pack->size(), 1U);
  EXPECT_THAT(pack->speech("en", "Hello")->samples, testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(pack->speech("en", "Hello!").error().code(), Code::kNotFound);
  EXPECT_EQ(pack->speech("ja", "Hello").error().code(), Code::kNotFound);
}

TEST_F(Voice, a_file_that_is_another_is_never_played) {
  Sound other;
  other.samples = {4};
  ASSERT_TRUE(write_file(folder_.path() / "hello.wav", write_wave(other)).ok());
  EXPECT_EQ(VoicePack::open(folder_.path())->speech("en", "Hello").error().code(), Code::kCorrupt);
}

TEST_F(Voice, no_voice_and_a_broken_one_are_told_apart) {
  EXPECT_EQ(VoicePack::open(folder_.path() / "elsewhere").error().code(), Code::kNotFound);
  for (const char* bad : {"", "[]", "{}", R"({"prompts":[{"language":"en"}]})"}) {
    write_index(bad);
    EXPECT_EQ(VoicePack::open(folder_.path()).error().code(), Code::kCorrupt) << bad;
  }
}

}  // namespace
}  // namespace shogo::contract
