#include "card_objects.h"

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
