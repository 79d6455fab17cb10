#include <cstring>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/file.h>
#include <shogo/contract/rf_block.h>
#include <shogo/sim/antenna.h>

namespace shogo::sim {
namespace {

using contract::RfKind;

/// Answers with the command and 9000, and counts how often it lost power.
class EchoCard : public RfCard {
 public:
  [[nodiscard]] contract::Atqb atqb() const override {
    return {"01020304"_hex, "000005E0"_hex, "B381A1"_hex, 0};
  }
  Bytes transmit(ByteView command) override {
    Bytes answer(command.begin(), command.end());
    append(answer, "9000"_hex);
    return answer;
  }
  void power_off() override { ++power_losses; }
  int power_losses = 0;
};

class AntennaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.emplace(TemporaryFolder::create("shogo-antenna-test").value());
    antenna_ = Antenna::open(folder_->path() / "rf").value();
    connect();
  }
  void TearDown() override { ::close(fd_); }
  void connect() {
    if (fd_ >= 0) ::close(fd_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, antenna_->socket().c_str(), sizeof address.sun_path - 1);
    fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  void send(RfKind kind, ByteView payload = {}) {
    const Bytes wire = contract::encode_rf(kind, ++number_, payload);
    ASSERT_EQ(::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL), static_cast<ssize_t>(wire.size()));
  }
  contract::RfMessage ask(RfKind kind, ByteView payload = {}) {
    send(kind, payload);
    Bytes buffer;
    for (;;) {
      auto message = contract::take_rf(buffer).value();
      if (message) {
        EXPECT_EQ(message->number, number_) << "a reply repeats its request's number";
        return *message;
      }
      std::uint8_t byte = 0;
      if (::recv(fd_, &byte, 1, 0) != 1) {
        ADD_FAILURE() << "the antenna hung up";
        return {};
      }
      buffer.push_back(byte);
    }
  }
  void activate(const RfCard& card) {
    EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kAtqb);
    EXPECT_EQ(ask(RfKind::kAttrib, contract::encode_attrib({card.atqb().pupi})).kind, RfKind::kAck);
    block_number_ = 0;
  }
  static Bytes block_of(ByteView apdu, std::uint8_t number) {
    return contract::encode_block(
        {contract::RfBlock::Kind::kInformation, number, false, Bytes(apdu.begin(), apdu.end())});
  }
  /// One APDU that fits a block; the answer's information.
  Bytes apdu(ByteView command) {
    const auto reply = ask(RfKind::kBlock, block_of(command, block_number_));
    block_number_ ^= 1;
    if (reply.kind != RfKind::kCardBlock) return {};
    return contract::parse_block(reply.payload).value().information;
  }
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<Antenna> antenna_;
  EchoCard card_;
  int fd_ = -1;
  std::uint8_t number_ = 0;
  std::uint8_t block_number_ = 0;
};

TEST_F(AntennaTest, an_empty_antenna_says_no_card_to_everything_but_field_off) {
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kAttrib, contract::encode_attrib({"01020304"_hex})).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kBlock, block_of("00840000"_hex, 0)).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kFieldOff).kind, RfKind::kAck);
}

TEST_F(AntennaTest, a_card_answers_until_it_is_removed) {
  antenna_->place(card_);
  EXPECT_EQ(contract::parse_atqb(ask(RfKind::kRequestB).payload)->pupi, "01020304"_hex);
  activate(card_);
  EXPECT_EQ(apdu("00840000"_hex), "008400009000"_hex);
  antenna_->remove();
  EXPECT_EQ(ask(RfKind::kBlock, block_of("00840000"_hex, 1)).kind, RfKind::kNoCard);
}

TEST_F(AntennaTest, a_card_that_nobody_selected_takes_no_blocks) {
  antenna_->place(card_);
  EXPECT_EQ(ask(RfKind::kBlock, block_of("00840000"_hex, 0)).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kAttrib, contract::encode_attrib({"0A0B0C0D"_hex})).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kAttrib, "01020304"_hex).kind, RfKind::kNoCard) << "half an ATTRIB";
}

TEST_F(AntennaTest, an_active_card_does_not_answer_when_others_are_called) {
  antenna_->place(card_);
  activate(card_);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kNoCard);
}

TEST_F(AntennaTest, two_cards_called_at_once_collide_and_beside_an_active_one_the_other_answers) {
  EchoCard other;
  antenna_->place_together(card_, other);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kCollision);
  antenna_->remove();
  antenna_->place(card_);
  activate(card_);
  antenna_->add(other);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kAtqb);
}

TEST_F(AntennaTest, a_card_of_another_kind_lies_there_unheard_and_hinders_no_other) {
  class FelicaCard final : public EchoCard {
   public:
    [[nodiscard]] bool is_type_b() const override { return false; }
  } other;
  antenna_->place(other);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kNoCard);
  antenna_->place_together(card_, other);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kAtqb);
}

TEST_F(AntennaTest, losing_the_field_takes_the_cards_power) {
  antenna_->place(card_);
  activate(card_);
  const int before = card_.power_losses;
  (void)ask(RfKind::kFieldOff);
  EXPECT_EQ(card_.power_losses, before + 1);
  EXPECT_EQ(ask(RfKind::kBlock, block_of("00840000"_hex, 0)).kind, RfKind::kNoCard);
}

TEST_F(AntennaTest, a_garbled_card_answers_what_no_command_explains) {
  antenna_->place(card_, RfFault::kGarbage);
  activate(card_);
  EXPECT_NE(apdu("00840000"_hex), "008400009000"_hex);
}

TEST_F(AntennaTest, a_leaving_card_is_gone_at_the_third_command) {
  antenna_->place(card_, RfFault::kLeavesMidApdu);
  activate(card_);
  EXPECT_FALSE(apdu("00840000"_hex).empty());
  EXPECT_FALSE(apdu("00840000"_hex).empty());
  EXPECT_EQ(ask(RfKind::kBlock, block_of("00840000"_hex, 0)).kind, RfKind::kNoCard);
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kNoCard);
}

TEST_F(AntennaTest, a_mute_card_is_found_but_never_answers_a_command) {
  antenna_->place(card_, RfFault::kMute);
  activate(card_);
  const auto there = contract::encode_block({contract::RfBlock::Kind::kNotUnderstood, 0, false, {}});
  EXPECT_EQ(ask(RfKind::kBlock, there).kind, RfKind::kCardBlock);
  send(RfKind::kBlock, block_of("00840000"_hex, 0));
  EXPECT_EQ(ask(RfKind::kFieldOff).kind, RfKind::kAck) << "the next reply belongs to the next request";
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kAtqb) << "without power it forgets that it hung";
}

TEST_F(AntennaTest, every_fifth_block_is_lost_or_garbled_when_the_air_is_bad) {
  antenna_->place(card_, RfFault::kGarblesBlocks);
  activate(card_);
  EXPECT_FALSE(apdu("00840000"_hex).empty());         // blocks 1 and 2
  EXPECT_FALSE(apdu("00840000"_hex).empty());         // 3 and 4
  send(RfKind::kBlock, block_of("00840000"_hex, 0));  // 5 reaches the card garbled: no answer
  const auto again = contract::encode_block({contract::RfBlock::Kind::kNotUnderstood, 0, false, {}});
  EXPECT_EQ(ask(RfKind::kBlock, again).kind, RfKind::kCardBlock);
}

TEST_F(AntennaTest, a_peer_that_breaks_the_rules_is_hung_up_on_and_the_next_one_served) {
  antenna_->place(card_);
  const Bytes noise = "FFFFFFFFFF"_hex;
  ASSERT_EQ(::send(fd_, noise.data(), noise.size(), MSG_NOSIGNAL), 5);
  std::uint8_t byte = 0;
  EXPECT_EQ(::recv(fd_, &byte, 1, 0), 0);
  connect();
  EXPECT_EQ(ask(RfKind::kRequestB).kind, RfKind::kAtqb);
}

TEST(Antenna, a_path_too_long_for_a_socket_is_an_error) {
  EXPECT_FALSE(Antenna::open("/tmp/" + std::string(200, 'x')).ok());
}

}  // namespace
}  // namespace shogo::sim
