#include <gtest/gtest.h>

#include <shogo/base/rng.h>
#include <shogo/base/tlv.h>

namespace shogo {
namespace {

TEST(Tlv, given_two_byte_tag_and_long_length_when_parsed_then_value_is_whole) {
  const Bytes value(300, 0xAB);
  const Bytes encoded = make_tlv(0xDF27, value);
  EXPECT_EQ(to_hex(ByteView(encoded).first(5)), "DF2782012C");
  std::size_t used = 0;
  const Tlv tlv = parse_tlv(encoded, used).value();
  EXPECT_EQ(tlv.tag, 0xDF27U);
  EXPECT_EQ(tlv.value, value);
  EXPECT_EQ(used, encoded.size());
}

TEST(Tlv, every_length_around_the_encoding_boundaries_round_trips) {
  for (const std::size_t n : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Bytes value(n, 1);
    std::size_t used = 0;
    EXPECT_EQ(parse_tlv(make_tlv(0x30, value), used).value().value.size(), n);
  }
}

TEST(Tlv, forced_long_length_is_kept) {
  EXPECT_EQ(to_hex(make_tlv(0xFF20, "01"_hex, 2)), "FF2082000101");
}

TEST(Tlv, every_truncation_is_refused) {
  const Bytes encoded = make_tlv(0xFF20, make_tlv(0xDF22, Bytes(200, 7)));
  for (std::size_t n = 0; n < encoded.size(); ++n) {
    std::size_t used = 0;
    EXPECT_FALSE(parse_tlv(ByteView(encoded).first(n), used).ok()) << n;
  }
}

TEST(Tlv, list_skips_filler_at_the_end_of_a_file) {
  Bytes file = make_tlv(0xDF21, "01"_hex);
  append(file, "FFFFFF"_hex);
  const auto list = parse_tlv_list(file).value();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_NE(find_tlv(list, 0xDF21), nullptr);
  EXPECT_EQ(find_tlv(list, 0xDF22), nullptr);
}

TEST(Tlv, refuses_indefinite_and_oversized_lengths) {
  std::size_t used = 0;
  EXPECT_FALSE(parse_tlv("3080"_hex, used).ok());
  EXPECT_FALSE(parse_tlv("30850000000001"_hex, used).ok());
  EXPECT_FALSE(parse_tlv("3F81818101"_hex, used).ok());
}

}  // namespace
}  // namespace shogo
