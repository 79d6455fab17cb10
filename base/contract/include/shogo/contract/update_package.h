// Update packages: how anything new reaches a device after it was sold — settings, the accuracy file of 3-3,
// card profiles (1-8.c), firmware data and the keys that may sign the next package (4-9).
// *Synthetic*: the real delivery format is not public. docs/updates.md has the format and the threat model.
//
//   magic "SHOGOUPD" | u16 format = 1 | u32 header length | key id (8) | signature (64) | header | content
//
// Numbers are big-endian. The signature (Ed25519, RFC 8032) covers everything before itself and the header;
// the header is JSON and holds size and SHA-256 of the content. Nothing is interpreted before its signature
// holds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/secret.h>

namespace shogo::contract {

enum class PackageKind { kSettings, kAccuracy, kCardProfiles, kFirmwareData, kKeys };
[[nodiscard]] std::string_view to_string(PackageKind kind);

/// "1.12.3": three numbers of up to five digits, compared one after another.
struct PackageVersion {
  std::uint16_t major = 0, minor = 0, patch = 0;
  static Result<PackageVersion> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const PackageVersion&, const PackageVersion&) = default;
};

struct PackageHeader {
  PackageKind kind = PackageKind::kSettings;
  PackageVersion version;
  /// Grows with every package of a kind that is ever signed, so that an old one cannot be played again; at
  /// least 1.
  std::uint64_t sequence = 0;
  /// Only such a package may bring an older version (3-3.b: a signed roll-back is no replay).
  bool roll_back = false;
};

constexpr std::size_t kMaxPackageHeader = 4096;
constexpr std::size_t kMaxPackageContent = 16U << 20;

using PublicKey = std::array<std::uint8_t, 32>;
using KeyId = std::array<std::uint8_t, 8>;
/// The first 8 bytes of the key's SHA-256.
[[nodiscard]] KeyId key_id(const PublicKey& key);

/// From 64 hex digits each.
[[nodiscard]] Result<std::vector<PublicKey>> public_keys(std::span<const std::string> hex);

/// An Ed25519 private key: 32 bytes, wiped at the end.
class SigningKey {
 public:
  /// `seed`: 32 bytes (RFC 8032 5.1.5); kInvalid otherwise.
  static Result<SigningKey> from_seed(ByteView seed);
  [[nodiscard]] const PublicKey& public_key() const { return public_; }
  [[nodiscard]] std::array<std::uint8_t, 64> sign(ByteView message) const;

 private:
  SigningKey() = default;
  Secret seed_;
  PublicKey public_{};
};

/// `content` is at most kMaxPackageContent; the caller guarantees it.
[[nodiscard]] Bytes write_package(const PackageHeader& header, ByteView content, const SigningKey& key);

struct Package {
  PackageHeader header;
  KeyId signer{};
  ByteView content;  ///< borrows from the bytes that were read
};

/// Why a package is refused; what a log may say.
enum class PackageRefusal {
  kNotAPackage,   ///< another magic or format
  kTruncated,     ///< ends before its own lengths do, or goes on behind them
  kTooLarge,      ///< header or content over the limit
  kUnknownKey,    ///< signed by nobody who is trusted here
  kBadSignature,  ///< a bit differs from what was signed
  kWrongContent,  ///< the content is not the one that the header names
  kBadHeader,     ///< signed, but says something this program does not understand
};
[[nodiscard]] std::string_view to_string(PackageRefusal refusal);

/// Pure; no input makes it throw or read outside `bytes`.
[[nodiscard]] std::variant<Package, PackageRefusal> read_package(ByteView bytes,
                                                                 std::span<const PublicKey> trusted);

/// What a package says of itself, with nothing verified: for whoever passes packages on, never for whoever
/// installs them. Nothing where its header cannot be read.
[[nodiscard]] std::optional<PackageHeader> claimed_header(ByteView bytes);

}  // namespace shogo::contract
