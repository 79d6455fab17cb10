#include "../src/command_apdu.h"

#include <gtest/gtest.h>

namespace shogo::sim {
namespace {

std::string shape(std::string_view hex) {
  const Bytes bytes = from_hex(hex).value();
  const auto apdu = parse_command(bytes);
  if (!apdu) return "malformed";
  return std::to_string(apdu->body.size()) + "/" + std::to_string(apdu->ne) + (apdu->extended ? "x" : "");
}

TEST(CommandApdu, the_seven_forms_of_7816_4_are_told_apart) {
  EXPECT_EQ(shape("00840000"), "0/0");
  EXPECT_EQ(shape("0084000008"), "0/8");
  EXPECT_EQ(shape("0084000000"), "0/256");
  EXPECT_EQ(shape("00A4020C020011"), "2/0");
  EXPECT_EQ(shape("00A4020C02001100"), "2/256");
  EXPECT_EQ(shape("00B00000000100"), "0/256x");
  EXPECT_EQ(shape("00B00000000000"), "0/65536x");
  EXPECT_EQ(shape("00A4020C0000020011"), "2/0x");
  EXPECT_EQ(shape("00A4020C00000200110100"), "2/256x");
}

TEST(CommandApdu, a_short_lc_with_a_two_byte_le_is_tolerated) {
  EXPECT_EQ(shape("802A008002AABB0100"), "2/256");
}

TEST(CommandApdu, contradicting_lengths_are_malformed) {
  EXPECT_EQ(shape(""), "malformed");
  EXPECT_EQ(shape("00A402"), "malformed");
  EXPECT_EQ(shape("00A4020C0300"), "malformed");
  EXPECT_EQ(shape("00A4020C0200110000FF"), "malformed");
  EXPECT_EQ(shape("00A4020C0000"), "malformed");
  EXPECT_EQ(shape("00A4020C00000000"), "malformed");
  EXPECT_EQ(shape("00A4020C000002001101"), "malformed");
}

}  // namespace
}  // namespace shogo::sim
