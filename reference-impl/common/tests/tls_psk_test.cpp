#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/reference/tls_psk.h>

namespace shogo::reference {
namespace {

Secret key_of(std::uint8_t byte, std::size_t size = kLinkKeySize) {
  Secret key(size);
  for (std::size_t i = 0; i < size; ++i) key.push_back(byte);
  return key;
}

/// Two ends with a pipe in memory between them, each turned until nothing moves any more.
struct Pair {
  Ssl client, server;

  Pair(SSL_CTX* c, SSL_CTX* s) : client(SSL_new(c)), server(SSL_new(s)) {
    BIO* a = nullptr;
    BIO* b = nullptr;
    BIO_new_bio_pair(&a, 0, &b, 0);
    SSL_set_bio(client.get(), a, a);
    SSL_set_bio(server.get(), b, b);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
  }
  bool handshake() {
    for (int round = 0; round < 8; ++round) {
      const bool c = SSL_do_handshake(client.get()) == 1;
      const bool s = SSL_do_handshake(server.get()) == 1;
      if (c && s) return true;
    }
    return false;
  }
};

TEST(TlsPsk, both_ends_with_the_same_key_talk_in_both_directions) {
  const auto client = make_link_context(LinkEnd::kReader, key_of(7)).value();
  const auto server = make_link_context(LinkEnd::kHostAgent, key_of(7)).value();
  Pair pair(client.get(), server.get());

  ASSERT_TRUE(pair.handshake());

  EXPECT_STREQ(SSL_get_version(pair.client.get()), "TLSv1.3");
  EXPECT_STREQ(SSL_get_cipher_name(pair.client.get()), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(SSL_session_reused(pair.server.get()), 1);
  char text[8] = {};
  ASSERT_EQ(SSL_write(pair.client.get(), "there", 6), 6);
  ASSERT_EQ(SSL_read(pair.server.get(), text, sizeof text), 6);
  EXPECT_STREQ(text, "there");
  ASSERT_EQ(SSL_write(pair.server.get(), "back", 5), 5);
  ASSERT_EQ(SSL_read(pair.client.get(), text, sizeof text), 5);
  EXPECT_STREQ(text, "back");
}

TEST(TlsPsk, every_connection_has_fresh_keys_because_of_psk_dhe_ke) {
  const auto client = make_link_context(LinkEnd::kReader, key_of(7)).value();
  const auto server = make_link_context(LinkEnd::kHostAgent, key_of(7)).value();
  Pair pair(client.get(), server.get());
  ASSERT_TRUE(pair.handshake());

  // A key exchange took place: plain psk_ke would have no group.
  EXPECT_NE(SSL_get_negotiated_group(pair.client.get()), NID_undef);
}

TEST(TlsPsk, a_reader_with_another_key_is_refused) {
  const auto client = make_link_context(LinkEnd::kReader, key_of(8)).value();
  const auto server = make_link_context(LinkEnd::kHostAgent, key_of(7)).value();
  EXPECT_FALSE(Pair(client.get(), server.get()).handshake());
}

TEST(TlsPsk, a_stranger_without_a_key_is_refused) {
  const SslContext client(SSL_CTX_new(TLS_client_method()));
  const auto server = make_link_context(LinkEnd::kHostAgent, key_of(7)).value();
  EXPECT_FALSE(Pair(client.get(), server.get()).handshake());
}

TEST(TlsPsk, a_key_of_another_size_is_refused) {
  EXPECT_EQ(make_link_context(LinkEnd::kReader, key_of(7, 16)).error().code(), Code::kInvalid);
}

TEST(LinkKey, is_read_from_hex_digits_with_a_line_end) {
  const auto folder = TemporaryFolder::create("link_key").value();
  const auto path = folder.path() / "link.key";
  ASSERT_TRUE(write_text(path, std::string(62, '0') + "aF\n").ok());

  const Secret key = load_link_key(path).value();

  ASSERT_EQ(key.size(), 32U);
  EXPECT_EQ(key.expose()[0], 0x00);
  EXPECT_EQ(key.expose()[31], 0xAF);
}

TEST(LinkKey, says_what_is_wrong_with_a_file) {
  const auto folder = TemporaryFolder::create("link_key").value();
  const auto path = folder.path() / "link.key";
  EXPECT_EQ(load_link_key(path).error().code(), Code::kNotFound);
  for (const std::string& text : {std::string(62, '0'), std::string(66, '0'), std::string(63, '0') + "x"}) {
    ASSERT_TRUE(write_text(path, text).ok());
    EXPECT_EQ(load_link_key(path).error().code(), Code::kInvalid) << text;
  }
}

}  // namespace
}  // namespace shogo::reference
