#include <algorithm>

#include <gtest/gtest.h>

#include <shogo/contract/reader_link.h>

namespace shogo::contract {
namespace {

void feed(LinkDecoder& decoder, ByteView bytes) {
  ASSERT_LE(bytes.size(), decoder.room().size());
  std::copy(bytes.begin(), bytes.end(), decoder.room().begin());
  decoder.added(bytes.size());
}

TEST(ReaderLink, json_message_arrives_whole_even_byte_by_byte) {
  const Bytes wire = encode_link({{"type", "card"}, {"present", true}});
  LinkDecoder decoder;
  for (std::size_t i = 0; i + 1 < wire.size(); ++i) {
    feed(decoder, ByteView(wire).subspan(i, 1));
    ASSERT_FALSE(decoder.next().value().has_value());
  }
  feed(decoder, ByteView(wire).last(1));
  const auto message = decoder.next().value();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->body.at("type").as_string(), "card");
}

TEST(ReaderLink, pin_leaves_no_copy_in_the_buffer_it_came_through) {
  Secret pin(4);
  for (const char c : {'7', '3', '9', '1'}) pin.push_back(static_cast<std::uint8_t>(c));
  const Secret wire = encode_link_pin(42, pin);
  LinkDecoder decoder;
  const std::uint8_t* storage = decoder.room().data();
  feed(decoder, wire.expose());
  const auto message = decoder.next().value();
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(message->is_pin());
  EXPECT_EQ(message->session, 42U);
  EXPECT_EQ(as_text(message->pin.expose()), "7391");
  EXPECT_TRUE(std::all_of(storage, storage + wire.size(), [](std::uint8_t b) { return b == 0; }));
}

TEST(ReaderLink, refuses_unknown_kinds_impossible_lengths_and_untyped_json) {
  for (const char* hex : {"0000000000", "0001000001", "0000000109", "00000003017B7D", "0000000502AABBCCDD"}) {
    LinkDecoder decoder;
    feed(decoder, from_hex(hex).value());
    const auto message = decoder.next();
    EXPECT_FALSE(message.ok()) << hex;
  }
}

}  // namespace
}  // namespace shogo::contract
