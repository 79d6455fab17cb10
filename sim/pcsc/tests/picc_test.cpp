// The card's rules of ISO/IEC 14443-4, 7.5.4, block by block.
#include "../src/picc.h"

#include <gtest/gtest.h>

namespace shogo::sim {
namespace {

using contract::RfBlock;
using Kind = contract::RfBlock::Kind;

class PiccTest : public ::testing::Test {
 protected:
  void SetUp() override { picc_.activate(16); }
  std::optional<RfBlock> ask(const RfBlock& block) {
    const auto reply = picc_.answer(contract::encode_block(block));
    if (!reply) return std::nullopt;
    return contract::parse_block(*reply).value();
  }
  Bytes heard_;
  std::optional<Bytes> response_ = "9000"_hex;
  int commands_ = 0;
  Picc picc_{[this](ByteView apdu) {
    heard_.assign(apdu.begin(), apdu.end());
    ++commands_;
    return response_;
  }};
};

TEST_F(PiccTest, a_command_in_one_block_gets_its_answer_in_one_block) {
  const auto reply = ask({Kind::kInformation, 0, false, "00840000"_hex});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->kind, Kind::kInformation);
  EXPECT_EQ(reply->number, 0);
  EXPECT_FALSE(reply->more);
  EXPECT_EQ(reply->information, "9000"_hex);
}

TEST_F(PiccTest, a_chained_command_is_acknowledged_piece_by_piece_and_heard_whole) {
  EXPECT_EQ(ask({Kind::kInformation, 0, true, "00A404"_hex})->kind, Kind::kAcknowledge);
  EXPECT_EQ(ask({Kind::kInformation, 1, true, "000A"_hex})->number, 1);
  EXPECT_EQ(ask({Kind::kInformation, 0, false, "D392"_hex})->information, "9000"_hex);
  EXPECT_EQ(heard_, "00A404000AD392"_hex);
}

TEST_F(PiccTest, a_long_answer_comes_in_pieces_that_fit_the_readers_frame) {
  response_ = Bytes(30, 0x5A);
  Bytes got;
  auto reply = ask({Kind::kInformation, 0, false, "00B00000"_hex});
  std::uint8_t number = 0;
  for (;;) {
    ASSERT_TRUE(reply);
    EXPECT_LE(reply->information.size() + contract::kBlockOverhead, 16U);
    EXPECT_EQ(reply->number, number);
    append(got, reply->information);
    if (!reply->more) break;
    number ^= 1;
    reply = ask({Kind::kAcknowledge, number, false, {}});
  }
  EXPECT_EQ(got, *response_);
}

TEST_F(PiccTest, an_answer_that_was_lost_is_sent_again_and_the_command_runs_once) {
  (void)ask({Kind::kInformation, 0, false, "00200080"_hex});
  const auto again = ask({Kind::kNotUnderstood, 0, false, {}});
  EXPECT_EQ(again->information, "9000"_hex);
  EXPECT_EQ(commands_, 1) << "a VERIFY that runs twice costs two tries";
}

TEST_F(PiccTest, a_command_that_was_lost_is_asked_for) {
  const auto reply = ask({Kind::kNotUnderstood, 0, false, {}});
  EXPECT_EQ(reply->kind, Kind::kAcknowledge);
  EXPECT_EQ(reply->number, 1) << "another number than the reader's: send it again";
  EXPECT_EQ(commands_, 0);
}

TEST_F(PiccTest, an_erroneous_block_gets_no_answer) {
  Bytes block = contract::encode_block({Kind::kInformation, 0, false, "00840000"_hex});
  block[1] ^= 1;
  EXPECT_FALSE(picc_.answer(block));
  EXPECT_EQ(commands_, 0);
}

TEST_F(PiccTest, a_card_that_needs_time_asks_before_it_answers) {
  picc_.ask_for_time(2, 7);
  auto reply = ask({Kind::kInformation, 0, false, "00840000"_hex});
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(reply->kind, Kind::kWaitingTime);
    EXPECT_EQ(reply->information, "07"_hex);
    EXPECT_EQ(commands_, 0);
    reply = ask(*reply);
  }
  EXPECT_EQ(reply->information, "9000"_hex);
}

TEST_F(PiccTest, a_card_that_fell_silent_stays_so_until_it_loses_power) {
  response_.reset();
  EXPECT_FALSE(ask({Kind::kInformation, 0, false, "00840000"_hex}));
  EXPECT_FALSE(ask({Kind::kNotUnderstood, 0, false, {}}));
  picc_.power_off();
  picc_.activate(256);
  EXPECT_TRUE(ask({Kind::kNotUnderstood, 0, false, {}}));
}

TEST_F(PiccTest, a_deselected_card_answers_no_more_blocks) {
  EXPECT_EQ(ask({Kind::kDeselect, 0, false, {}})->kind, Kind::kDeselect);
  EXPECT_FALSE(picc_.active());
  EXPECT_FALSE(ask({Kind::kNotUnderstood, 0, false, {}}));
}

}  // namespace
}  // namespace shogo::sim
