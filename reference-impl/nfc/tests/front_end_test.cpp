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
    options_.frame_waiting_time = milliseconds{50};
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
    thread_ = std::thread([this] { FrontEnd(options_, log_, stop_.get()).run(); });
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
      if (message.ok() && message->has_value()) return **message;
      const Bytes more = read_exactly(antenna_.get(), 1);
      if (more.empty()) {
        ADD_FAILURE() << "no request at the antenna";
        return {};
      }
      append(requests_, more);
    }
  }
  void reply(RfKind kind, ByteView payload = {}) {
    const Bytes wire = contract::encode_rf(kind, payload);
    ASSERT_EQ(::send(antenna_.get(), wire.data(), wire.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(wire.size()));
  }
  /// Answers presence checks with the card until a request of `kind` comes.
  RfMessage request_of(RfKind kind, const contract::Atqb& card = kCard) {
    for (;;) {
      RfMessage message = request();
      if (message.kind == kind || HasFailure()) return message;
      if (message.kind == RfKind::kRequestB)
        reply(RfKind::kAtqb, contract::encode_atqb(card));
      else
        reply(RfKind::kAck);
    }
  }
  void lay_card_down() {
    accept_antenna();
    ASSERT_EQ(request().kind, RfKind::kRequestB);
    reply(RfKind::kAtqb, contract::encode_atqb(kCard));
    const RfMessage attrib = request();
    ASSERT_EQ(attrib.kind, RfKind::kAttrib);
    ASSERT_EQ(attrib.payload, kCard.pupi);
    reply(RfKind::kAck);
    accept_slot();
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
  RealClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "nfc"};
  std::thread thread_;
};

TEST_F(FrontEndTest, a_card_is_activated_and_presented_with_the_atr_of_its_atqb) {
  start();
  lay_card_down();
  send_frame("04"_hex);
  std::thread card([this] {
    (void)request_of(RfKind::kApdu);
    reply(RfKind::kApdu, "9000"_hex);
  });
  EXPECT_EQ(to_hex(frame()), "3B888001000005E0B381A1007F");
  send_frame("00840000"_hex);
  EXPECT_EQ(to_hex(frame()), "9000");
  card.join();
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

TEST_F(FrontEndTest, answers_longer_than_256_bytes_pass_whole) {
  start();
  lay_card_down();
  Bytes response(4096, 0xA5);
  append(response, "9000"_hex);
  send_frame("00B00000000000"_hex);
  EXPECT_EQ(request_of(RfKind::kApdu).payload, "00B00000000000"_hex);
  reply(RfKind::kApdu, response);
  EXPECT_EQ(frame(), response);
}

TEST_F(FrontEndTest, a_card_that_leaves_frees_the_slot) {
  start();
  lay_card_down();
  (void)request_of(RfKind::kRequestB);
  reply(RfKind::kNoCard);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, a_card_that_leaves_in_the_middle_of_a_command_frees_the_slot) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)request_of(RfKind::kApdu);
  reply(RfKind::kNoCard);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, the_slot_stays_empty_long_enough_for_pcscd_to_notice) {
  options_.empty_slot_time = milliseconds{100};
  start();
  lay_card_down();
  (void)request_of(RfKind::kRequestB);
  const auto before_removal = clock_.now();
  reply(RfKind::kNoCard);
  ASSERT_TRUE(slot_is_freed());
  std::thread card([this] {
    (void)request_of(RfKind::kAttrib);
    reply(RfKind::kAck);
  });
  accept_slot();
  EXPECT_GE(clock_.now() - before_removal, options_.empty_slot_time);
  card.join();
}

TEST_F(FrontEndTest, a_card_swapped_for_another_is_a_removal) {
  start();
  lay_card_down();
  (void)request_of(RfKind::kRequestB);
  reply(RfKind::kAtqb, contract::encode_atqb(kOtherCard));
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, a_mute_card_frees_the_slot_and_the_front_end_looks_again_on_a_fresh_link) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)request_of(RfKind::kApdu);
  EXPECT_TRUE(slot_is_freed());
  lay_card_down();
}

TEST_F(FrontEndTest, an_answer_shorter_than_a_status_word_never_reaches_the_driver) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)request_of(RfKind::kApdu);
  reply(RfKind::kApdu, "90"_hex);
  EXPECT_TRUE(slot_is_freed());
}

TEST_F(FrontEndTest, noise_on_the_antenna_frees_the_slot) {
  start();
  lay_card_down();
  send_frame("00840000"_hex);
  (void)request_of(RfKind::kApdu);
  const Bytes noise = "FFFFFFFFFF"_hex;
  ASSERT_EQ(::send(antenna_.get(), noise.data(), noise.size(), MSG_NOSIGNAL), 5);
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
  EXPECT_EQ(request_of(RfKind::kFieldOff).kind, RfKind::kFieldOff);
  reply(RfKind::kAck);
  EXPECT_EQ(request().kind, RfKind::kRequestB);
  reply(RfKind::kAtqb, contract::encode_atqb(kCard));
  EXPECT_EQ(request().kind, RfKind::kAttrib);
  reply(RfKind::kAck);
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
  (void)request_of(RfKind::kApdu);
  reply(RfKind::kApdu, "63C2"_hex);
  (void)frame();
  ASSERT_FALSE(sink_.lines().empty());
  for (const std::string& line : sink_.lines()) {
    EXPECT_EQ(line.find("31323334"), std::string::npos);
    EXPECT_EQ(line.find("11223344"), std::string::npos);
  }
}

}  // namespace
}  // namespace shogo::reference
