#include <gtest/gtest.h>

#include <shogo/base/bytes.h>

namespace shogo {
namespace {

TEST(Hex, round_trips_every_byte) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::uint8_t>(i));
  EXPECT_EQ(from_hex(to_hex(all)).value(), all);
}

TEST(Hex, takes_blanks_between_bytes_but_not_inside_them) {
  EXPECT_EQ(from_hex("00 a4 04 0C").value(), (Bytes{0x00, 0xA4, 0x04, 0x0C}));
  EXPECT_FALSE(from_hex("0 0").ok());
  EXPECT_FALSE(from_hex("123").ok());
  EXPECT_FALSE(from_hex("0g").ok());
}

TEST(Base64, round_trips_all_small_sizes_and_refuses_rubbish) {
  for (std::size_t n = 0; n < 50; ++n) {
    Bytes bytes(n);
    for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + n);
    EXPECT_EQ(from_base64(to_base64(bytes)).value(), bytes);
  }
  EXPECT_FALSE(from_base64("abc").ok());
  EXPECT_FALSE(from_base64("ab*=").ok());
  for (const char* wrong : {"A=A=", "=AAA", "AA=A", "\nAAA", "AAA ", "===="})
    EXPECT_FALSE(from_base64(wrong).ok()) << wrong;
}

TEST(Sha256, agrees_with_the_example_of_fips_180_4) {
  EXPECT_EQ(sha256_hex(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(BigEndian, appends_and_reads) {
  Bytes out;
  append_be16(out, 0x0102);
  append_be32(out, 0x03040506);
  EXPECT_EQ(out, "010203040506"_hex);
  EXPECT_EQ(read_be(out), 0x010203040506U);
}

}  // namespace
}  // namespace shogo
