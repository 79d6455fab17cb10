// The files of the visual application: card face, age record, basic data; and JPKI's token information.
// Layouts as published by people who read real cards; every value is synthetic.
#pragma once

#include <string>

#include <shogo/base/bytes.h>
#include <shogo/sim/keys.h>

namespace shogo::sim {

struct FaceData {
  std::string birth_date;  ///< YYYYMMDD
  char sex = '0';
  std::string expiry_date;  ///< YYYYMMDD
  Bytes name_png, address_png, security_code_png;
  Bytes photo_jp2;
};

/// EF 0002: FF20{ DF21 offset table, DF22 … DF2A }.
[[nodiscard]] Result<Bytes> card_face_file(const FaceData& face, const KeyPair& card_key,
                                           const KeyPair& signer);
/// EF 0001: FF10{ DF11 birth date, DF12 public key, DF13 signature }.
[[nodiscard]] Result<Bytes> age_record_file(const std::string& birth_date, const KeyPair& card_key,
                                            const KeyPair& signer);
/// EF 0005: FF40{ DF41 image, DF42 public key, DF43 signature }.
[[nodiscard]] Result<Bytes> my_number_file(const Bytes& png, const KeyPair& card_key, const KeyPair& signer);
/// EF 0003: FF30{ DF31 … DF35 }.
[[nodiscard]] Bytes visual_basic_file(const std::string& municipality, const Bytes& opaque);
/// JPKI application, EF 0006: 160 bytes laid out like CK_TOKEN_INFO of PKCS #11, numbers big-endian.
[[nodiscard]] Bytes token_info_file(const std::string& label, const std::string& serial);

}  // namespace shogo::sim
