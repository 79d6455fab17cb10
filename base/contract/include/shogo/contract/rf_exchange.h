// RF exchange: what passes "through the air" between a card and a contactless front end.
// The card side (the world) listens on a UNIX stream socket, one per antenna; the front end connects and
// always speaks first: one request, one reply. ISO/IEC 14443-3 Type B words; block chaining and timing stay
// inside the two ends.
//
//   request   field_off                 -> ack           the card loses power and forgets its security state
//             request_b  (REQB/WUPB)    -> atqb | no_card
//             attrib     (select)       -> ack | no_card
//             apdu       (7816-4 C-APDU)-> apdu (R-APDU) | no_card (left the field)
//   A card that is mute simply does not reply: the front end keeps its own frame waiting time.
//
// Wire: u32 big-endian length of what follows, u8 kind, payload.
#pragma once

#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>

namespace shogo::contract {

enum class RfKind : std::uint8_t {
  kFieldOff = 0x01,
  kRequestB = 0x02,
  kAttrib = 0x03,
  kApdu = 0x04,
  kAck = 0x81,
  kAtqb = 0x82,
  kNoCard = 0x83,
};

struct RfMessage {
  RfKind kind = RfKind::kNoCard;
  Bytes payload;
};

/// Extended APDUs reach 65 544 bytes (7816-4 5.1); nothing longer is believed.
constexpr std::size_t kRfMaxPayload = 65'600;

[[nodiscard]] Bytes encode_rf(RfKind kind, ByteView payload = {});

/// Takes one message off the front of `buffer` when it is complete; nothing when more bytes are needed; an
/// error when the bytes can never become a message (unknown kind, too long) and the connection must end.
[[nodiscard]] Result<std::optional<RfMessage>> take_rf(Bytes& buffer);

/// ATQB without the leading 50 and without CRC (ISO/IEC 14443-3 7.9): 4 bytes PUPI, 4 application data, 3
/// protocol info.
struct Atqb {
  Bytes pupi;              ///< 4 bytes; what get-UID (FF CA 00 00 00) answers
  Bytes application_data;  ///< 4 bytes
  Bytes protocol_info;     ///< 3 bytes
  std::uint8_t mbli = 0;   ///< maximum buffer length index of the card's answer to ATTRIB
};
[[nodiscard]] Bytes encode_atqb(const Atqb& atqb);
[[nodiscard]] Result<Atqb> parse_atqb(ByteView payload);

/// ATR a contactless reader presents for a Type B card (PC/SC part 3, 3.1.3.2.3.2).
[[nodiscard]] Bytes atr_of(const Atqb& atqb);

}  // namespace shogo::contract
