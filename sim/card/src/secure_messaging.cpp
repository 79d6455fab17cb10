#include "secure_messaging.h"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

#include <shogo/base/secret.h>
#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

constexpr std::uint32_t kDelivery = 0xA0, kEncryptionKey = 0x80, kCryptogram = 0x86, kExpectedLength = 0x96;
constexpr std::size_t kSeedSize = 32, kBlock = 16;
constexpr std::uint8_t kPaddingIndicator = 0x01, kPadding = 0x80;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

/// Whole blocks only: padding is ours, not OpenSSL's.
Bytes aes_cbc(bool encrypt, const std::array<std::uint8_t, kBlock>& key,
              const std::array<std::uint8_t, kBlock>& iv, ByteView input) {
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
  Bytes out(input.size());
  int size = 0;
  if (!context ||
      EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, key.data(), iv.data(), encrypt ? 1 : 0) !=
          1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), out.data(), &size, input.data(), static_cast<int>(input.size())) != 1)
    return {};
  return out;
}

std::optional<Tlv> only_object(ByteView bytes) {
  std::size_t used = 0;
  auto object = parse_tlv(bytes, used);
  if (!object.ok() || used != bytes.size()) return std::nullopt;
  return std::move(object).value();
}

}  // namespace

Result<SecureChannel> SecureChannel::open(const KeyPair& key, ByteView delivered) {
  const Error wrong{Code::kCorrupt, "the delivered session key does not decrypt to A0{80{32 bytes}}"};
  auto message = key.decrypt_oaep_sha256(delivered);
  if (!message.ok()) return wrong;
  const auto outer = only_object(*message);
  const auto inner = outer && outer->tag == kDelivery ? only_object(outer->value) : std::nullopt;
  wipe(message->data(), message->size());
  if (!inner || inner->tag != kEncryptionKey || inner->value.size() != kSeedSize) return wrong;
  Block session{};
  std::copy_n(inner->value.begin(), session.size(), session.begin());
  return SecureChannel(session);
}

SecureChannel::~SecureChannel() {
  wipe(key_.data(), key_.size());
}

SecureChannel::Block SecureChannel::initial_vector() const {
  Block number{};
  for (std::size_t i = 0; i < 4; ++i) number[kBlock - 1 - i] = static_cast<std::uint8_t>(counter_ >> (8 * i));
  const Bytes encrypted = aes_cbc(true, key_, Block{}, number);
  std::copy_n(encrypted.begin(), std::min(encrypted.size(), kBlock), number.begin());
  return number;
}

std::optional<SecureChannel::Plain> SecureChannel::unwrap(bool reads, ByteView objects) {
  ++counter_;
  const auto object = only_object(objects);
  if (!object) return std::nullopt;
  Plain plain;
  if (reads) {
    if (object->tag != kExpectedLength || object->value.size() != 3 || object->value[0] != 0)
      return std::nullopt;
    plain.ne = static_cast<std::size_t>(read_be(ByteView(object->value).subspan(1)));
    if (plain.ne == 0) plain.ne = 65536;
    return plain;
  }
  if (object->tag != kCryptogram || object->value.size() < 1 + kBlock ||
      (object->value.size() - 1) % kBlock != 0 || object->value[0] != kPaddingIndicator)
    return std::nullopt;
  plain.body = aes_cbc(false, key_, initial_vector(), ByteView(object->value).subspan(1));
  while (!plain.body.empty() && plain.body.back() == 0) plain.body.pop_back();
  if (plain.body.empty() || plain.body.back() != kPadding) return std::nullopt;
  plain.body.pop_back();
  return plain;
}

Bytes SecureChannel::wrap(ByteView answer) const {
  Bytes padded(answer.begin(), answer.end());
  padded.push_back(kPadding);
  padded.resize((padded.size() + kBlock - 1) / kBlock * kBlock, 0);
  Bytes value{kPaddingIndicator};
  append(value, aes_cbc(true, key_, initial_vector(), padded));
  return make_tlv(kCryptogram, value);
}

}  // namespace shogo::sim
