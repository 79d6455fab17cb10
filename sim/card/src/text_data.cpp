#include "text_data.h"

#include "card_objects.h"
#include <array>

#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

Bytes simple_tlv(std::uint8_t tag, ByteView value) {
  Bytes record{tag, static_cast<std::uint8_t>(value.size())};
  append(record, value);
  return record;
}

}  // namespace

Bytes text_my_number_file(const std::string& digits) {
  Bytes file = make_tlv(0xFF10, as_bytes(digits));
  append(file, "FFFF"_hex);
  return file;
}

Bytes text_attributes_file(const std::string& name, const std::string& address, const std::string& birth_date,
                           char sex) {
  const std::array<Bytes, 4> objects = {make_tlv(0xDF22, as_bytes(name)), make_tlv(0xDF23, as_bytes(address)),
                                        make_tlv(0xDF24, as_bytes(birth_date)),
                                        make_tlv(0xDF25, as_bytes({&sex, 1}))};
  constexpr std::size_t kTableObject = 2 + 1 + 2 * objects.size();
  std::size_t size = kTableObject;
  for (const Bytes& object : objects) size += object.size();
  std::size_t offset = make_tlv(0xFF20, Bytes(size)).size() - size + kTableObject;
  Bytes table;
  for (const Bytes& object : objects) {
    append_be16(table, static_cast<std::uint16_t>(offset));
    offset += object.size();
  }
  Bytes value = make_tlv(0xDF21, table);
  for (const Bytes& object : objects) append(value, object);
  return make_tlv(0xFF20, value);
}

Result<Bytes> text_digests_file(const Bytes& my_number_file, const Bytes& attributes_file,
                                const KeyPair& signer) {
  std::size_t used = 0;
  SHOGO_TRY(const Tlv outer, parse_tlv(attributes_file, used));
  SHOGO_TRY([[maybe_unused]] const Tlv table, parse_tlv(outer.value, used));
  Bytes objects = make_tlv(0xDF31, sha256(my_number_file));
  append(objects, make_tlv(0xDF32, sha256(ByteView(outer.value).subspan(used))));
  SHOGO_TRY(const Bytes signature, signer.sign_sha256(objects));
  append(objects, make_tlv(0xDF33, signature));
  return make_tlv(0xFF30, objects);
}

Bytes text_basic_file(const Bytes& opaque32) {
  Bytes opaque = opaque32;
  opaque.resize(128, 0xFF);
  Bytes objects = make_tlv(0xDF41, "01030E01"_hex);
  append(objects, make_tlv(0xDF42, key_id("021")));
  append(objects, make_tlv(0xDF43, opaque));
  Bytes file = make_tlv(0xFF40, objects);
  file.resize(256, 0xFF);  // a common client reads exactly 256
  return file;
}

Bytes session_key_file(const KeyPair& key) {
  return make_tlv(0xA1, public_key_object(key));
}

Result<Bytes> text_signed_key_file(const KeyPair& key, const KeyPair& signer) {
  Bytes objects = make_tlv(0xDF51, public_key_object(key));
  SHOGO_TRY(const Bytes signature, signer.sign_sha256(objects));
  append(objects, make_tlv(0xDF52, signature));
  return make_tlv(0xFF50, objects);
}

Bytes card_number_record(const std::string& serial, const std::string& municipality,
                         const std::string& expiry_date) {
  return simple_tlv(0x01, as_bytes(serial + municipality + expiry_date));
}

Bytes key_reference_record() {
  return simple_tlv(0x01, key_id("031"));
}

}  // namespace shogo::sim
