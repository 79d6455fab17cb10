// RF exchange: what passes "through the air" between a card and a contactless front end.
// The card side (the world) listens on a UNIX stream socket, one per antenna; the front end connects and
// always speaks first: one request, one reply or none. Words of ISO/IEC 14443-3 Type B; once a card is
// active, blocks of 14443-4 (rf_block.h).
//
//   request   field_off                   -> ack           the card loses power and forgets everything
//             request_b  (REQB, AFI 00)   -> atqb | no_card | collision
//             attrib     (select)         -> ack (payload: MBLI and CID, 1 byte) | no_card
//             block      (14443-4 block)  -> block | no_card
//   no_card    nothing in the field is in the state to answer. A word of the bench, so that an empty field
//              costs no waiting time.
//   collision  several cards answered at once: something modulates, and nobody can read it.
//   No reply: the block was lost on its way, there or back, or the card is mute. The front end keeps its own
//   frame waiting time.
//
// Wire: u32 big-endian length of what follows, u8 kind, u8 number, payload. A reply repeats its request's
// number, so that one that comes too late is not taken for the next.
#pragma once

#include <cstdint>
#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::contract {

enum class RfKind : std::uint8_t {
  kFieldOff = 0x01,
  kRequestB = 0x02,
  kAttrib = 0x03,
  kBlock = 0x04,
  kAck = 0x81,
  kAtqb = 0x82,
  kNoCard = 0x83,
  kCardBlock = 0x84,
  kCollision = 0x85,
};

struct RfMessage {
  RfKind kind = RfKind::kNoCard;
  std::uint8_t number = 0;
  Bytes payload;
};

/// Frames reach 256 bytes (14443-4, 5.1); nothing longer is believed.
constexpr std::size_t kRfMaxPayload = 256;

[[nodiscard]] Bytes encode_rf(RfKind kind, std::uint8_t number, ByteView payload = {});

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

  /// Largest frame the card takes, in bytes (14443-3 7.9.4: protocol info 2, high nibble).
  [[nodiscard]] std::size_t frame_size() const;
  /// 302 µs x 2^FWI (7.9.4, protocol info 3, high nibble); the reserved FWI 15 counts as 14.
  [[nodiscard]] Nanoseconds frame_waiting_time() const;
  /// Whether the card speaks 14443-4 at all (protocol info 2, b1).
  [[nodiscard]] bool speaks_blocks() const;
};
[[nodiscard]] Bytes encode_atqb(const Atqb& atqb);
[[nodiscard]] Result<Atqb> parse_atqb(ByteView payload);

/// ATTRIB (7.10) without the leading 1D and without CRC: whom it selects, and the largest frame the reader
/// takes.
struct Attrib {
  Bytes pupi;                        ///< 4 bytes
  std::uint8_t frame_size_code = 8;  ///< 256 bytes
};
[[nodiscard]] Bytes encode_attrib(const Attrib& attrib);
[[nodiscard]] Result<Attrib> parse_attrib(ByteView payload);

/// ATR a contactless reader presents for a Type B card (PC/SC part 3, 3.1.3.2.3.2).
[[nodiscard]] Bytes atr_of(const Atqb& atqb);

}  // namespace shogo::contract
