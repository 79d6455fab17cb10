// How long things take in the air, in virtual time: no test waits.
#include <atomic>
#include <cstring>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/file.h>
#include <shogo/contract/rf_block.h>
#include <shogo/sim/antenna.h>
#include <shogo/sim/rf_timing.h>

namespace shogo::sim {
namespace {

using contract::RfKind;
using std::chrono::microseconds;

double us(Nanoseconds time) {
  return static_cast<double>(time.count()) / 1'000;
}

TEST(RfTiming, a_bit_is_128_periods_of_the_carrier_and_half_of_it_at_twice_the_rate) {
  const RfTiming slow = *rf_timing(106), fast = *rf_timing(212);
  const double byte = us(slow.frame(101)) - us(slow.frame(1));
  EXPECT_NEAR(byte / 100, 94.4, 0.1) << "ten bits of 9.44 us";
  EXPECT_NEAR(us(fast.frame(50)), us(slow.frame(50)) / 2, 0.1);
  EXPECT_NEAR(us(rf_timing(848)->frame(50)), us(slow.frame(50)) / 8, 0.1);
}

TEST(RfTiming, only_the_rates_of_the_standard_are_taken) {
  for (const int rate : {106, 212, 424, 848}) EXPECT_TRUE(rf_timing(rate).ok()) << rate;
  for (const int rate : {0, -106, 100, 107, 847, 1696, 9'999})
    EXPECT_EQ(rf_timing(rate).error().code(), Code::kInvalid) << rate;
}

TEST(RfTiming, a_signature_takes_longer_than_a_pin_and_a_pin_longer_than_its_question) {
  const RfTiming t = *rf_timing(106);
  const Nanoseconds sign = t.work("802A008033"_hex, 258), pin = t.work("002000800431323334"_hex, 2),
                    question = t.work("00200080"_hex, 2);
  EXPECT_GT(sign, pin);
  EXPECT_GT(pin, question);
  EXPECT_EQ(question, t.any_command);
  EXPECT_EQ(t.work({}, 2), t.any_command) << "no command at all is a command the chip has to refuse";
}

TEST(RfTiming, a_long_answer_takes_a_pause_for_every_further_block) {
  const RfTiming t = *rf_timing(106);
  const Bytes read = "00B0000000"_hex;
  const double one = us(t.apdu(read, 253, 256)), two = us(t.apdu(read, 254, 256));
  EXPECT_GT(two - one, 302) << "two pauses and a block that asks for the rest";
  EXPECT_NEAR(us(t.apdu(read, 2, 256)), us(t.work(read, 2)) + us(t.exchange(8, 5)), 0.1);
}

/// Every sleep is over at once, and has taken its time all the same: how long an answer took is exact.
class InstantClock final : public Clock {
 public:
  [[nodiscard]] Nanoseconds now() const override { return Nanoseconds(slept_.load()); }
  [[nodiscard]] Nanoseconds wall_now() const override { return now(); }
  void sleep_for(Nanoseconds duration) override { slept_ += duration.count(); }
  bool wait_for(std::unique_lock<std::mutex>&, std::condition_variable&, Nanoseconds,
                const std::function<bool()>& done) override {
    return done();
  }
  int poll(std::span<pollfd> descriptors, Nanoseconds) override {
    return ::poll(descriptors.data(), descriptors.size(), -1);
  }

 private:
  std::atomic<std::int64_t> slept_{0};
};

class TimedAntenna : public ::testing::Test {
 protected:
  class Card final : public RfCard {
   public:
    [[nodiscard]] contract::Atqb atqb() const override {
      return {"01020304"_hex, "000005E0"_hex, "B38151"_hex, 0};  // FWI 5: 9.7 ms
    }
    Bytes transmit(ByteView) override { return "9000"_hex; }
    void power_off() override {}
  };

  void SetUp() override {
    antenna_ = Antenna::open(folder_.path() / "rf", &clock_).value();
    antenna_->place(timed_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, antenna_->socket().c_str(), sizeof address.sun_path - 1);
    fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  void TearDown() override { ::close(fd_); }

  /// The reply, and how much time it took.
  contract::RfMessage ask(RfKind kind, ByteView payload, Nanoseconds& took) {
    const Bytes wire = contract::encode_rf(kind, ++number_, payload);
    const Nanoseconds begin = clock_.now();  // before it is sent: the antenna may answer at once
    EXPECT_EQ(::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL), static_cast<ssize_t>(wire.size()));
    Bytes buffer;
    for (;;) {
      auto message = contract::take_rf(buffer).value();
      if (message) {
        took = clock_.now() - begin;
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
  void activate() {
    Nanoseconds took{0};
    EXPECT_EQ(ask(RfKind::kRequestB, {}, took).kind, RfKind::kAtqb);
    EXPECT_EQ(ask(RfKind::kAttrib, contract::encode_attrib({card_.atqb().pupi}), took).kind, RfKind::kAck);
    EXPECT_GT(took, microseconds(300));
  }
  contract::RfBlock block(const contract::RfBlock& sent, Nanoseconds& took) {
    const auto reply = ask(RfKind::kBlock, contract::encode_block(sent), took);
    EXPECT_EQ(reply.kind, RfKind::kCardBlock);
    return contract::parse_block(reply.payload).value();
  }

  TemporaryFolder folder_ = *TemporaryFolder::create("rf_timing_test");
  InstantClock clock_;
  Card card_;
  TimedCard timed_{card_, *rf_timing(106)};
  std::unique_ptr<Antenna> antenna_;
  int fd_ = -1;
  std::uint8_t number_ = 0;
};

TEST_F(TimedAntenna, a_short_command_takes_the_air_and_the_chips_time) {
  activate();
  Nanoseconds took{0};
  using Kind = contract::RfBlock::Kind;
  const auto reply = block({Kind::kInformation, 0, false, "00A4040C00"_hex}, took);
  EXPECT_EQ(reply.kind, Kind::kInformation);
  const RfTiming t = *rf_timing(106);
  EXPECT_EQ(took, t.work("00A4040C00"_hex, 0) + t.exchange(8, 5));
}

TEST_F(TimedAntenna, a_signature_asks_for_time_and_no_wait_is_longer_than_the_frame_waiting_time) {
  activate();
  using Kind = contract::RfBlock::Kind;
  const Nanoseconds patience = card_.atqb().frame_waiting_time();
  const RfTiming t = *rf_timing(106);
  const Bytes sign = "802A00800331323300"_hex;
  Nanoseconds all{0}, took{0};
  auto reply = block({Kind::kInformation, 0, false, sign}, took);
  int asked = 0;
  std::size_t sent = sign.size() + contract::kBlockOverhead;
  while (reply.kind == Kind::kWaitingTime) {
    EXPECT_LT(took - t.exchange(sent, 4), patience) << "14443-4, 7.2: until the card's answer begins";
    all += took;
    ++asked;
    ASSERT_EQ(reply.information, Bytes{1});
    reply = block({Kind::kWaitingTime, 0, false, reply.information}, took);
    sent = 4;
  }
  all += took;
  EXPECT_EQ(reply.kind, Kind::kInformation);
  EXPECT_GE(asked, 17) << "172 ms in slices of less than 9.7 ms";
  const Nanoseconds air = t.exchange(sign.size() + 3, 4) + (asked - 1) * t.exchange(4, 4) + t.exchange(4, 5);
  EXPECT_EQ(all, t.work(sign, 2) + air) << "all in all what the chip needs, and no more";
}

TEST_F(TimedAntenna, a_card_that_nobody_timed_takes_none) {
  antenna_->place(card_);
  const Nanoseconds before = clock_.now();
  std::uint8_t number = 0;
  for (const RfKind kind : {RfKind::kFieldOff, RfKind::kRequestB}) {
    const Bytes wire = contract::encode_rf(kind, ++number, {});
    ASSERT_EQ(::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL), static_cast<ssize_t>(wire.size()));
    std::uint8_t reply[64];
    ASSERT_GT(::recv(fd_, reply, sizeof reply, 0), 0);
  }
  EXPECT_EQ(clock_.now(), before);
}

}  // namespace
}  // namespace shogo::sim
