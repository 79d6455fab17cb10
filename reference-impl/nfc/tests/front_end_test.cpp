// The front end between an antenna and a driver that the test plays by hand, so that every step is in order
// and nothing depends on time but the waits under test.
#include "../src/front_end.h"

#include <poll.h>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/file.h>

namespace shogo::reference {
namespace {

using contract::RfBlock;
using contract::RfKind;
using contract::RfMessage;

constexpr int kLongTime_ms = 10'000;  // "must happen"

bool readable(int fd) {
  pollfd p{fd, POLLIN, 0};
  return ::poll(&p, 1, kLongTime_ms) == 1;
}

Bytes read_exactly(int fd, std::size_t n) {
  Bytes bytes(n);
  std::size_t got = 0;
  while (got < n && readable(fd)) {
    const ssize_t r = ::recv(fd, bytes.data() + got, n - got, 0);
    if (r <= 0) break;
    got += static_cast<std::size_t>(r);
  }
  bytes.resize(got);
  return bytes;
}

const contract::Atqb kCard{"11223344"_hex, "000005E0"_hex, "B381A1"_hex, 0};
const contract::Atqb kOtherCard{"55667788"_hex, "000005E0"_hex, "B381A1"_hex, 0};

class FrontEndTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto folder = TemporaryFolder::create("shogo-nfc-test");
    ASSERT_TRUE(folder.ok());
    folder_.emplace(std::move(folder).value());
    options_.rf_socket = folder_->path() / "rf";
    antenna_listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un path{};
    path.sun_family = AF_UNIX;
    options_.rf_socket.string().copy(path.sun_path, sizeof path.sun_path - 1);
    ASSERT_EQ(::bind(antenna_listener_.get(), reinterpret_cast<sockaddr*>(&path), sizeof path), 0);
    ASSERT_EQ(::listen(antenna_listener_.get(), 4), 0);
    slot_listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(slot_listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(slot_listener_.get(), 4), 0);
    socklen_t size = sizeof address;
    ::getsockname(slot_listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    options_.vpcd_port = ntohs(address.sin_port);
    options_.polling_interval = milliseconds{5};
    options_.blocks = {milliseconds{150}, milliseconds{kLongTime_ms}, 2};
    options_.request_waiting_time = milliseconds{kLongTime_ms};
    options_.empty_slot_time = milliseconds{5};
    stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  }
  void TearDown() override {
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(stop_.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
    if (thread_.joinable()) thread_.join();
  }
  void start() {
    thread_ = std::thread([this] { FrontEnd(options_, clock_, log_, stop_.get()).run(); });
  }

  void accept_antenna() {
    ASSERT_TRUE(readable(antenna_listener_.get())) << "the front end did not come to the antenna";
    antenna_ = UniqueFd(::accept(antenna_listener_.get(), nullptr, nullptr));
    requests_.clear();
  }
  void accept_slot() {
    ASSERT_TRUE(readable(slot_listener_.get())) << "the card was not presented";
    slot_ = UniqueFd(::accept(slot_listener_.get(), nullptr, nullptr));
  }
  RfMessage request() {
    for (;;) {
      auto message = contract::take_rf(requests_);
      if (message.ok() && message->has_value()) {
        number_ = (*message)->number;
        return **message;
      }
      const Bytes more = read_exactly(antenna_.get(), 1);
      if (more.empty()) {
        ADD_FAILURE() << "no request at the antenna";
        return {};
      }
      append(requests_, more);
    }
  }
  void reply(RfKind kind, ByteView payload = {}) {
    const Bytes wire = contract::encode_rf(kind, number_, payload);
    ASSERT_EQ(::send(antenna_.get(), wire.data(), wire.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(wire.size()));
  }
  void reply(const RfBlock& block) { reply(RfKind::kCardBlock, contract::encode_block(block)); }
  /// Answers like a card that lies there until a request comes that `wanted` accepts.
  RfMessage request_that(const std::function<bool(const RfMessage&)>& wanted) {
    for (;;) {
      RfMessage message = request();
      if (wanted(message) || HasFailure()) return message;
      if (message.kind == RfKind::kRequestB)
        reply(RfKind::kAtqb, contract::encode_atqb(kCard));
      else if (message.kind == RfKind::kBlock)
        reply(RfBlock{RfBlock::Kind::kAcknowledge, 1, false, {}});
      else
        reply(RfKind::kAck);
    }
  }
  static bool is_question(const RfMessage& message) {
    const auto block = contract::parse_block(message.payload);
    return message.kind == RfKind::kBlock && block.ok() && block->kind == RfBlock::Kind::kNotUnderstood;
  }
  RfBlock command() {
    const RfMessage message = request_that([](const RfMessage& m) {
      const auto block = contract::parse_block(m.payload);
      return m.kind == RfKind::kBlock && block.ok() && block->kind == RfBlock::Kind::kInformation;
    });
    return contract::parse_block(message.payload).value();
  }
  void answer(const RfBlock& asked, ByteView apdu) {
    reply(RfBlock{RfBlock::Kind::kInformation, asked.number, false, Bytes(apdu.begin(), apdu.end())});
  }
  void lay_card_down() {
    accept_antenna();
    ASSERT_EQ(request().kind, RfKind::kRequestB);
    activate_card();
    accept_slot();
  }
  void activate_card() {
    reply(RfKind::kAtqb, contract::encode_atqb(kCard));
    const RfMessage attrib = request();
    ASSERT_EQ(attrib.kind, RfKind::kAttrib);
    ASSERT_EQ(contract::parse_attrib(attrib.payload).value().pupi, kCard.pupi);
    reply(RfKind::kAck, "00"_hex);
  }
  void send_frame(ByteView payload) {
    Bytes wire;
    append_be16(wire, static_cast<std::uint16_t>(payload.size()));
    append(wire, payload);
    ASSERT_EQ(::send(slot_.get(), wire.data(), wire.size(), MSG_NOSIGNAL), static_cast<ssize_t>(wire.size()));
  }
  Bytes frame() {
    const Bytes size = read_exactly(slot_.get(), 2);
    if (size.size() < 2) return {};
    return read_exactly(slot_.get(), static_cast<std::size_t>(read_be(size)));
  }
  bool slot_is_freed() { return readable(slot_.get()) && read_exactly(slot_.get(), 1).empty(); }

  std::optional<TemporaryFolder> folder_;
  FrontEndOptions options_;
  UniqueFd antenna_listener_, slot_listener_, stop_, antenna_, slot_;
  Bytes requests_;
  std::uint8_t number_ = 0;
  RealClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "nfc"};
  std::thread thread_;
};

TEST_F(FrontEndTest, a_card_is_activated_and_presented_with_the_atr_of_its_atqb) {
  start();
  lay_card_down();
  send_frame("04"_hex);
  EXPECT_EQ(to_hex(frame()), "3B888001000005E0B381A1007F");
  send_frame("00840000"_hex);
  const RfBlock block = command();
  EXPECT_EQ(block.information, "00840000"_hex);
  answer(block, "9000"_hex);
  EXPECT_EQ(to_hex(frame()), "9000");
}

TEST_F(FrontEndTest, without_a_card_nothing_is_presented) {
  start();
  accept_antenna();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(request().kind, RfKind::kRequestB);
    reply(RfKind::kNoCard);
  }
  pollfd p{slot_listener_.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&p, 1, 0), 0);
}

TEST_F(FrontEndTest, of_two_cards_laid_down_together_none_is_taken_and_the_log_says_why_once) {
  start();
  accept_antenna();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(request().kind, RfKind::kRequestB);
    reply(RfKind::kCollision);
  }
  ASSERT_EQ(request().kind, RfKind::kRequestB);
  pollfd p{slot_listener_.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&p, 1, 0), 0);
  int told = 0;
  for (const std::string& line : sink_.lines()) told += line.find("several_cards") != std::string::npos;
  EXPECT_EQ(told, 1);
  activate_card();  // one was taken away
  accept_slot();
}

TEST_F(FrontEndTest, a_card_that_speaks_no_blocks_is_not_presented) {
  contract::Atqb card = kCard;
  card.protocol_info = "B380A1"_hex;
  start();
  accept_antenna();
  ASSERT_EQ(request().kind, RfKind::kRequestB);
  reply(RfKind::kAtqb, contract::encode_atqb(card));
  EXPECT_EQ(request().kind, RfKind::kRequestB) << "not ATTRIB";
}

TEST_F(FrontEndTest, a_card_that_leaves_frees_the_slot) {
  start();
  lay_card_down();
  (void)request_that(is_question);
  reply(RfKind::kNoCard);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, a_driver_that_never_stops_asking_hides_no_removal) {
  start();
  lay_card_down();
  // A question is under way before the last one is answered, so the slot is never silent.
  std::atomic<bool> stop{false};
  std::thread driver([&] {
    while (!stop) {
      const Bytes ask = "000104"_hex;
      if (::send(slot_.get(), ask.data(), ask.size(), MSG_NOSIGNAL) < 0) return;
      std::this_thread::yield();
    }
  });
  (void)request_that(is_question);
  reply(RfKind::kNoCard);
  EXPECT_EQ(request().kind, RfKind::kFieldOff) << "the card has been given up";
  reply(RfKind::kAck);
  stop = true;
  driver.join();
}

TEST_F(FrontEndTest, a_card_that_leaves_in_the_middle_of_a_command_frees_the_slot) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)command();
  reply(RfKind::kNoCard);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, a_mute_card_is_asked_again_before_the_slot_is_freed_and_called_anew_afterwards) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)command();
  for (int i = 0; i < options_.blocks.attempts; ++i) EXPECT_TRUE(is_question(request()));
  EXPECT_TRUE(slot_is_freed());
  ASSERT_EQ(request().kind, RfKind::kFieldOff);
  reply(RfKind::kAck);
  ASSERT_EQ(request().kind, RfKind::kRequestB);
  activate_card();
  accept_slot();
}

TEST_F(FrontEndTest, a_late_reply_is_not_taken_for_the_next_one) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  const RfBlock asked = command();
  const std::uint8_t late = number_;
  EXPECT_TRUE(is_question(request()));
  const std::uint8_t current = std::exchange(number_, late);
  answer(asked, "6F00"_hex);
  number_ = current;
  answer(asked, "9000"_hex);
  EXPECT_EQ(to_hex(frame()), "9000");
}

TEST_F(FrontEndTest, an_answer_shorter_than_a_status_word_never_reaches_the_driver) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  answer(command(), "90"_hex);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, noise_on_the_antenna_frees_the_slot) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)command();
  const Bytes noise = "FFFFFFFFFFFF"_hex;
  ASSERT_EQ(::send(antenna_.get(), noise.data(), noise.size(), MSG_NOSIGNAL), 6);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, a_lost_antenna_frees_the_slot_and_is_tried_again) {
  start();
  lay_card_down();
  antenna_.reset();
  EXPECT_TRUE(slot_is_freed());
  lay_card_down();
}

TEST_F(FrontEndTest, a_reset_takes_the_field_away_and_activates_the_card_again) {
  start();
  lay_card_down();
  send_frame("02"_hex);
  (void)request_that([](const RfMessage& m) { return m.kind == RfKind::kFieldOff; });
  reply(RfKind::kAck);
  EXPECT_EQ(request().kind, RfKind::kRequestB);
  activate_card();
}

TEST_F(FrontEndTest, another_card_after_a_reset_is_a_removal_and_a_new_arrival) {
  start();
  lay_card_down();
  send_frame("02"_hex);
  (void)request_that([](const RfMessage& m) { return m.kind == RfKind::kFieldOff; });
  reply(RfKind::kAck);
  EXPECT_EQ(request().kind, RfKind::kRequestB);
  reply(RfKind::kAtqb, contract::encode_atqb(kOtherCard));
  EXPECT_EQ(request().kind, RfKind::kAttrib);
  reply(RfKind::kAck, "00"_hex);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, get_uid_is_answered_without_the_card) {
  start();
  lay_card_down();
  send_frame("FFCA000000"_hex);
  EXPECT_EQ(to_hex(frame()), "112233449000");
}

TEST_F(FrontEndTest, the_log_holds_no_command_and_no_uid) {
  start();
  lay_card_down();
  send_frame("0020008004313233349000"_hex);
  answer(command(), "63C2"_hex);
  (void)frame();
  ASSERT_FALSE(sink_.lines().empty());
  for (const std::string& line : sink_.lines()) {
    EXPECT_EQ(line.find("31323334"), std::string::npos);
    EXPECT_EQ(line.find("11223344"), std::string::npos);
  }
}

}  // namespace
}  // namespace shogo::reference
