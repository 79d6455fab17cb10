#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>

#include <fmt/core.h>
#include <openssl/evp.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/update_package.h>

namespace shogo::contract {
namespace {

constexpr std::string_view kMagic = "SHOGOUPD";
constexpr std::uint16_t kFormat = 1;
constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kPrefixSize = kMagic.size() + 2 + 4 + std::tuple_size_v<KeyId>;
constexpr std::size_t kFixedSize = kPrefixSize + kSignatureSize;

constexpr std::array<std::string_view, 5> kKindNames = {"settings", "accuracy", "card_profiles",
                                                        "firmware_data", "keys"};

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// What the signature covers.
Bytes signed_part(ByteView prefix, ByteView header) {
  Bytes all(prefix.begin(), prefix.end());
  append(all, header);
  return all;
}

bool signature_holds(const PublicKey& key, ByteView message, ByteView signature) {
  const KeyHandle handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const ContextHandle context(EVP_MD_CTX_new());
  return handle && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

struct SignedHeader {
  PackageHeader header;
  std::uint64_t content_size = 0;
  std::string content_sha256;
};

Result<SignedHeader> parse_header(std::string_view text) {
  SHOGO_TRY(const json::value value, parse_json(text, "package header"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(value, "package header"));
  SHOGO_CHECK_OK(object.only({"kind", "version", "sequence", "roll_back", "content_size", "content_sha256"}));
  SignedHeader read;
  SHOGO_TRY(const std::string kind, object.string("kind"));
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), kind);
  if (found == kKindNames.end())
    return Error{Code::kUnsupported, fmt::format("package header: kind \"{}\" is none we know", kind)};
  read.header.kind = static_cast<PackageKind>(found - kKindNames.begin());
  SHOGO_TRY(const std::string version, object.string("version"));
  SHOGO_TRY(read.header.version, PackageVersion::parse(version));
  SHOGO_TRY(const std::int64_t sequence, object.integer("sequence"));
  SHOGO_TRY(const std::int64_t size, object.integer("content_size"));
  if (sequence < 1 || size < 0)
    return Error{Code::kInvalid, "package header: sequence is at least 1, content_size at least 0"};
  read.header.sequence = static_cast<std::uint64_t>(sequence);
  read.content_size = static_cast<std::uint64_t>(size);
  SHOGO_TRY(read.header.roll_back, object.boolean("roll_back"));
  SHOGO_TRY(read.content_sha256, object.string("content_sha256"));
  return read;
}

}  // namespace

std::string_view to_string(PackageKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(PackageRefusal refusal) {
  switch (refusal) {
    case PackageRefusal::kNotAPackage:
      return "not_a_package";
    case PackageRefusal::kTruncated:
      return "truncated";
    case PackageRefusal::kTooLarge:
      return "too_large";
    case PackageRefusal::kUnknownKey:
      return "unknown_key";
    case PackageRefusal::kBadSignature:
      return "bad_signature";
    case PackageRefusal::kWrongContent:
      return "wrong_content";
    case PackageRefusal::kBadHeader:
      return "bad_header";
  }
  return "unknown";
}

Result<PackageVersion> PackageVersion::parse(std::string_view text) {
  std::array<std::uint16_t, 3> numbers{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::uint32_t number = 0;
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < 5)
      number = number * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    const bool leading_zero = at - begin > 1 && text[begin] == '0';
    const bool ends_well = i + 1 < numbers.size() ? at < text.size() && text[at] == '.' : at == text.size();
    if (at == begin || leading_zero || number > 0xFFFF || !ends_well)
      return Error{Code::kInvalid,
                   "a version is three numbers up to 65535 with dots between, for example 1.4.0"};
    numbers[i] = static_cast<std::uint16_t>(number);
    ++at;
  }
  return PackageVersion{numbers[0], numbers[1], numbers[2]};
}

std::string PackageVersion::text() const {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

Result<std::vector<PublicKey>> public_keys(std::span<const std::string> hex) {
  std::vector<PublicKey> keys;
  for (const std::string& digits : hex) {
    const auto bytes = from_hex(digits);
    if (!bytes.ok() || bytes->size() != std::tuple_size_v<PublicKey>)
      return Error{Code::kInvalid, fmt::format("a public key has 64 hex digits, got \"{}\"", digits)};
    std::copy(bytes->begin(), bytes->end(), keys.emplace_back().begin());
  }
  return keys;
}

KeyId key_id(const PublicKey& key) {
  KeyId id{};
  const Bytes hash = sha256(key);
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

Result<SigningKey> SigningKey::from_seed(ByteView seed) {
  if (seed.size() != 32) return Error{Code::kInvalid, "an Ed25519 key has 32 bytes"};
  SigningKey key;
  key.seed_ = Secret(seed.size());
  for (const std::uint8_t byte : seed) key.seed_.push_back(byte);
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  std::size_t size = key.public_.size();
  if (!handle || EVP_PKEY_get_raw_public_key(handle.get(), key.public_.data(), &size) != 1)
    return Error{Code::kInternal, "this OpenSSL has no Ed25519"};
  return key;
}

std::array<std::uint8_t, 64> SigningKey::sign(ByteView message) const {
  std::array<std::uint8_t, 64> signature{};
  const auto seed = seed_.expose();
  const KeyHandle handle(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  const ContextHandle context(EVP_MD_CTX_new());
  std::size_t size = signature.size();
  const bool made =
      handle && context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
  assert(made);  // from_seed() has shown that this OpenSSL can
  (void)made;
  return signature;
}

Bytes write_package(const PackageHeader& header, ByteView content, const SigningKey& key) {
  const std::string text = fmt::format(
      R"({{"kind":"{}","version":"{}","sequence":{},"roll_back":{},"content_size":{},"content_sha256":"{}"}})",
      to_string(header.kind), header.version.text(), header.sequence, header.roll_back, content.size(),
      sha256_hex(content));
  Bytes package;
  append(package, as_bytes(kMagic));
  append_be16(package, kFormat);
  append_be32(package, static_cast<std::uint32_t>(text.size()));
  append(package, key_id(key.public_key()));
  const auto signature = key.sign(signed_part(package, as_bytes(text)));
  append(package, signature);
  append(package, as_bytes(text));
  append(package, content);
  return package;
}

std::variant<Package, PackageRefusal> read_package(ByteView bytes, std::span<const PublicKey> trusted) {
  if (bytes.size() < kMagic.size() || as_text(bytes.first(kMagic.size())) != kMagic)
    return PackageRefusal::kNotAPackage;
  if (bytes.size() < kFixedSize) return PackageRefusal::kTruncated;
  if (read_be(bytes.subspan(kMagic.size(), 2)) != kFormat) return PackageRefusal::kNotAPackage;
  const std::size_t header_size = read_be(bytes.subspan(kMagic.size() + 2, 4));
  if (header_size > kMaxPackageHeader) return PackageRefusal::kTooLarge;
  if (bytes.size() < kFixedSize + header_size) return PackageRefusal::kTruncated;
  const ByteView prefix = bytes.first(kPrefixSize);
  const ByteView id = prefix.last(std::tuple_size_v<KeyId>);
  const ByteView header_text = bytes.subspan(kFixedSize, header_size);
  const ByteView content = bytes.subspan(kFixedSize + header_size);

  const auto key = std::find_if(trusted.begin(), trusted.end(), [&](const PublicKey& candidate) {
    return std::ranges::equal(key_id(candidate), id);
  });
  if (key == trusted.end()) return PackageRefusal::kUnknownKey;
  if (!signature_holds(*key, signed_part(prefix, header_text), bytes.subspan(kPrefixSize, kSignatureSize)))
    return PackageRefusal::kBadSignature;

  const auto header = parse_header(as_text(header_text));
  if (!header.ok()) return PackageRefusal::kBadHeader;
  if (header->content_size > kMaxPackageContent) return PackageRefusal::kTooLarge;
  if (content.size() != header->content_size) return PackageRefusal::kTruncated;
  if (sha256_hex(content) != header->content_sha256) return PackageRefusal::kWrongContent;
  return Package{header->header, key_id(*key), content};
}

std::optional<PackageHeader> claimed_header(ByteView bytes) {
  if (bytes.size() < kFixedSize || as_text(bytes.first(kMagic.size())) != kMagic) return std::nullopt;
  const std::size_t header_size = read_be(bytes.subspan(kMagic.size() + 2, 4));
  if (header_size > kMaxPackageHeader || bytes.size() < kFixedSize + header_size) return std::nullopt;
  const auto header = parse_header(as_text(bytes.subspan(kFixedSize, header_size)));
  if (!header.ok()) return std::nullopt;
  return header->header;
}

}  // namespace shogo::contract
