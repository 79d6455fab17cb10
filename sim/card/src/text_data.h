// The files of the text application (券面事項入力補助AP) and the records of the common application. Layouts
// as published by people who read real cards; every value is synthetic.
#pragma once

#include <string>

#include <shogo/base/bytes.h>
#include <shogo/sim/keys.h>

namespace shogo::sim {

/// EF 0001: FF10{ 12 digits } and two bytes FF, 17 in all.
[[nodiscard]] Bytes text_my_number_file(const std::string& digits);
/// EF 0002: FF20{ DF21 offset table, DF22 name, DF23 address, DF24 birth date, DF25 sex }, texts in UTF-8.
[[nodiscard]] Bytes text_attributes_file(const std::string& name, const std::string& address,
                                         const std::string& birth_date, char sex);
/// EF 0003: FF30{ DF31 SHA-256 of the whole 0001, DF32 SHA-256 of 0002's objects after the table, DF33 }.
[[nodiscard]] Result<Bytes> text_digests_file(const Bytes& my_number_file, const Bytes& attributes_file,
                                              const KeyPair& signer);
/// EF 0005: FF40{ DF41 … DF43 } with filler to 256 bytes.
[[nodiscard]] Bytes text_basic_file(const Bytes& opaque32);
/// EF 0006: A1{ public key } to which a session key is encrypted.
[[nodiscard]] Bytes session_key_file(const KeyPair& key);
/// EF 0007: FF50{ DF51 public key of the application's own key, DF52 signature over DF51 }.
[[nodiscard]] Result<Bytes> text_signed_key_file(const KeyPair& key, const KeyPair& signer);

/// Common application, EF 0001, record 1: serial 15 digits, municipality 5, expiry YYYYMMDD.
[[nodiscard]] Bytes card_number_record(const std::string& serial, const std::string& municipality,
                                       const std::string& expiry_date);
/// Common and resident application, EF 0002, record 1: a key id.
[[nodiscard]] Bytes key_reference_record();

}  // namespace shogo::sim
