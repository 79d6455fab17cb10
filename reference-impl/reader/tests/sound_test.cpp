// What a harness hears of the whole firmware but its main(), on the bench's standing clock.
#include "device_bench.h"
#include "sound/tones.h"

namespace shogo::reader {
namespace {

class Loudspeaker : public Device {
 protected:
  explicit Loudspeaker(const std::string& keypad = "none") : Device(true, keypad) {}
  void SetUp() override {
    Device::SetUp();
    go_to_pin();
    harness.call("clock_mode", {{"mode", "virtual"}});
    ASSERT_EQ(harness.error(), 0);
    set(R"({"volume": 5})");
  }
  void subscribe() {
    const json::value answer = harness.call("subscribe_audio", {{"rate", 16'000}});
    ASSERT_EQ(harness.error(), 0);
    EXPECT_EQ(answer.at("rate"), kSpeakerRate);
  }
  void pass(milliseconds time) {
    harness.call("advance", {{"ns", Nanoseconds(time).count()}});
    ASSERT_EQ(harness.error(), 0);
    harness.call("ping");
  }
  /// What has come since the last call.
  std::vector<std::pair<Nanoseconds, Sound>> heard() {
    std::vector<std::pair<Nanoseconds, Sound>> all;
    for (const auto& [header, payload] : harness.frames) {
      if (header.channel != contract::Channel::kAudio) continue;
      const auto sound = contract::parse_sound_payload(payload);
      EXPECT_TRUE(sound.ok());
      if (sound.ok()) all.emplace_back(Nanoseconds(static_cast<std::int64_t>(header.t_dev_ns)), *sound);
    }
    harness.frames.clear();
    return all;
  }
  Nanoseconds now() { return Nanoseconds(harness.call("ping").at("t_dev").to_number<std::int64_t>()); }
};

class LoudspeakerAndKeys : public Loudspeaker {
 protected:
  LoudspeakerAndKeys() : Loudspeaker("built_in") {}
};

TEST_F(Loudspeaker, every_key_of_the_screen_gives_the_same_samples_at_the_moment_of_the_touch) {
  subscribe();
  for (const char digit : std::string_view("0123456789")) {
    const Nanoseconds touched = now();
    harness.type(std::string(1, digit));
    pass(milliseconds(300));
    const auto sounds = heard();
    ASSERT_EQ(sounds.size(), 1U) << digit;
    EXPECT_EQ(sounds[0].first, touched) << digit;
    EXPECT_EQ(sounds[0].second.samples, key_tone().samples) << digit;
    harness.tap("key_delete");
    pass(milliseconds(300));
    EXPECT_EQ(heard().size(), 1U) << "delete is a key too";
  }
}

TEST_F(LoudspeakerAndKeys, every_key_of_the_keypad_gives_the_same_samples) {
  subscribe();
  for (const char* place :
       {"r1c1", "r1c2", "r1c3", "r2c1", "r2c2", "r2c3", "r3c1", "r3c2", "r3c3", "r4c2", "r4c1"}) {
    const Nanoseconds pressed = now();
    for (const char* phase : {"down", "up"}) harness.call("key", {{"code", place}, {"phase", phase}});
    pass(milliseconds(300));
    const auto sounds = heard();
    ASSERT_EQ(sounds.size(), 1U) << place;
    EXPECT_EQ(sounds[0].first, pressed) << place;
    EXPECT_EQ(sounds[0].second.samples, key_tone().samples) << place;
  }
}

TEST_F(Loudspeaker, a_touch_on_nothing_is_silent_and_so_is_a_device_to_which_nobody_listens) {
  harness.type("1");
  pass(milliseconds(300));
  EXPECT_TRUE(heard().empty());
  subscribe();
  for (const char* phase : {"down", "up"}) harness.call("touch", {{"points", {{0, 0}}}, {"phase", phase}});
  pass(milliseconds(300));
  EXPECT_TRUE(heard().empty());
}

TEST_F(Loudspeaker, the_volume_is_a_setting_of_five_steps) {
  subscribe();
  int before = 0;
  for (int step = 1; step <= 5; ++step) {
    set(fmt::format(R"({{"volume": {}}})", step).c_str());
    harness.type("1");
    pass(milliseconds(300));
    const auto sounds = heard();
    ASSERT_EQ(sounds.size(), 1U);
    const auto& samples = sounds[0].second.samples;
    const int peak = *std::max_element(samples.begin(), samples.end());
    EXPECT_GT(peak, before * 1.5) << step;
    before = peak;
    harness.tap("key_delete");
    pass(milliseconds(300));
    (void)heard();
  }
  for (const int bad : {0, 6}) {
    harness.call("put_file", {{"kind", "settings"}, {"text", fmt::format(R"({{"volume": {}}})", bad)}});
    EXPECT_EQ(harness.error(), contract::kRpcInvalidParams) << bad;
  }
}

}  // namespace
}  // namespace shogo::reader
