// BER-TLV (ISO/IEC 7816-4 5.2.2, ITU-T X.690): tags of up to three bytes, definite lengths of up to four.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <shogo/base/bytes.h>

namespace shogo {

struct Tlv {
  std::uint32_t tag = 0;  ///< the tag bytes read as one big-endian number: FF20 -> 0xFF20
  Bytes value;
};

/// One object that starts at `bytes[0]`; `used` receives its whole size. Refuses indefinite lengths and
/// truncation.
[[nodiscard]] Result<Tlv> parse_tlv(ByteView bytes, std::size_t& used);

/// All objects of a constructed value, in order. FF and 00 filler between objects is skipped
/// (7816-4 5.2.2.1).
[[nodiscard]] Result<std::vector<Tlv>> parse_tlv_list(ByteView bytes);

/// First object with this tag, or nullptr.
[[nodiscard]] const Tlv* find_tlv(const std::vector<Tlv>& list, std::uint32_t tag);

/// Shortest form of the length, except `min_length_octets` asks for a longer one (cards that always write 82
/// xxxx).
[[nodiscard]] Bytes make_tlv(std::uint32_t tag, ByteView value, int min_length_octets = 0);

}  // namespace shogo
