#include "../src/reader_command.h"

#include <gtest/gtest.h>

namespace shogo::reference {
namespace {

std::string answer(const Bytes& apdu) {
  const auto bytes = answer_reader_command(apdu, "11223344"_hex);
  return bytes ? to_hex(*bytes) : "for the card";
}

TEST(ReaderCommand, get_uid_reports_the_pupi) {
  EXPECT_EQ(answer("FFCA000000"_hex), "112233449000");
  EXPECT_EQ(answer("FFCA000004"_hex), "112233449000");
  EXPECT_EQ(answer("FFCA0000"_hex), "112233449000");
}

TEST(ReaderCommand, a_wrong_expected_length_is_told) {
  EXPECT_EQ(answer("FFCA000003"_hex), "6C04");
  EXPECT_EQ(answer("FFCA000005"_hex), "112233446282");
}

TEST(ReaderCommand, other_commands_of_the_class_end_at_the_reader) {
  EXPECT_EQ(answer("FFCA010000"_hex), "6A81");
  EXPECT_EQ(answer("FF82000006"_hex), "6D00");
  EXPECT_EQ(answer("FF"_hex), "6700");
  EXPECT_EQ(answer("FFCA00000011"_hex), "6700");
}

TEST(ReaderCommand, everything_else_is_for_the_card) {
  EXPECT_EQ(answer("00CA000000"_hex), "for the card");
  EXPECT_EQ(answer({}), "for the card");
}

}  // namespace
}  // namespace shogo::reference
