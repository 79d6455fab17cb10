// Blocks of the half-duplex transmission protocol (ISO/IEC 14443-4, 7): how an APDU travels through the air
// in pieces. Both ends of the RF exchange use this one definition. CID and NAD are never used: one card is
// active at a time.
//
//   block = PCB, INF (0 to frame size - 3 bytes), CRC_B (2 bytes, low byte first)
#pragma once

#include <cstdint>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::contract {

struct RfBlock {
  enum class Kind {
    kInformation,    ///< I-block: a piece of an APDU
    kAcknowledge,    ///< R(ACK)
    kNotUnderstood,  ///< R(NAK); the reader's only, and its question "are you still there?"
    kDeselect,       ///< S(DESELECT)
    kWaitingTime,    ///< S(WTX): the card asks for `information[0]` times its waiting time
  };
  Kind kind = Kind::kInformation;
  std::uint8_t number = 0;  ///< 0 or 1; I- and R-blocks
  bool more = false;        ///< I-blocks: chaining, another piece follows
  Bytes information;        ///< I-blocks and S(WTX)
};

/// What of a block is not information: PCB and CRC_B.
constexpr std::size_t kBlockOverhead = 3;
/// ISO/IEC 14443-4 7.3: a card may ask for 1 to 59 times its frame waiting time, never for more than 4949 ms.
constexpr std::uint8_t kMaxWaitingTimeMultiplier = 59;
constexpr milliseconds kMaxFrameWaitingTime{4'949};

/// CRC_B (ISO/IEC 14443-3, annex B): ISO/IEC 13239 with start value FFFF, inverted.
[[nodiscard]] std::uint16_t crc_b(ByteView bytes);

[[nodiscard]] Bytes encode_block(const RfBlock& block);
/// kCorrupt: the CRC does not fit or the bytes are no block; what 14443-4 calls an erroneous block.
[[nodiscard]] Result<RfBlock> parse_block(ByteView bytes);

/// Frame sizes of 14443-3 table 16 / 14443-4 table 1 for codes 0 to 8: 16, 24, 32, 40, 48, 64, 96, 128, 256;
/// codes above are reserved and mean 256.
[[nodiscard]] std::size_t frame_size_of(std::uint8_t code);

}  // namespace shogo::contract
