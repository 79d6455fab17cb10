// Secure messaging of the text application: AES-128-CBC without a checksum, session key delivered by
// RSA-OAEP. Only encryption: whoever flips bits on the way is not noticed. As published by people who
// examined cards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/sim/keys.h>

namespace shogo::sim {

/// The card's end of one session.
class SecureChannel {
 public:
  /// `delivered`: RSA-OAEP with SHA-256 of A0{ 80{ 32 bytes } }; the first 16 of them are the key. Fails when
  /// it does not decrypt to that.
  static Result<SecureChannel> open(const KeyPair& key, ByteView delivered);
  ~SecureChannel();
  SecureChannel(SecureChannel&&) noexcept = default;
  SecureChannel& operator=(SecureChannel&&) noexcept = default;
  SecureChannel(const SecureChannel&) = delete;
  SecureChannel& operator=(const SecureChannel&) = delete;

  struct Plain {
    Bytes body;
    std::size_t ne = 0;
  };
  /// Takes the one object that belongs to a command: 86{ 01, cryptogram } for a body, 96{ 00, length } for
  /// READ BINARY (0: all that is left). Nothing when it is another, or does not decrypt; the session must
  /// then end. Counts the command.
  [[nodiscard]] std::optional<Plain> unwrap(bool reads, ByteView objects);
  /// 86{ 01, cryptogram } for the answer to the command taken last.
  [[nodiscard]] Bytes wrap(ByteView answer) const;

 private:
  using Block = std::array<std::uint8_t, 16>;
  explicit SecureChannel(const Block& key) : key_(key) {}
  [[nodiscard]] Block initial_vector() const;
  Block key_;
  std::uint32_t counter_ = 0;
};

}  // namespace shogo::sim
