#include <array>

#include <fmt/core.h>

#include <shogo/contract/rf_block.h>

namespace shogo::contract {
namespace {

// PCB (14443-4, 7.1.1.1). Bit b2 is 1 in every block, b4 and b3 announce CID and NAD.
constexpr std::uint8_t kIBlock = 0x02;
constexpr std::uint8_t kMore = 0x10;
constexpr std::uint8_t kRAck = 0xA2;
constexpr std::uint8_t kRNak = 0xB2;
constexpr std::uint8_t kDeselect = 0xC2;
constexpr std::uint8_t kWtx = 0xF2;
constexpr std::uint8_t kNumberBit = 0x01;

std::uint8_t pcb_of(const RfBlock& block) {
  const auto number = static_cast<std::uint8_t>(block.number & kNumberBit);
  switch (block.kind) {
    case RfBlock::Kind::kInformation:
      return static_cast<std::uint8_t>(kIBlock | (block.more ? kMore : 0) | number);
    case RfBlock::Kind::kAcknowledge:
      return static_cast<std::uint8_t>(kRAck | number);
    case RfBlock::Kind::kNotUnderstood:
      return static_cast<std::uint8_t>(kRNak | number);
    case RfBlock::Kind::kDeselect:
      return kDeselect;
    case RfBlock::Kind::kWaitingTime:
      return kWtx;
  }
  return kDeselect;
}

Error no_block(std::uint8_t pcb, std::size_t information) {
  return Error{Code::kCorrupt,
               fmt::format("not a block of ISO/IEC 14443-4 without CID and NAD: PCB {:02X}, {} bytes of "
                           "information",
                           pcb, information)};
}

}  // namespace

std::uint16_t crc_b(ByteView bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
  }
  return static_cast<std::uint16_t>(~crc);
}

Bytes encode_block(const RfBlock& block) {
  Bytes out{pcb_of(block)};
  append(out, block.information);
  const std::uint16_t crc = crc_b(out);
  out.push_back(static_cast<std::uint8_t>(crc));
  out.push_back(static_cast<std::uint8_t>(crc >> 8));
  return out;
}

Result<RfBlock> parse_block(ByteView bytes) {
  if (bytes.size() < kBlockOverhead)
    return Error{Code::kCorrupt, fmt::format("a block of {} bytes; expected at least 3", bytes.size())};
  const ByteView body = bytes.first(bytes.size() - 2);
  const auto sent = static_cast<std::uint16_t>(bytes[bytes.size() - 2] | bytes[bytes.size() - 1] << 8);
  if (crc_b(body) != sent) return Error{Code::kCorrupt, "the CRC of a block does not fit"};
  const std::uint8_t pcb = body[0];
  const ByteView information = body.subspan(1);
  RfBlock block;
  block.number = pcb & kNumberBit;
  block.information.assign(information.begin(), information.end());
  if ((pcb & ~(kMore | kNumberBit)) == kIBlock) {
    block.more = (pcb & kMore) != 0;
    return block;
  }
  const std::uint8_t r = pcb & static_cast<std::uint8_t>(~kNumberBit);
  if ((r == kRAck || r == kRNak) && information.empty()) {
    block.kind = r == kRAck ? RfBlock::Kind::kAcknowledge : RfBlock::Kind::kNotUnderstood;
    return block;
  }
  block.number = 0;
  if (pcb == kDeselect && information.empty()) {
    block.kind = RfBlock::Kind::kDeselect;
    return block;
  }
  if (pcb == kWtx && information.size() == 1) {
    // The two high bits carry the card's power level (7.3), which is no part of the multiplier.
    block.information[0] &= 0x3F;
    if (block.information[0] < 1 || block.information[0] > kMaxWaitingTimeMultiplier)
      return no_block(pcb, information.size());
    block.kind = RfBlock::Kind::kWaitingTime;
    return block;
  }
  return no_block(pcb, information.size());
}

std::size_t frame_size_of(std::uint8_t code) {
  constexpr std::array<std::size_t, 9> kSizes{16, 24, 32, 40, 48, 64, 96, 128, 256};
  return code < kSizes.size() ? kSizes[code] : kSizes.back();
}

}  // namespace shogo::contract
