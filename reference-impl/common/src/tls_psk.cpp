#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <openssl/err.h>

#include <shogo/reference/tls_psk.h>

namespace shogo::reference {
namespace {

constexpr char kCipherSuite[] = "TLS_AES_128_GCM_SHA256";
constexpr std::uint8_t kCipherSuiteId[] = {0x13, 0x01};  // RFC 8446 appendix B.4

void free_key(void*, void* key, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Secret*>(key);
}

int key_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_key);
  return index;
}

/// What OpenSSL wants a pre-shared key to look like: a session that both ends seem to have had before.
SSL_SESSION* session_of(SSL* ssl) {
  const auto* key = static_cast<const Secret*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), key_index()));
  const SSL_CIPHER* cipher = SSL_CIPHER_find(ssl, kCipherSuiteId);
  if (key == nullptr || cipher == nullptr) return nullptr;
  SSL_SESSION* session = SSL_SESSION_new();
  if (session == nullptr) return nullptr;
  if (SSL_SESSION_set1_master_key(session, key->expose().data(), key->size()) != 1 ||
      SSL_SESSION_set_cipher(session, cipher) != 1 ||
      SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) != 1) {
    SSL_SESSION_free(session);
    return nullptr;
  }
  return session;
}

int use_session(SSL* ssl, const EVP_MD* md, const unsigned char** identity, std::size_t* identity_size,
                SSL_SESSION** session) {
  *session = session_of(ssl);
  if (*session == nullptr) return 0;
  // After a HelloRetryRequest OpenSSL tells the digest; ours is fixed by the one cipher suite.
  if (md != nullptr && md != SSL_CIPHER_get_handshake_digest(SSL_SESSION_get0_cipher(*session))) {
    SSL_SESSION_free(*session);
    *session = nullptr;
    return 0;
  }
  *identity = reinterpret_cast<const unsigned char*>(kPskIdentity.data());
  *identity_size = kPskIdentity.size();
  return 1;
}

int find_session(SSL* ssl, const unsigned char* identity, std::size_t identity_size, SSL_SESSION** session) {
  *session = nullptr;
  if (std::string_view(reinterpret_cast<const char*>(identity), identity_size) != kPskIdentity)
    return 1;  // unknown identity: the handshake goes on without it and ends for want of a certificate
  *session = session_of(ssl);
  return *session != nullptr ? 1 : 0;
}

int nibble(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Secret> load_link_key(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return Error{errno == ENOENT ? Code::kNotFound : Code::kDenied,
                 fmt::format("cannot open the link key {}: {}", path.string(), std::strerror(errno))};
  // read() straight into a Secret: streams and strings would leave copies of the key behind.
  Secret text(256);
  ssize_t n = 0;
  do {
    n = ::read(fd, text.expose_room().data() + text.size(), text.capacity() - text.size());
    if (n > 0) text.set_size(text.size() + static_cast<std::size_t>(n));
  } while (n > 0 || (n < 0 && errno == EINTR));
  ::close(fd);

  Secret key(kLinkKeySize);
  int digits = 0;
  int high = 0;
  for (const std::uint8_t c : text.expose()) {
    if (std::isspace(c) != 0) continue;
    const int value = nibble(c);
    if (value < 0 || digits == 2 * static_cast<int>(kLinkKeySize)) {
      digits = -1;
      break;
    }
    if (digits++ % 2 == 0)
      high = value;
    else
      key.push_back(static_cast<std::uint8_t>(high << 4 | value));
  }
  if (digits != 2 * static_cast<int>(kLinkKeySize))
    return Error{Code::kInvalid, fmt::format("{}: a link key is {} bytes as {} hex digits and nothing else",
                                             path.string(), kLinkKeySize, 2 * kLinkKeySize)};
  return key;
}

Result<SslContext> make_link_context(LinkEnd end, const Secret& key) {
  if (key.size() != kLinkKeySize)
    return Error{Code::kInvalid,
                 fmt::format("a link key has {} bytes, this one {}", kLinkKeySize, key.size())};
  const bool client = end == LinkEnd::kReader;
  SslContext context(SSL_CTX_new(client ? TLS_client_method() : TLS_server_method()));
  if (!context) return Error{Code::kInternal, "OpenSSL gave no TLS context"};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION);
  if (SSL_CTX_set_ciphersuites(context.get(), kCipherSuite) != 1)
    return Error{Code::kUnsupported, fmt::format("this OpenSSL lacks {}", kCipherSuite)};
  // Buffers that held a PIN must not stay around between records (3-16).
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  // A client that would accept a certificate could be talked out of the pre-shared key: ours trusts none.
  SSL_CTX_set_verify(context.get(), client ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (client)
    SSL_CTX_set_psk_use_session_callback(context.get(), use_session);
  else
    SSL_CTX_set_psk_find_session_callback(context.get(), find_session);

  auto copy = std::make_unique<Secret>(kLinkKeySize);
  for (const std::uint8_t byte : key.expose()) copy->push_back(byte);
  if (SSL_CTX_set_ex_data(context.get(), key_index(), copy.get()) != 1)
    return Error{Code::kInternal, "OpenSSL took no key"};
  static_cast<void>(copy.release());  // the context owns it now: free_key()
  return context;
}

}  // namespace shogo::reference
