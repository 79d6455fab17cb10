// What the defects of the updates are made of (mutants only): a device that takes what it must refuse is one
// that signs it anew with a key of its own, which it trusts. So the store that judges packages has no switch
// that would make it careless.
#pragma once

#include <cstdint>
#include <variant>

#include <shogo/contract/update_package.h>

namespace shogo::reference {

[[nodiscard]] inline contract::SigningKey own_key() {
  return *contract::SigningKey::from_seed(Bytes(32, 0xD0));
}

enum class Bend { kSigner, kDirection, kSequence };

/// The same content under its own signature; with kDirection it may be older, with kSequence never too old.
[[nodiscard]] inline Bytes signed_anew(const Bytes& package, Bend bend) {
  constexpr std::size_t kFixed = 86, kLength = 10;
  auto header = contract::claimed_header(package);
  if (!header) return package;
  if (bend == Bend::kDirection) header->roll_back = true;
  if (bend == Bend::kSequence) {
    static std::uint64_t next = 1'000'000;
    header->sequence = next++;
    header->roll_back = true;
  }
  const auto size = static_cast<std::size_t>(read_be(ByteView(package).subspan(kLength, 4)));
  return contract::write_package(*header, ByteView(package).subspan(kFixed + size), own_key());
}

[[nodiscard]] inline bool is_sound(const Bytes& package, std::span<const contract::PublicKey> trusted) {
  return std::holds_alternative<contract::Package>(contract::read_package(package, trusted));
}

}  // namespace shogo::reference
