// The clinic's terminal towards cards without PIN: a key and a card-verifiable certificate (docs/cards.md,
// synthetic). Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include <openssl/evp.h>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>

namespace shogo::sim {

class TerminalCredential {
 public:
  /// A PEM file with "PRIVATE KEY" and "SHOGO TERMINAL CERTIFICATE".
  static Result<TerminalCredential> load(const std::string& path);

  [[nodiscard]] const Bytes& certificate() const { return certificate_; }
  /// PKCS #1 v1.5 with SHA-256; empty when OpenSSL refuses.
  [[nodiscard]] Bytes sign(ByteView message) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  Bytes certificate_;
};

}  // namespace shogo::sim
