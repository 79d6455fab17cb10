#include "face_data.h"

#include "card_objects.h"
#include <array>

#include <fmt/core.h>

#include <shogo/base/tlv.h>

namespace shogo::sim {
namespace {

/// 15-bit offsets of READ BINARY end here.
constexpr std::size_t kLargestFile = 0x7FFF;

Bytes padded(std::string_view text, std::size_t size, char filler) {
  std::string out(text.substr(0, size));
  out.resize(size, filler);
  return Bytes(out.begin(), out.end());
}

/// FFx0{ value object, public key object, signature over the two }.
Result<Bytes> signed_record(std::uint32_t outer, std::uint32_t first, ByteView value, const KeyPair& card_key,
                            const KeyPair& signer) {
  Bytes objects = make_tlv(first, value);
  append(objects, make_tlv(first + 1, public_key_object(card_key)));
  SHOGO_TRY(const Bytes signature, signer.sign_sha256(objects));
  append(objects, make_tlv(first + 2, signature));
  return make_tlv(outer, objects);
}

}  // namespace

Result<Bytes> card_face_file(const FaceData& face, const KeyPair& card_key, const KeyPair& signer) {
  std::array<Bytes, 9> objects;  // DF22 to DF2A
  objects[0] = make_tlv(0xDF22, as_bytes(face.birth_date));
  objects[1] = make_tlv(0xDF23, as_bytes({&face.sex, 1}));
  objects[2] = make_tlv(0xDF24, public_key_object(card_key));
  objects[3] = make_tlv(0xDF25, face.name_png);
  objects[4] = make_tlv(0xDF26, face.address_png);
  objects[5] = make_tlv(0xDF27, face.photo_jp2);
  objects[7] = make_tlv(0xDF29, as_bytes(face.expiry_date));
  objects[8] = make_tlv(0xDF2A, face.security_code_png);

  // Three digests stand in one DigestInfo that names SHA-256 once. DF29 and DF2A are outside the signature.
  Bytes digests;
  const auto add_digest = [&](std::size_t from, std::size_t to) {
    Bytes group;
    for (std::size_t i = from; i <= to; ++i) append(group, objects[i]);
    append(digests, sha256(group));
  };
  add_digest(0, 2);
  add_digest(3, 4);
  add_digest(5, 5);
  // SEQUENCE { SEQUENCE { sha256, NULL }, OCTET STRING of 96 bytes }
  Bytes digest_info = "3071300D060960864801650304020105000460"_hex;
  append(digest_info, digests);
  SHOGO_TRY(const Bytes signature, signer.sign_pkcs1_raw(digest_info));
  objects[6] = make_tlv(0xDF28, signature);

  constexpr std::size_t kTableObject = 2 + 1 + 2 * 9;
  std::size_t size = kTableObject;
  for (const Bytes& object : objects) size += object.size();
  const std::size_t header = make_tlv(0xFF20, Bytes(size), 2).size() - size;
  if (header + size > kLargestFile)
    return Error{Code::kInvalid,
                 fmt::format("card face data of {} bytes; at most {} can be read: use a smaller photo",
                             header + size, kLargestFile)};
  Bytes table;
  std::size_t offset = header + kTableObject;
  for (const Bytes& object : objects) {
    append_be16(table, static_cast<std::uint16_t>(offset));
    offset += object.size();
  }
  Bytes value = make_tlv(0xDF21, table);
  for (const Bytes& object : objects) append(value, object);
  return make_tlv(0xFF20, value, 2);
}

Result<Bytes> age_record_file(const std::string& birth_date, const KeyPair& card_key, const KeyPair& signer) {
  return signed_record(0xFF10, 0xDF11, as_bytes(birth_date), card_key, signer);
}

Result<Bytes> my_number_file(const Bytes& png, const KeyPair& card_key, const KeyPair& signer) {
  return signed_record(0xFF40, 0xDF41, png, card_key, signer);
}

Bytes visual_basic_file(const std::string& municipality, const Bytes& opaque) {
  Bytes objects = make_tlv(0xDF31, "06030E01"_hex);
  append(objects, make_tlv(0xDF32, key_id("001")));
  append(objects, make_tlv(0xDF33, "01"_hex));
  append(objects, make_tlv(0xDF34, as_bytes(municipality)));
  append(objects, make_tlv(0xDF35, opaque));
  return make_tlv(0xFF30, objects);
}

Bytes token_info_file(const std::string& label, const std::string& serial) {
  Bytes out = padded(label, 32, ' ');
  append(out, padded(std::string(31, '0') + "1", 32, ' '));
  append(out, padded("SHOGO-SYNTHETIC", 16, ' '));
  append(out, padded(serial, 16, ' '));
  append_be32(out, 0x0000040D);  // flags: RNG, login required, PIN initialised, token initialised
  for (const std::uint32_t number : {1U, 0U, 1U, 0U, 16U, 6U}) append_be32(out, number);
  for (int i = 0; i < 4; ++i) append_be32(out, 0xFFFFFFFF);
  append(out, as_bytes("03"));
  append(out, as_bytes("01"));
  append(out, as_bytes(std::string(16, '9')));
  return out;
}

}  // namespace shogo::sim
