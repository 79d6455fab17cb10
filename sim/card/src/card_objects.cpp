#include "card_objects.h"

#include <algorithm>

#include <shogo/base/tlv.h>

namespace shogo::sim {

Bytes public_key_object(const KeyPair& key) {
  Bytes out = make_tlv(0x90, "010001"_hex);
  append(out, make_tlv(0x91, key.modulus()));
  return out;
}

Bytes key_id(std::string_view last_digits) {
  Bytes id;
  append(id, as_bytes("9999999"));
  append(id, "0805"_hex);
  append(id, as_bytes(last_digits));
  append(id, "00000001"_hex);
  return id;
}

Bytes certifier_record(std::string_view id_digits, const KeyPair& key) {
  Bytes record = key_id(id_digits);
  append(record, public_key_object(key));
  return record;
}

namespace {

constexpr std::size_t kKeyIdSize = 16;

/// The modulus inside a public key object with our exponent; nothing when it is anything else.
std::optional<Bytes> modulus_of(ByteView public_key) {
  const auto objects = parse_tlv_list(public_key);
  if (!objects.ok() || objects->size() != 2) return std::nullopt;
  const Tlv* exponent = find_tlv(*objects, 0x90);
  const Tlv* modulus = find_tlv(*objects, 0x91);
  const bool sound = exponent != nullptr &&
                     Bytes(exponent->value.begin(), exponent->value.end()) == "010001"_hex &&
                     modulus != nullptr && modulus->value.size() == 256;
  return sound ? std::optional(Bytes(modulus->value.begin(), modulus->value.end())) : std::nullopt;
}

}  // namespace

std::optional<Bytes> certified_modulus(ByteView objects, ByteView record) {
  const auto parts = parse_tlv_list(objects);
  if (!parts.ok() || parts->size() != 2 || record.size() < kKeyIdSize) return std::nullopt;
  const Tlv* body = find_tlv(*parts, 0x5F4E);
  const Tlv* signature = find_tlv(*parts, 0x5F37);
  if (body == nullptr || signature == nullptr || body->value.size() < 2 * kKeyIdSize) return std::nullopt;
  const ByteView certifier = ByteView(body->value).first(kKeyIdSize);
  const auto certifier_modulus = modulus_of(record.subspan(kKeyIdSize));
  if (!certifier_modulus || !std::equal(certifier.begin(), certifier.end(), record.begin()))
    return std::nullopt;
  if (!rsa_verifies_sha256(*certifier_modulus, body->value, signature->value)) return std::nullopt;
  return modulus_of(ByteView(body->value).subspan(2 * kKeyIdSize));
}

Result<Bytes> card_verifiable(std::string_view certifier_id, const KeyPair& certifier,
                              std::string_view subject_id, const KeyPair& subject) {
  Bytes body = key_id(certifier_id);
  append(body, key_id(subject_id));
  append(body, public_key_object(subject));
  SHOGO_TRY(const Bytes signature, certifier.sign_sha256(body));
  Bytes objects = make_tlv(0x5F4E, body);
  append(objects, make_tlv(0x5F37, signature));
  return objects;
}

}  // namespace shogo::sim
