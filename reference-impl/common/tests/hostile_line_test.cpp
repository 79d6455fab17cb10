// The reader link with somebody in between who holds every byte in his hand. What he changes, repeats, leaves
// out or puts in is never heard, the connection ends at once, and the next one works.
#include <algorithm>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <shogo/reference/link_connection.h>

namespace shogo::reference {
namespace {

using State = LinkConnection::State;
using End = LinkConnection::End;

Secret link_key() {
  Secret key(kLinkKeySize);
  for (std::size_t i = 0; i < kLinkKeySize; ++i) key.push_back(7);
  return key;
}

/// Two sockets; what is written to one end can be read at the other.
struct Pair {
  UniqueFd mine, theirs;
  Pair() {
    int fds[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    mine = UniqueFd(fds[0]);
    theirs = UniqueFd(fds[1]);
  }
};

class HostileLine : public testing::Test {
 protected:
  void SetUp() override { connect(); }
  void connect() {
    Pair reader, host;
    from_reader_ = std::move(reader.mine);
    from_host_ = std::move(host.mine);
    reader_.emplace(LinkEnd::kReader, *reader_context_, std::move(reader.theirs), timing_, clock_);
    host_.emplace(LinkEnd::kHostAgent, *host_context_, std::move(host.theirs), timing_, clock_);
    for (int i = 0; i < 6; ++i) {
      turn();
      put(from_host_, take(from_reader_));
      put(from_reader_, take(from_host_));
    }
    ASSERT_EQ(reader_->state(), State::kOpen);
    ASSERT_EQ(host_->state(), State::kOpen);
  }
  void turn() {
    reader_->turn([](contract::LinkMessage) {});
    host_->turn([this](contract::LinkMessage m) { heard_.push_back(std::move(m)); });
  }
  static Bytes take(const UniqueFd& fd) {
    Bytes bytes(65'536);
    const ssize_t n = ::recv(fd.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return bytes;
  }
  static void put(const UniqueFd& fd, const Bytes& bytes) {
    if (bytes.empty()) return;
    const ssize_t n = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ASSERT_EQ(n, static_cast<ssize_t>(bytes.size()));
  }
  /// What the reader says, as it comes past: one record of TLS.
  Bytes says(std::int64_t session) {
    reader_->send({contract::encode_link({{"type", "end"}, {"session", session}}), Secret()});
    turn();
    return take(from_reader_);
  }
  void host_hears(const Bytes& bytes) {
    put(from_host_, bytes);
    turn();
  }
  /// Nothing was heard, the link fell for that, and works again afterwards.
  void expect_refused(std::size_t heard = 0) {
    EXPECT_EQ(heard_.size(), heard);
    EXPECT_EQ(host_->end(), End::kBrokenRules);
    heard_.clear();
    connect();
    host_hears(says(99));
    ASSERT_EQ(heard_.size(), 1U);
    EXPECT_EQ(heard_[0].body.at("session"), 99);
    heard_.clear();
  }

  const LinkTiming timing_ = timing_with(milliseconds(1'000));
  VirtualClock clock_;
  SslContext reader_context_ = *make_link_context(LinkEnd::kReader, link_key());
  SslContext host_context_ = *make_link_context(LinkEnd::kHostAgent, link_key());
  UniqueFd from_reader_, from_host_;
  std::optional<LinkConnection> reader_, host_;
  std::vector<contract::LinkMessage> heard_;
};

TEST_F(HostileLine, a_bit_changed_anywhere_in_a_message_is_refused) {
  const std::size_t size = says(1).size();
  connect();
  for (std::size_t at = 0; at < size; ++at) {
    SCOPED_TRACE(at);
    Bytes record = says(1);
    ASSERT_EQ(record.size(), size);
    record[at] ^= 0x01;
    // A longer record than there is: the host waits for the rest, and whatever comes makes it wrong.
    host_hears(record);
    if (host_->state() == State::kOpen) host_hears(Bytes(20'000, 0x17));
    expect_refused();
  }
}

TEST_F(HostileLine, a_message_sent_twice_is_heard_once) {
  const Bytes record = says(1);
  host_hears(record);
  host_hears(record);
  expect_refused(1);
}

TEST_F(HostileLine, a_message_left_out_betrays_itself_with_the_next) {
  (void)says(1);
  host_hears(says(2));
  expect_refused();
}

TEST_F(HostileLine, two_messages_in_the_other_order_are_refused) {
  const Bytes first = says(1);
  Bytes turned_round = says(2);
  append(turned_round, first);
  host_hears(turned_round);
  expect_refused();
}

TEST_F(HostileLine, words_without_the_key_are_refused_however_well_formed) {
  host_hears(contract::encode_link({{"type", "end"}, {"session", 1}}));
  expect_refused();
  Bytes looks_like_a_record{0x17, 0x03, 0x03};
  const Bytes inside = contract::encode_link({{"type", "end"}, {"session", 1}});
  append_be16(looks_like_a_record, static_cast<std::uint16_t>(inside.size()));
  append(looks_like_a_record, inside);
  host_hears(looks_like_a_record);
  expect_refused();
}

TEST_F(HostileLine, a_message_cut_off_in_the_middle_is_not_heard_and_the_link_ends) {
  Bytes record = says(1);
  record.resize(record.size() / 2);
  host_hears(record);
  EXPECT_EQ(host_->state(), State::kOpen) << "the rest may still come";
  from_host_ = UniqueFd();
  turn();
  EXPECT_EQ(host_->end(), End::kPeerLeft);
  EXPECT_TRUE(heard_.empty());
}

TEST_F(HostileLine, a_connection_of_yesterday_played_again_does_not_open) {
  Pair reader, host;
  reader_.emplace(LinkEnd::kReader, *reader_context_, std::move(reader.theirs), timing_, clock_);
  host_.emplace(LinkEnd::kHostAgent, *host_context_, std::move(host.theirs), timing_, clock_);
  std::vector<Bytes> yesterday;
  for (int i = 0; i < 6; ++i) {
    if (i == 4) reader_->send({contract::encode_link({{"type", "end"}, {"session", 1}}), Secret()});
    turn();
    yesterday.push_back(take(reader.mine));
    put(host.mine, yesterday.back());
    put(reader.mine, take(host.mine));
  }
  turn();
  ASSERT_EQ(heard_.size(), 1U);
  heard_.clear();
  Pair again;
  host_.emplace(LinkEnd::kHostAgent, *host_context_, std::move(again.theirs), timing_, clock_);
  for (const Bytes& bytes : yesterday) {
    if (host_->state() == State::kClosed) break;
    put(again.mine, bytes);
    turn();
  }
  EXPECT_EQ(host_->end(), End::kRefused);
  EXPECT_TRUE(heard_.empty());
}

TEST_F(HostileLine, a_message_longer_than_any_of_ours_is_refused_even_from_the_paired_reader) {
  Bytes wire;
  append_be32(wire, static_cast<std::uint32_t>(contract::kLinkMaxPayload + 1));
  wire.push_back(1);
  reader_->send({wire, Secret()});
  turn();
  host_hears(take(from_reader_));
  expect_refused();
}

}  // namespace
}  // namespace shogo::reference
