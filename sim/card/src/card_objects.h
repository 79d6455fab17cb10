// Pieces that several applications' files are made of: public keys, key ids, card-verifiable certificates.
// Layouts as published by people who read real cards; every value is synthetic.
#pragma once

#include <optional>
#include <string_view>

#include <shogo/base/bytes.h>
#include <shogo/sim/keys.h>

namespace shogo::sim {

/// 90 03 exponent, 91 modulus: the form of public keys in card data.
[[nodiscard]] Bytes public_key_object(const KeyPair& key);

/// 7 digits, 08 05, 3 digits, 4 bytes. Real ids begin with 5, test ids with 6; 9 is ours. `last_digits`: 3.
[[nodiscard]] Bytes key_id(std::string_view last_digits);

/// Key id and public key in a row: what a card holds of who certifies for it.
[[nodiscard]] Bytes certifier_record(std::string_view id_digits, const KeyPair& key);

/// What card_verifiable() certifies, when `record` (certifier_record) is its certifier and the signature
/// holds: the subject's modulus. Nothing otherwise.
[[nodiscard]] std::optional<Bytes> certified_modulus(ByteView objects, ByteView record);

/// 5F4E{ certifier, subject, the subject's public key }, 5F37{ signature over the value of 5F4E }: what
/// stands inside 7F21.
[[nodiscard]] Result<Bytes> card_verifiable(std::string_view certifier_id, const KeyPair& certifier,
                                            std::string_view subject_id, const KeyPair& subject);

}  // namespace shogo::sim
