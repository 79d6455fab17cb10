// Seeded key pairs: the same Rng stream gives the same key on every machine, so a scenario's certificates and
// signatures repeat byte for byte. For synthetic people only: a key that follows from a seed protects
// nothing.
//
// RSA keys are put together from a public pool of 512 primes (data/primes.hex), because the search for primes
// would take most of the time in which a card is issued. Two keys may share a prime, so anybody can factor
// them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

#include <shogo/base/bytes.h>
#include <shogo/base/rng.h>

namespace shogo::sim {

/// One key pair. Move-only owner of the OpenSSL handle; using it from two threads at once is fine for
/// signing.
class KeyPair {
 public:
  /// RSA-2048 with public exponent 65537; about 1 ms.
  static Result<KeyPair> rsa(Rng& rng);
  /// Elliptic curve P-256 (secp256r1), for TLS.
  static Result<KeyPair> p256(Rng& rng);
  /// Elliptic curve P-384 (secp384r1), for the next card.
  static Result<KeyPair> p384(Rng& rng);
  /// What private_pem() gave.
  static Result<KeyPair> from_private_pem(std::string_view pem);

  [[nodiscard]] EVP_PKEY* get() const { return key_.get(); }
  [[nodiscard]] bool is_rsa() const;
  /// Modulus without leading zero (256 bytes for RSA-2048); empty for an elliptic-curve key.
  [[nodiscard]] Bytes modulus() const;
  /// SubjectPublicKeyInfo (RFC 5280 4.1.2.7).
  [[nodiscard]] Bytes public_der() const;
  /// PKCS #8, unencrypted.
  [[nodiscard]] std::string private_pem() const;

  /// RSASSA-PKCS1-v1_5 over bytes that are used as they are: what a card does with a DigestInfo (RFC 8017 9.2
  /// steps 3 to 5). Fails when `encoded` leaves no room for 11 bytes of padding.
  [[nodiscard]] Result<Bytes> sign_pkcs1_raw(ByteView encoded) const;
  /// RSASSA-PKCS1-v1_5 with SHA-256 over a message.
  [[nodiscard]] Result<Bytes> sign_sha256(ByteView message) const;
  /// RSASSA-PSS with SHA-256 over a 32-byte hash, salt as long as the hash. Not repeatable: the salt is
  /// random.
  [[nodiscard]] Result<Bytes> sign_pss_sha256_hash(ByteView hash) const;
  /// ECDSA over a hash: r and s in a row, each as long as the curve's order. Not repeatable: the nonce is
  /// random.
  [[nodiscard]] Result<Bytes> sign_ecdsa_hash(ByteView hash) const;
  /// RSAES-OAEP with SHA-256 for hash and mask, empty label.
  [[nodiscard]] Result<Bytes> decrypt_oaep_sha256(ByteView cryptogram) const;
  [[nodiscard]] Result<Bytes> encrypt_oaep_sha256(ByteView message) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  explicit KeyPair(EVP_PKEY* key) : key_(key) {}
  std::unique_ptr<EVP_PKEY, Free> key_;
};

/// RSASSA-PKCS1-v1_5 with SHA-256 under the key of this modulus and exponent 65537. Any bytes are taken.
[[nodiscard]] bool rsa_verifies_sha256(ByteView modulus, ByteView message, ByteView signature);

[[nodiscard]] Bytes sha384(ByteView bytes);

/// DER of DigestInfo{sha256, hash} (RFC 8017 9.2 note 1).
[[nodiscard]] Bytes sha256_digest_info(ByteView hash);

}  // namespace shogo::sim
