// What a card does with its keys: signatures, INTERNAL AUTHENTICATE, secure messaging.
#include "status_word.h"
#include "virtual_card_parts.h"

namespace shogo::sim {
namespace {

constexpr std::size_t kLongestSignInput = 245;  // 256 bytes of modulus less 11 of padding
constexpr std::size_t kSha384 = 48;

enum class Kind : std::uint8_t { kRaw, kHashBare, kAddInfo, kHashAndInfo, kPss, kHashPss };

/// Nothing for a length that this kind does not take.
std::optional<Result<Bytes>> rsa_signature(const KeyPair& key, Kind kind, ByteView body) {
  const bool takes_hash = kind == Kind::kAddInfo || kind == Kind::kPss;
  if (body.empty() || (takes_hash && body.size() != 32) ||
      (kind == Kind::kRaw && body.size() > kLongestSignInput))
    return std::nullopt;
  const Bytes hash = takes_hash ? Bytes(body.begin(), body.end()) : sha256(body);
  switch (kind) {
    case Kind::kRaw:
      return key.sign_pkcs1_raw(body);
    case Kind::kHashBare:
      return key.sign_pkcs1_raw(hash);
    case Kind::kAddInfo:
    case Kind::kHashAndInfo:
      return key.sign_pkcs1_raw(sha256_digest_info(hash));
    case Kind::kPss:
    case Kind::kHashPss:
      return key.sign_pss_sha256_hash(hash);
  }
  return std::nullopt;
}

/// The next card's keys (*synthetic*: nothing is published): P1 00 takes a SHA-384 hash, 03 hashes.
std::optional<Result<Bytes>> p384_signature(const KeyPair& key, Kind kind, ByteView body) {
  if (kind == Kind::kRaw && body.size() == kSha384) return key.sign_ecdsa_hash(body);
  if (kind == Kind::kHashAndInfo && !body.empty()) return key.sign_ecdsa_hash(sha384(body));
  return std::nullopt;
}

}  // namespace

const CardKey* VirtualCard::key_for(std::uint8_t p2, std::uint16_t& problem) {
  problem = sw::kOk;
  const CardKey* key = nullptr;
  if (p2 == 0x00) {
    for (const CardKey& item : current_application_->keys)
      if (item.is_default) key = &item;
    if (key == nullptr) problem = sw::kWrongP1P2;
  } else if (p2 == 0x80) {
    key = current_kind_ == CurrentKind::kNone ? nullptr : find_by_id(current_application_->keys, current_id_);
    if (key == nullptr)
      problem = current_kind_ == CurrentKind::kNone ? sw::kReferenceNotFound : sw::kWrongFileType;
  } else if ((p2 & 0xE0) == 0x80) {
    key = find_by_id(current_application_->keys, p2 & 0x1F);
    if (key == nullptr) {
      problem = sw::kReferenceNotFound;
    } else {
      set_current(key->id);
    }
  } else {
    problem = sw::kWrongP1P2;
  }
  return key;
}

VirtualCard::Reply VirtualCard::sign(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 > static_cast<std::uint8_t>(Kind::kHashPss)) return {sw::kWrongP1P2, {}};
  if (current_application_ == nullptr) return {sw::kConditions, {}};
  std::uint16_t problem = sw::kOk;
  const CardKey* key = key_for(apdu.p2, problem);
  if (key == nullptr) return {problem, {}};
  if (!allowed(key->use)) return {sw::kSecurityStatus, {}};
  if (key->purpose != CardKey::Purpose::kSign) return {sw::kConditions, {}};
  if (apdu.ne == 0) return {sw::kWrongLength, {}};
  const KeyPair& pair = contents_.keys.at(key->key);
  const auto kind = static_cast<Kind>(apdu.p1);
  const auto signature =
      pair.is_rsa() ? rsa_signature(pair, kind, apdu.body) : p384_signature(pair, kind, apdu.body);
  if (!signature) return {sw::kConditions, {}};
  if (!signature->ok()) return {sw::kInternal, {}};
  return {sw::kOk, **signature};
}

VirtualCard::Reply VirtualCard::internal_authenticate(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0) return {sw::kWrongP1P2, {}};
  if (current_application_ == nullptr) return {sw::kConditions, {}};
  std::uint16_t problem = sw::kOk;
  const CardKey* key = key_for(apdu.p2, problem);
  if (key == nullptr) return {problem, {}};
  if (key->purpose != CardKey::Purpose::kInternalAuthenticate) return {sw::kConditions, {}};
  if (!allowed(key->use)) return {sw::kSecurityStatus, {}};
  if (apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  const auto answer = contents_.keys.at(key->key).sign_sha256(apdu.body);
  if (!answer.ok()) return {sw::kInternal, {}};
  return {sw::kOk, *answer};
}

VirtualCard::Reply VirtualCard::set_session_key(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (current_application_ == nullptr || !current_application_->secure_messaging)
    return {sw::kInstructionNotSupported, {}};
  if (apdu.p1 != 0 || apdu.p2 != 0) return {sw::kWrongP1P2, {}};
  const SecureMessagingRule& rule = *current_application_->secure_messaging;
  if (!allowed(rule.open)) return {sw::kSecurityStatus, {}};  // before anything is decrypted
  auto channel = SecureChannel::open(contents_.keys.at(rule.key), apdu.body);
  if (!channel.ok()) return {sw::kWrongData, {}};
  channel_ = std::make_unique<SecureChannel>(std::move(channel).value());
  return {sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::secured(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (current_application_ == nullptr || !current_application_->secure_messaging)
    return {sw::kClassNotSupported, {}};
  if (!channel_) return {sw::kNoSession, {}};
  if (apdu.cla == kSecuredWithHeader) return {sw::kObjectsMissing, {}};
  const bool reads = apdu.ins == ins::kReadBinary;
  if (!reads && apdu.ins != ins::kVerify && !(apdu.ins == ins::kSelect && apdu.p1 == 0x02))
    return {sw::kInstructionNotSupported, {}};
  auto plain = channel_->unwrap(reads, apdu.body);
  if (!plain) {
    channel_.reset();
    return {sw::kObjectsWrong, {}};
  }
  Command inner{CommandApdu{kInterindustry, apdu.ins, apdu.p1, apdu.p2, plain->body, plain->ne, true}};
  Reply reply = dispatch(inner);
  wipe(plain->body.data(), plain->body.size());
  if (!reply.data.empty()) reply.data = channel_->wrap(reply.data);
  return reply;
}

}  // namespace shogo::sim
