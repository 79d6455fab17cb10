#include <gtest/gtest.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::contract {
namespace {

TEST(Rpc, every_kind_round_trips) {
  const auto request = parse_rpc(encode_request(7, "touch", {{"phase", "down"}})).value();
  EXPECT_EQ(request.kind, RpcMessage::Kind::kRequest);
  EXPECT_EQ(request.id, 7);
  EXPECT_EQ(request.content.at("phase").as_string(), "down");
  EXPECT_EQ(parse_rpc(encode_notification("state", {})).value().kind, RpcMessage::Kind::kNotification);
  EXPECT_EQ(parse_rpc(encode_result(7, nullptr)).value().kind, RpcMessage::Kind::kResult);
  const auto error = parse_rpc(encode_error(7, kRpcUnimplemented, "no")).value();
  EXPECT_EQ(error.kind, RpcMessage::Kind::kError);
  EXPECT_EQ(error.error_code, -32001);
}

TEST(Rpc, refuses_what_is_not_a_message) {
  for (const char* text :
       {"", "[]", "{}", R"({"jsonrpc":"1.0","id":1,"result":0})", R"({"jsonrpc":"2.0","id":1})",
        R"({"jsonrpc":"2.0","id":-1,"method":"x"})", R"({"jsonrpc":"2.0","method":"x","params":3})"})
    EXPECT_FALSE(parse_rpc(text).ok()) << text;
}

TEST(BinaryFrame, header_has_the_published_layout) {
  const Bytes frame = encode_binary(Channel::kScreen, 0x0102, 3, "AABB"_hex);
  EXPECT_EQ(to_hex(frame),
            "53484731"
            "0100"
            "0000"
            "0201000000000000"
            "0300000000000000"
            "02000000"
            "00000000"
            "AABB");
  EXPECT_EQ(parse_binary(frame).value().header.seq, 0x0102U);
}

TEST(BinaryFrame, every_truncation_and_a_wrong_length_are_refused) {
  const Bytes frame = encode_binary(Channel::kLog, 1, 2, "AABBCC"_hex);
  for (std::size_t n = 0; n < frame.size(); ++n)
    EXPECT_FALSE(parse_binary(ByteView(frame).first(n)).ok()) << n;
}

TEST(ScreenPayload, round_trips_and_checks_its_size) {
  Image image{2, 1, 3, "010203040506"_hex};
  const Bytes payload = encode_screen_payload(image);
  EXPECT_EQ(parse_screen_payload(payload).value().pixels, image.pixels);
  for (std::size_t n = 0; n < payload.size(); ++n)
    EXPECT_FALSE(parse_screen_payload(ByteView(payload).first(n)).ok());
}

TEST(SoundPayload, has_the_published_layout_and_comes_back) {
  const std::vector<std::int16_t> samples{1, -2};
  const Bytes payload = encode_sound_payload(48'000, samples);
  EXPECT_EQ(to_hex(payload),
            "80BB0000"
            "01000000"
            "0100"
            "FEFF");
  const auto sound = parse_sound_payload(payload);
  ASSERT_TRUE(sound.ok());
  EXPECT_EQ(sound->rate, 48'000U);
  EXPECT_EQ(sound->samples, samples);
}

TEST(SoundPayload, half_a_sample_another_format_and_a_senseless_rate_are_refused) {
  const Bytes good = encode_sound_payload(8'000, std::vector<std::int16_t>{1});
  EXPECT_TRUE(parse_sound_payload(good).ok());
  EXPECT_TRUE(parse_sound_payload(encode_sound_payload(96'000, {})).ok());
  for (const std::size_t n : {0, 1, 7, 9})
    EXPECT_FALSE(parse_sound_payload(ByteView(good).first(n)).ok()) << n;
  EXPECT_FALSE(parse_sound_payload(encode_sound_payload(7'999, {})).ok());
  EXPECT_FALSE(parse_sound_payload(encode_sound_payload(96'001, {})).ok());
  Bytes other = good;
  other[4] = 2;
  EXPECT_FALSE(parse_sound_payload(other).ok());
}

}  // namespace
}  // namespace shogo::contract
