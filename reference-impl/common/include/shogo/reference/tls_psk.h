// The reader link's TLS: version 1.3 with an external pre-shared key (RFC 8446 2.2, 4.2.11) that pairing gave
// both ends. psk_dhe_ke gives every connection fresh keys; no certificates, no tickets, one cipher suite.
// Without the key a handshake cannot finish in either direction, so it authenticates reader and host agent
// to each other (3-20, 3-22). The contexts may be used by several connections, one thread at a time each.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include <openssl/ssl.h>

#include <shogo/base/result.h>
#include <shogo/base/secret.h>

namespace shogo::reference {

inline constexpr std::string_view kPskIdentity = "shogo-reader";
inline constexpr std::size_t kLinkKeySize = 32;

enum class LinkEnd {
  kReader,     ///< connects (TLS client)
  kHostAgent,  ///< listens (TLS server)
};

struct SslContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;
using Ssl = std::unique_ptr<SSL, SslFree>;

/// Reads bench.json's link_key_file: 64 hex digits (blanks and line ends may stand around them). The text is
/// wiped once it has been read.
[[nodiscard]] Result<Secret> load_link_key(const std::filesystem::path& path);

/// A context that speaks only what the opening comment says. It keeps its own copy of the key, wiped when the
/// last reference to the context goes. Hand `release()` of it to a library that wants to own it.
[[nodiscard]] Result<SslContext> make_link_context(LinkEnd end, const Secret& key);

}  // namespace shogo::reference
