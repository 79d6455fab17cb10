#include <gtest/gtest.h>

#include <shogo/conformance/png.h>
#include <shogo/conformance/replay_device.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
constexpr std::chrono::milliseconds kAny{1};

Event event(std::string_view from, std::string kind, json::object data, std::string blob = "") {
  return {0, std::string(from), std::move(kind), std::move(data), std::move(blob)};
}

Transcript recording() {
  Hello hello;
  hello.protocol = 1;
  hello.capabilities = {"screen.frames"};
  Transcript transcript;
  transcript.add(event(source::kDevice, "hello", to_json(hello)));
  transcript.add(event(source::kStimulus, "request", {{"method", "reset"}}));
  transcript.add(event(source::kDevice, "state", {{"name", "idle"}}));
  transcript.add(event(source::kDevice, "answer", {{"method", "reset"}, {"result", json::object{}}}));
  transcript.add(event(source::kCard, "apdu", {{"ins", "20"}}));
  transcript.add(event(source::kStimulus, "request", {{"method", "touch"}}));
  transcript.add(event(source::kDevice, "answer",
                       {{"method", "touch"}, {"error", to_string(Code::kConflict)}, {"message", "BUSY"}}));
  Image image{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  const std::string name = transcript.keep("pin", "png", encode_png(image).value());
  transcript.add(event(source::kDevice, "frame", {{"seq", 1}}, name));
  return transcript;
}

TEST(ReplayDevice, answers_come_back_in_their_recorded_order_with_their_errors) {
  const auto device = ReplayDevice::create({recording()}).value();

  EXPECT_TRUE(device->has("screen.frames"));
  EXPECT_TRUE(device->call("reset", {}, kAny).ok());
  EXPECT_EQ(device->call("touch", {}, kAny).error().code(), Code::kConflict);
}

TEST(ReplayDevice, notifications_and_frames_are_shown_where_they_were_recorded) {
  const auto device = ReplayDevice::create({recording()}).value();
  std::vector<DeviceEvent> seen;
  device->on_event([&](const DeviceEvent& e) { seen.push_back(e); });

  (void)device->call("reset", {}, kAny);
  const std::size_t after_reset = seen.size();
  (void)device->call("touch", {}, kAny);

  ASSERT_EQ(after_reset, 1U);
  EXPECT_EQ(seen[0].data.at("name"), "idle");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(contract::parse_screen_payload(*seen[1].payload).value().pixels, (Bytes{1, 2, 3, 4, 5, 6}));
}

TEST(ReplayDevice, what_was_never_asked_has_no_answer) {
  const auto device = ReplayDevice::create({recording()}).value();

  const auto answer = device->call("get_ui_tree", {}, kAny);

  EXPECT_EQ(answer.error().code(), Code::kNotFound);
  EXPECT_EQ(answer.error().message(), "the recording holds no further answer to \"get_ui_tree\"");
}

TEST(ReplayDevice, a_recording_without_hello_is_no_device) {
  EXPECT_EQ(ReplayDevice::create({Transcript()}).error().code(), Code::kNotFound);
}

TEST(Png, pixels_survive_and_damage_is_noticed) {
  const Image image{3, 2, 3, Bytes{0, 1, 2, 250, 251, 252, 7, 8, 9, 3, 3, 3, 4, 4, 4, 5, 5, 5}};
  Bytes bytes = encode_png(image).value();

  EXPECT_EQ(decode_png(bytes).value().pixels, image.pixels);
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(decode_png(bytes).error().code(), Code::kCorrupt);
  EXPECT_EQ(encode_png(Image{1, 1, 3, {}}).error().code(), Code::kInvalid);
}

}  // namespace
}  // namespace shogo::conformance
