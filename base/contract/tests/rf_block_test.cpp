#include <gtest/gtest.h>

#include <shogo/contract/rf_block.h>

namespace shogo::contract {
namespace {

TEST(RfBlock, crc_b_is_that_of_the_standards_examples) {
  // ISO/IEC 14443-3, annex B.3.
  EXPECT_EQ(crc_b("000000"_hex), 0xC6CC);
  EXPECT_EQ(crc_b("0FAAFF"_hex), 0xD1FC);
}

TEST(RfBlock, every_kind_comes_back_as_it_was) {
  using Kind = RfBlock::Kind;
  const RfBlock kBlocks[] = {{Kind::kInformation, 0, false, "00A40000"_hex},
                             {Kind::kInformation, 1, true, Bytes(253, 0x5A)},
                             {Kind::kInformation, 1, false, {}},
                             {Kind::kAcknowledge, 1, false, {}},
                             {Kind::kNotUnderstood, 0, false, {}},
                             {Kind::kDeselect, 0, false, {}},
                             {Kind::kWaitingTime, 0, false, {59}}};
  for (const RfBlock& block : kBlocks) {
    const auto back = parse_block(encode_block(block));
    ASSERT_TRUE(back.ok()) << back.error().describe();
    EXPECT_EQ(back->kind, block.kind);
    EXPECT_EQ(back->number, block.number);
    EXPECT_EQ(back->more, block.more);
    EXPECT_EQ(back->information, block.information);
  }
}

TEST(RfBlock, a_flipped_bit_anywhere_is_noticed) {
  const Bytes good = encode_block({RfBlock::Kind::kInformation, 1, false, "0020008004"_hex});
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(parse_block(bad).ok()) << "bit " << bit;
  }
}

Result<RfBlock> with_crc(Bytes body) {
  const std::uint16_t crc = crc_b(body);
  body.push_back(static_cast<std::uint8_t>(crc));
  body.push_back(static_cast<std::uint8_t>(crc >> 8));
  return parse_block(body);
}

TEST(RfBlock, a_true_crc_does_not_make_a_block_of_anything) {
  EXPECT_FALSE(parse_block({}).ok());
  EXPECT_FALSE(parse_block("C2"_hex).ok());
  EXPECT_FALSE(with_crc("A200"_hex).ok()) << "R-blocks carry nothing";
  EXPECT_FALSE(with_crc("C200"_hex).ok()) << "nor does S(DESELECT)";
  EXPECT_FALSE(with_crc("0A00"_hex).ok()) << "CID follows: nobody asked for one";
  EXPECT_FALSE(with_crc("0600"_hex).ok()) << "NAD follows";
  EXPECT_FALSE(with_crc("FF"_hex).ok());
  EXPECT_FALSE(with_crc("F2"_hex).ok()) << "a waiting time without its multiplier";
}

TEST(RfBlock, a_card_may_ask_for_1_to_59_waiting_times) {
  EXPECT_FALSE(with_crc("F200"_hex).ok());
  EXPECT_TRUE(with_crc("F201"_hex).ok());
  EXPECT_TRUE(with_crc("F23B"_hex).ok());
  EXPECT_FALSE(with_crc("F23C"_hex).ok());
  EXPECT_EQ(with_crc("F2C1"_hex).value().information, "01"_hex) << "the power level is no part of it";
}

TEST(RfBlock, frame_sizes_are_those_of_the_table) {
  EXPECT_EQ(frame_size_of(0), 16U);
  EXPECT_EQ(frame_size_of(7), 128U);
  EXPECT_EQ(frame_size_of(8), 256U);
  EXPECT_EQ(frame_size_of(15), 256U);
}

}  // namespace
}  // namespace shogo::contract
