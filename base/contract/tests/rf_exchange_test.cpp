#include <gtest/gtest.h>

#include <shogo/contract/rf_exchange.h>

namespace shogo::contract {
namespace {

TEST(RfExchange, given_bytes_one_by_one_when_complete_then_the_message_comes_out_whole) {
  const Bytes wire = encode_rf(RfKind::kBlock, 7, "0200A40000"_hex);
  Bytes buffer;
  for (std::size_t i = 0; i < wire.size(); ++i) {
    ASSERT_FALSE(take_rf(buffer).value().has_value());
    buffer.push_back(wire[i]);
  }
  const auto message = take_rf(buffer).value();
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->kind, RfKind::kBlock);
  EXPECT_EQ(message->number, 7);
  EXPECT_EQ(message->payload, "0200A40000"_hex);
  EXPECT_TRUE(buffer.empty());
}

TEST(RfExchange, refuses_unknown_kinds_and_impossible_lengths) {
  Bytes unknown = "000000029900"_hex;
  EXPECT_FALSE(take_rf(unknown).ok());
  Bytes zero = "00000000"_hex;
  EXPECT_FALSE(take_rf(zero).ok());
  Bytes headless = "0000000104"_hex;
  EXPECT_FALSE(take_rf(headless).ok());
  Bytes huge = "7FFFFFFF04"_hex;
  EXPECT_FALSE(take_rf(huge).ok());
}

TEST(Atqb, gives_the_atr_that_real_my_number_cards_show_on_contactless_readers) {
  const Atqb atqb{"01020304"_hex, "000005E0"_hex, "B381A1"_hex, 0};
  EXPECT_EQ(to_hex(atr_of(atqb)), "3B888001000005E0B381A1007F");
  EXPECT_EQ(parse_atqb(encode_atqb(atqb)).value().pupi, atqb.pupi);
  EXPECT_FALSE(parse_atqb("0102"_hex).ok());
}

TEST(Atqb, tells_frame_size_and_waiting_time_of_a_real_card) {
  const Atqb atqb{"01020304"_hex, "000005E0"_hex, "B381A1"_hex, 0};
  EXPECT_EQ(atqb.frame_size(), 256U);
  EXPECT_EQ(std::chrono::duration_cast<milliseconds>(atqb.frame_waiting_time()).count(), 309);  // FWI 10
  EXPECT_TRUE(atqb.speaks_blocks());
}

TEST(Attrib, selects_a_card_and_tells_the_readers_frame_size) {
  const auto attrib = parse_attrib(encode_attrib({"01020304"_hex, 5}));
  ASSERT_TRUE(attrib.ok());
  EXPECT_EQ(attrib->pupi, "01020304"_hex);
  EXPECT_EQ(attrib->frame_size_code, 5);
  EXPECT_FALSE(parse_attrib("01020304"_hex).ok());
}

}  // namespace
}  // namespace shogo::contract
