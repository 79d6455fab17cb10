// VERIFY, CHANGE REFERENCE DATA and COMPUTE DIGITAL SIGNATURE: everything that looks at a secret.
#include "status_word.h"
#include "virtual_card_parts.h"

#include <openssl/crypto.h>

namespace shogo::sim {
namespace {

constexpr std::size_t kLongestVerifyBody = 16;
constexpr std::size_t kLongestSignInput = 245;  // 256 bytes of modulus less 11 of padding

std::uint16_t tries_word(int tries) {
  return static_cast<std::uint16_t>(sw::kTriesLeft | tries);
}

bool fits(const CardPin& pin, ByteView value) {
  if (value.size() < pin.min_length || value.size() > pin.max_length) return false;
  return std::all_of(value.begin(), value.end(), [&](std::uint8_t byte) {
    const bool digit = byte >= '0' && byte <= '9';
    return digit || (pin.alphabet == CardPin::Alphabet::kUpperCaseAndDigits && byte >= 'A' && byte <= 'Z');
  });
}

bool same(const Secret& secret, ByteView given) {
  return secret.size() == given.size() &&
         CRYPTO_memcmp(secret.expose().data(), given.data(), given.size()) == 0;
}

}  // namespace

VirtualCard::Reply VirtualCard::verify(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0 || (apdu.p2 & 0xE0) != 0x80) return {sw::kWrongP1P2, {}};
  if (const std::uint16_t sfi = apdu.p2 & 0x1F; sfi != 0 && !set_current(sfi))
    return {sw::kReferenceNotFound, {}};
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone)
    return {sw::kReferenceNotFound, {}};
  const CardPin* pin = find_by_id(current_application_->pins, current_id_);
  if (pin == nullptr) return {sw::kWrongFileType, {}};
  Pin& state = pin_state(*current_application_, pin->id);
  if (apdu.body.empty()) return {tries_word(state.tries_left), {}};  // a query costs nothing
  if (apdu.body.size() > kLongestVerifyBody) return {sw::kWrongLength, {}};
  if (state.tries_left == 0) return {sw::kBlocked, {}};
  if (!same(state.value, apdu.body)) {
    state.verified = false;
    --state.tries_left;
    return {tries_word(state.tries_left), {}};
  }
  state.tries_left = pin->tries;
  state.verified = true;
  return {sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::change_reference_data(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0x01 || (apdu.p2 & 0xE0) != 0x80) return {sw::kWrongP1P2, {}};
  if (const std::uint16_t sfi = apdu.p2 & 0x1F; sfi != 0 && !set_current(sfi))
    return {sw::kReferenceNotFound, {}};
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone)
    return {sw::kReferenceNotFound, {}};
  const CardPin* pin = find_by_id(current_application_->pins, current_id_);
  if (pin == nullptr) return {sw::kWrongFileType, {}};
  Pin& state = pin_state(*current_application_, pin->id);
  if (state.tries_left == 0) return {sw::kBlocked, {}};
  if (!state.verified) return {sw::kSecurityStatus, {}};
  if (!pin->changeable) return {sw::kConditions, {}};
  if (!fits(*pin, apdu.body)) return {sw::kWrongData, {}};
  state.value.clear();
  for (const std::uint8_t byte : apdu.body) state.value.push_back(byte);
  return {sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::sign(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 > 0x05) return {sw::kWrongP1P2, {}};
  if (current_application_ == nullptr) return {sw::kConditions, {}};
  const CardKey* key = nullptr;
  if (apdu.p2 == 0x00) {
    for (const CardKey& item : current_application_->keys)
      if (item.is_default) key = &item;
    if (key == nullptr) return {sw::kWrongP1P2, {}};
  } else if (apdu.p2 == 0x80) {
    if (current_kind_ == CurrentKind::kNone) return {sw::kReferenceNotFound, {}};
    key = find_by_id(current_application_->keys, current_id_);
    if (key == nullptr) return {sw::kWrongFileType, {}};
  } else if ((apdu.p2 & 0xE0) == 0x80) {
    key = find_by_id(current_application_->keys, apdu.p2 & 0x1F);
    if (key == nullptr) return {sw::kReferenceNotFound, {}};
    set_current(key->id);
  } else {
    return {sw::kWrongP1P2, {}};
  }
  if (!allowed(key->use)) return {sw::kSecurityStatus, {}};
  if (apdu.ne == 0) return {sw::kWrongLength, {}};

  enum Kind : std::uint8_t { kRaw, kHashBare, kAddInfo, kHashAndInfo, kPss, kHashPss };
  const bool takes_hash = apdu.p1 == kAddInfo || apdu.p1 == kPss;
  if (apdu.body.empty() || (takes_hash && apdu.body.size() != 32) ||
      (apdu.p1 == kRaw && apdu.body.size() > kLongestSignInput))
    return {sw::kConditions, {}};
  const Bytes hash = takes_hash ? Bytes(apdu.body.begin(), apdu.body.end()) : sha256(apdu.body);
  const KeyPair& pair = contents_.keys.at(key->key);
  const auto signature = [&]() -> Result<Bytes> {
    switch (static_cast<Kind>(apdu.p1)) {
      case kRaw:
        return pair.sign_pkcs1_raw(apdu.body);
      case kHashBare:
        return pair.sign_pkcs1_raw(hash);
      case kAddInfo:
      case kHashAndInfo:
        return pair.sign_pkcs1_raw(sha256_digest_info(hash));
      case kPss:
      case kHashPss:
        return pair.sign_pss_sha256_hash(hash);
    }
    return Error{Code::kInternal, "unreachable kind of signature"};
  }();
  if (!signature.ok()) return {sw::kInternal, {}};
  return {sw::kOk, *signature};
}

}  // namespace shogo::sim
