// Both ends of the link in one thread, on a socket pair and a clock that only the test moves.
#include <fcntl.h>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <shogo/reference/link_connection.h>

namespace shogo::reference {
namespace {

using State = LinkConnection::State;
using End = LinkConnection::End;

Secret key_of(std::uint8_t fill) {
  Secret key(kLinkKeySize);
  for (std::size_t i = 0; i < kLinkKeySize; ++i) key.push_back(fill);
  return key;
}

class LinkConnectionTest : public testing::Test {
 protected:
  explicit LinkConnectionTest(std::uint8_t host_key = 1)
      : reader_context_(*make_link_context(LinkEnd::kReader, key_of(1))),
        host_context_(*make_link_context(LinkEnd::kHostAgent, key_of(host_key))) {
    int fds[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    reader_.emplace(LinkEnd::kReader, *reader_context_, UniqueFd(fds[0]), timing_, clock_);
    host_.emplace(LinkEnd::kHostAgent, *host_context_, UniqueFd(fds[1]), timing_, clock_);
  }
  void turn_reader() {
    reader_->turn([this](contract::LinkMessage m) { at_reader_.push_back(std::move(m)); });
  }
  void turn_host() {
    host_->turn([this](contract::LinkMessage m) { at_host_.push_back(std::move(m)); });
  }
  void turn_both() {
    for (int i = 0; i < 6; ++i) {
      turn_reader();
      turn_host();
    }
  }
  static std::size_t beats(const std::vector<contract::LinkMessage>& messages) {
    std::size_t count = 0;
    for (const auto& message : messages)
      if (!message.is_pin() && message.body.at("type") == "heartbeat") ++count;
    return count;
  }
  const LinkTiming timing_ = timing_with(milliseconds(1'000));
  VirtualClock clock_;
  SslContext reader_context_, host_context_;
  std::optional<LinkConnection> reader_, host_;
  std::vector<contract::LinkMessage> at_reader_, at_host_;
};

TEST_F(LinkConnectionTest, given_the_same_key_then_both_ends_open_and_messages_arrive) {
  turn_both();
  ASSERT_EQ(reader_->state(), State::kOpen);
  ASSERT_EQ(host_->state(), State::kOpen);
  Secret pin(4);
  for (const char c : {'7', '3', '9', '1'}) pin.push_back(static_cast<std::uint8_t>(c));
  reader_->send(
      {contract::encode_link({{"type", "authenticate"}, {"session", 9}}), contract::encode_link_pin(9, pin)});
  turn_both();
  ASSERT_EQ(at_host_.size(), 2U);
  EXPECT_EQ(at_host_[0].body.at("type"), "authenticate");
  EXPECT_EQ(as_text(at_host_[1].pin.expose()), "7391");
}

TEST_F(LinkConnectionTest, both_ends_beat_once_a_heartbeat_and_stay_open) {
  turn_both();
  for (int i = 0; i < 20; ++i) {
    clock_.advance(milliseconds(500));
    turn_both();
  }
  EXPECT_EQ(beats(at_host_), 10U);
  EXPECT_EQ(beats(at_reader_), 10U);
  EXPECT_EQ(reader_->state(), State::kOpen);
}

TEST_F(LinkConnectionTest, the_owner_is_woken_for_every_beat) {
  turn_both();
  EXPECT_EQ(reader_->due(), clock_.now() + milliseconds(1'000));
  clock_.advance(milliseconds(1'000));
  EXPECT_LE(reader_->due(), clock_.now());
}

TEST_F(LinkConnectionTest, a_peer_that_falls_silent_is_given_up_within_three_heartbeats_and_not_before_two) {
  turn_both();
  const Nanoseconds last_heard = clock_.now();
  while (reader_->state() == State::kOpen && clock_.now() < last_heard + milliseconds(60'000)) {
    clock_.advance(reader_->due() - clock_.now());  // only when it asks to be woken, and the host never moves
    turn_reader();
  }
  EXPECT_EQ(reader_->end(), End::kSilent);
  EXPECT_GT(clock_.now() - last_heard, milliseconds(2'000));
  EXPECT_LE(clock_.now() - last_heard, milliseconds(3'000));
}

TEST_F(LinkConnectionTest,
       a_slower_pace_set_on_one_end_does_not_cut_the_link_before_the_other_has_heard_of_it) {
  turn_both();
  reader_->use(timing_with(milliseconds(10'000)));
  for (int i = 0; i < 4; ++i) {
    clock_.advance(milliseconds(500));
    turn_both();
  }
  host_->use(timing_with(milliseconds(10'000)));
  clock_.advance(milliseconds(9'000));
  turn_both();
  EXPECT_EQ(reader_->state(), State::kOpen);
  EXPECT_EQ(host_->state(), State::kOpen);
}

TEST_F(LinkConnectionTest, a_peer_that_leaves_is_noticed_at_once) {
  turn_both();
  host_.reset();
  turn_reader();
  EXPECT_EQ(reader_->end(), End::kPeerLeft);
}

TEST_F(LinkConnectionTest, a_peer_that_accepts_and_says_nothing_is_refused_at_the_handshake_limit) {
  turn_reader();
  clock_.advance(timing_.handshake_limit() - Nanoseconds(1));
  turn_reader();
  EXPECT_EQ(reader_->state(), State::kGreeting);
  clock_.advance(Nanoseconds(1));
  turn_reader();
  EXPECT_EQ(reader_->end(), End::kRefused);
}

TEST_F(LinkConnectionTest, a_pin_sent_to_the_reader_breaks_the_rules) {
  turn_both();
  Secret pin(4);
  pin.push_back('1');
  host_->send({{}, contract::encode_link_pin(1, pin)});
  turn_both();
  EXPECT_EQ(reader_->end(), End::kBrokenRules);
  EXPECT_TRUE(at_reader_.empty());
}

TEST_F(LinkConnectionTest, garbage_inside_a_good_connection_breaks_the_rules) {
  turn_both();
  reader_->send({Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0x01}, Secret()});
  turn_both();
  EXPECT_EQ(host_->end(), End::kBrokenRules);
}

class StrangerTest : public LinkConnectionTest {
 protected:
  StrangerTest() : LinkConnectionTest(2) {}
};

TEST_F(StrangerTest, given_another_key_then_neither_end_opens) {
  turn_both();
  EXPECT_EQ(reader_->end(), End::kRefused);
  EXPECT_EQ(host_->end(), End::kRefused);
}

}  // namespace
}  // namespace shogo::reference
