// The reader's rules of ISO/IEC 14443-4, 7.5.3, against a card that the test plays block by block.
#include "../src/block_link.h"

#include <deque>
#include <functional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/file.h>

namespace shogo::reference {
namespace {

using contract::RfBlock;
using contract::RfKind;
using Kind = contract::RfBlock::Kind;

const contract::Atqb kSmallCard{"11223344"_hex, "000005E0"_hex, "B301A1"_hex, 0};  // frames of 16 bytes

RfBlock piece(std::uint8_t number, ByteView bytes, bool more = false) {
  return {Kind::kInformation, number, more, Bytes(bytes.begin(), bytes.end())};
}
RfBlock ack(std::uint8_t number) {
  return {Kind::kAcknowledge, number, false, {}};
}
std::string words(const RfBlock& block) {
  const std::string number = block.number == 0 ? "0" : "1";
  switch (block.kind) {
    case Kind::kInformation:
      return "I" + number + (block.more ? "+" : "");
    case Kind::kAcknowledge:
      return "ACK" + number;
    case Kind::kNotUnderstood:
      return "NAK" + number;
    case Kind::kDeselect:
      return "DESELECT";
    case Kind::kWaitingTime:
      return "WTX";
  }
  return "?";
}

class BlockLinkTest : public ::testing::Test {
 protected:
  /// What the card does with the next block: answer, stay silent, garble, or be gone.
  struct Reaction {
    std::optional<RfBlock> block;
    bool garbled = false;
    bool gone = false;
  };

  void SetUp() override {
    folder_.emplace(TemporaryFolder::create("shogo-block-test").value());
    const std::string path = (folder_->path() / "rf").string();
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.get(), 1), 0);
    stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
    rf_ = std::make_unique<RfLink>(path, clock_, stop_.get());
    ASSERT_TRUE(rf_->connect().ok());
    card_ = UniqueFd(::accept(listener_.get(), nullptr, nullptr));
    link_ =
        std::make_unique<BlockLink>(*rf_, clock_, BlockLimits{milliseconds{100}, milliseconds{10'000}, 3});
    contract::Atqb quick = kSmallCard;
    quick.protocol_info[2] = 0x01;  // FWI 0: the floor of 100 ms counts
    link_->begin(quick);
    thread_ = std::thread([this] { serve(); });
  }
  void TearDown() override {
    rf_->close();
    thread_.join();
  }
  void serve() {
    Bytes buffer;
    std::uint8_t chunk[512];
    for (;;) {
      const ssize_t n = ::recv(card_.get(), chunk, sizeof chunk, 0);
      if (n <= 0) return;
      append(buffer, {chunk, static_cast<std::size_t>(n)});
      for (;;) {
        const auto message = contract::take_rf(buffer).value();
        if (!message) break;
        heard_ += (heard_.empty() ? "" : " ") + words(contract::parse_block(message->payload).value());
        if (script_.empty()) continue;
        const Reaction reaction = script_.front();
        script_.pop_front();
        Bytes wire;
        if (reaction.gone) wire = contract::encode_rf(RfKind::kNoCard, message->number);
        if (reaction.block) {
          Bytes block = contract::encode_block(*reaction.block);
          if (reaction.garbled) block[0] ^= 0x04;
          wire = contract::encode_rf(RfKind::kCardBlock, message->number, block);
        }
        if (!wire.empty()) ::send(card_.get(), wire.data(), wire.size(), MSG_NOSIGNAL);
      }
    }
  }
  void then(const RfBlock& block) { script_.push_back({block}); }
  void then_garbled(const RfBlock& block) { script_.push_back({block, true}); }
  void then_silence() { script_.push_back({}); }

  std::optional<TemporaryFolder> folder_;
  RealClock clock_;
  UniqueFd listener_, stop_, card_;
  std::unique_ptr<RfLink> rf_;
  std::unique_ptr<BlockLink> link_;
  std::deque<Reaction> script_;  // filled before the command; the card's thread only reads then
  std::string heard_;
  std::thread thread_;
};

TEST_F(BlockLinkTest, a_command_longer_than_the_cards_frame_goes_out_in_pieces) {
  then(ack(0));
  then(ack(1));
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit(Bytes(30, 0x11)).value(), "9000"_hex);
  EXPECT_EQ(heard_, "I0+ I1+ I0");
}

TEST_F(BlockLinkTest, a_chained_answer_is_acknowledged_and_joined) {
  then(piece(0, "1111"_hex, true));
  then(piece(1, "2222"_hex, true));
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00B00000"_hex).value(), "111122229000"_hex);
  EXPECT_EQ(heard_, "I0 ACK1 ACK0");
}

TEST_F(BlockLinkTest, block_numbers_go_on_from_one_command_to_the_next) {
  then(piece(0, "9000"_hex));
  then(piece(1, "6A82"_hex));
  EXPECT_TRUE(link_->transmit("00"_hex).ok());
  EXPECT_EQ(link_->transmit("00"_hex).value(), "6A82"_hex);
  EXPECT_EQ(heard_, "I0 I1");
}

TEST_F(BlockLinkTest, a_lost_command_is_sent_again_when_the_card_says_it_never_heard_it) {
  then_silence();
  then(ack(1));
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).value(), "9000"_hex);
  EXPECT_EQ(heard_, "I0 NAK0 I0");
}

TEST_F(BlockLinkTest, a_garbled_answer_is_asked_for_again_and_the_command_not_repeated) {
  then_garbled(piece(0, "9000"_hex));
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).value(), "9000"_hex);
  EXPECT_EQ(heard_, "I0 NAK0");
  EXPECT_EQ(link_->repetitions(), 1U);
}

TEST_F(BlockLinkTest, a_lost_piece_of_an_answer_is_asked_for_with_an_acknowledgement) {
  then(piece(0, "11"_hex, true));
  then_silence();
  then(piece(1, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).value(), "119000"_hex);
  EXPECT_EQ(heard_, "I0 ACK1 ACK1");
}

TEST_F(BlockLinkTest, an_old_block_is_no_answer) {
  then(piece(1, "DEAD"_hex));
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).value(), "9000"_hex);
  EXPECT_EQ(heard_, "I0 NAK0");
}

TEST_F(BlockLinkTest, a_card_that_asks_for_time_gets_it) {
  then({Kind::kWaitingTime, 0, false, {2}});
  then({Kind::kWaitingTime, 0, false, {2}});
  then(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).value(), "9000"_hex);
  EXPECT_EQ(heard_, "I0 WTX WTX");
}

TEST_F(BlockLinkTest, a_card_that_asks_for_time_without_end_is_mute) {
  link_ = std::make_unique<BlockLink>(*rf_, clock_, BlockLimits{milliseconds{20}, milliseconds{50}, 3});
  link_->begin(kSmallCard);
  for (int i = 0; i < 100'000; ++i) then({Kind::kWaitingTime, 0, false, {1}});
  EXPECT_EQ(link_->transmit("00"_hex).error().code(), Code::kTimeout);
}

TEST_F(BlockLinkTest, a_silent_card_is_mute_after_three_repetitions) {
  EXPECT_EQ(link_->transmit("00"_hex).error().code(), Code::kTimeout);
  EXPECT_EQ(heard_, "I0 NAK0 NAK0 NAK0");
}

TEST_F(BlockLinkTest, a_card_that_answers_noise_is_unintelligible_after_three_repetitions) {
  for (int i = 0; i < 4; ++i) then_garbled(piece(0, "9000"_hex));
  EXPECT_EQ(link_->transmit("00"_hex).error().code(), Code::kCorrupt);
}

TEST_F(BlockLinkTest, a_card_that_acknowledges_for_ever_is_unintelligible) {
  for (int i = 0; i < 100; ++i) then(ack(1));
  EXPECT_EQ(link_->transmit("00"_hex).error().code(), Code::kCorrupt);
}

TEST_F(BlockLinkTest, a_card_that_left_is_known_at_once) {
  script_.push_back({std::nullopt, false, true});
  script_.push_back({std::nullopt, false, true});
  EXPECT_EQ(link_->transmit("00"_hex).error().code(), Code::kNotFound);
  EXPECT_FALSE(link_->card_is_there());
}

TEST_F(BlockLinkTest, a_card_is_there_as_long_as_it_answers_anything) {
  then(ack(1));
  EXPECT_TRUE(link_->card_is_there());
  then_silence();
  then(ack(1));
  EXPECT_TRUE(link_->card_is_there()) << "one lost question takes no card away";
}

}  // namespace
}  // namespace shogo::reference
