#include "link_server.h"

#include <future>
#include <unistd.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace shogo::agent {
namespace {

Secret key_of(std::uint8_t fill) {
  Secret key(reference::kLinkKeySize);
  for (std::size_t i = 0; i < reference::kLinkKeySize; ++i) key.push_back(fill);
  return key;
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

/// A reader that connects with a key; `ssl` is null when the handshake failed.
struct FakeReader {
  FakeReader(std::uint16_t port, const Secret& key)
      : context(reference::make_link_context(reference::LinkEnd::kReader, key).value()) {
    fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
    ssl.reset(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), fd);
    up = SSL_connect(ssl.get()) == 1;
  }
  ~FakeReader() {
    ssl.reset();
    ::close(fd);
  }
  reference::SslContext context;
  reference::Ssl ssl;
  int fd = -1;
  bool up = false;
};

class LinkServerTest : public testing::Test {
 protected:
  LinkServerTest() : port_(free_port()) {
    server_ =
        LinkServer::listen(
            "127.0.0.1:" + std::to_string(port_),
            reference::make_link_context(reference::LinkEnd::kHostAgent, key_of(1)).value(), clock_, log_,
            {[this] {
               server_->send({{"type", "hello"}, {"agent", "test"}});
             },
             [this](contract::LinkMessage message) { received_.set_value(std::move(message)); }, [] {}})
            .value();
    server_->start();
  }
  RealClock clock_;
  MemorySink sink_;
  Log log_{clock_, sink_, "test"};
  std::promise<contract::LinkMessage> received_;
  std::uint16_t port_;
  std::unique_ptr<LinkServer> server_;
};

TEST_F(LinkServerTest, given_the_paired_key_when_a_reader_connects_then_messages_pass_both_ways) {
  FakeReader reader(port_, key_of(1));
  ASSERT_TRUE(reader.up);
  Secret pin(4);
  for (const char c : {'7', '3', '9', '1'}) pin.push_back(static_cast<std::uint8_t>(c));
  const Secret wire = contract::encode_link_pin(9, pin);
  ASSERT_EQ(SSL_write(reader.ssl.get(), wire.expose().data(), static_cast<int>(wire.size())),
            static_cast<int>(wire.size()));
  auto got = received_.get_future();
  ASSERT_EQ(got.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  const contract::LinkMessage message = got.get();
  EXPECT_EQ(message.session, 9U);
  EXPECT_EQ(as_text(message.pin.expose()), "7391");
  contract::LinkDecoder decoder;
  const int n = SSL_read(reader.ssl.get(), decoder.room().data(), static_cast<int>(decoder.room().size()));
  ASSERT_GT(n, 0);
  decoder.added(static_cast<std::size_t>(n));
  EXPECT_EQ(decoder.next().value()->body.at("type"), "hello");
}

TEST_F(LinkServerTest, a_reader_with_another_key_is_refused_and_the_next_one_served) {
  {
    FakeReader stranger(port_, key_of(2));
    EXPECT_FALSE(stranger.up);
  }
  FakeReader reader(port_, key_of(1));
  EXPECT_TRUE(reader.up);
}

TEST_F(LinkServerTest, a_reader_that_comes_again_takes_the_place_of_its_own_ghost) {
  // After a change of address the old connection never ends by itself (3-22.c).
  FakeReader ghost(port_, key_of(1));
  ASSERT_TRUE(ghost.up);
  FakeReader again(port_, key_of(1));
  ASSERT_TRUE(again.up);
  char byte = 0;
  while (SSL_read(ghost.ssl.get(), &byte, 1) > 0) continue;
  const Bytes wire = contract::encode_link({{"type", "end"}, {"session", 1}});
  ASSERT_EQ(SSL_write(again.ssl.get(), wire.data(), static_cast<int>(wire.size())),
            static_cast<int>(wire.size()));
  auto got = received_.get_future();
  ASSERT_EQ(got.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST_F(LinkServerTest, a_stranger_does_not_push_the_reader_out) {
  FakeReader reader(port_, key_of(1));
  ASSERT_TRUE(reader.up);
  FakeReader stranger(port_, key_of(2));
  ASSERT_FALSE(stranger.up);
  const Bytes wire = contract::encode_link({{"type", "end"}, {"session", 1}});
  ASSERT_EQ(SSL_write(reader.ssl.get(), wire.data(), static_cast<int>(wire.size())),
            static_cast<int>(wire.size()));
  auto got = received_.get_future();
  ASSERT_EQ(got.wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

TEST(LinkServer, says_what_an_address_must_look_like) {
  RealClock clock;
  MemorySink sink;
  Log log(clock, sink, "test");
  for (const char* address : {"", "localhost", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999"}) {
    const auto server = LinkServer::listen(
        address, reference::make_link_context(reference::LinkEnd::kHostAgent, key_of(1)).value(), clock, log,
        {});
    EXPECT_FALSE(server.ok()) << address;
  }
}

}  // namespace
}  // namespace shogo::agent
