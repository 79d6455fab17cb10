#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/secret.h>
#include <shogo/contract/rf_block.h>
#include <shogo/contract/rf_exchange.h>

namespace shogo::contract {
namespace {

constexpr std::size_t kHead = 2;  // kind and number
constexpr std::size_t kAttribSize = 8;

bool known(std::uint8_t kind) {
  return (kind >= 0x01 && kind <= 0x04) || (kind >= 0x81 && kind <= 0x85);
}

}  // namespace

Bytes encode_rf(RfKind kind, std::uint8_t number, ByteView payload) {
  Bytes out;
  append_be32(out, static_cast<std::uint32_t>(payload.size() + kHead));
  out.push_back(static_cast<std::uint8_t>(kind));
  out.push_back(number);
  append(out, payload);
  return out;
}

Result<std::optional<RfMessage>> take_rf(Bytes& buffer) {
  if (buffer.size() < 4) return std::optional<RfMessage>{};
  const std::size_t length = static_cast<std::size_t>(read_be(ByteView(buffer).first(4)));
  if (length < kHead || length > kRfMaxPayload + kHead)
    return Error{Code::kCorrupt, fmt::format("RF message of {} bytes; expected {} to {}", length, kHead,
                                             kRfMaxPayload + kHead)};
  if (buffer.size() >= 5 && !known(buffer[4]))
    return Error{Code::kCorrupt, fmt::format("RF message of unknown kind {:#04x}", buffer[4])};
  if (buffer.size() < 4 + length) return std::optional<RfMessage>{};
  RfMessage message;
  message.kind = static_cast<RfKind>(buffer[4]);
  message.number = buffer[5];
  const auto end = buffer.begin() + 4 + static_cast<std::ptrdiff_t>(length);
  message.payload.assign(buffer.begin() + 6, end);
  drop_front(buffer, 4 + length);  // a card's bytes may be a PIN or a person's name
  return std::optional<RfMessage>{std::move(message)};
}

Bytes encode_atqb(const Atqb& atqb) {
  Bytes out = atqb.pupi;
  append(out, atqb.application_data);
  append(out, atqb.protocol_info);
  out.push_back(atqb.mbli);
  return out;
}

Result<Atqb> parse_atqb(ByteView payload) {
  if (payload.size() != 12)
    return Error{Code::kCorrupt,
                 fmt::format("ATQB has {} bytes; expected 12 (PUPI, application data, protocol info, MBLI)",
                             payload.size())};
  const auto part = [&](std::size_t at, std::size_t n) {
    const ByteView v = payload.subspan(at, n);
    return Bytes(v.begin(), v.end());
  };
  return Atqb{part(0, 4), part(4, 4), part(8, 3), payload[11]};
}

std::size_t Atqb::frame_size() const {
  return frame_size_of(static_cast<std::uint8_t>(protocol_info[1] >> 4));
}

Nanoseconds Atqb::frame_waiting_time() const {
  constexpr Nanoseconds kUnit{302'065};  // 256 x 16 / fc, fc = 13.56 MHz
  constexpr int kLargest = 14;
  return kUnit * (std::int64_t{1} << std::min(protocol_info[2] >> 4, kLargest));
}

bool Atqb::speaks_blocks() const {
  return (protocol_info[1] & 0x01) != 0;
}

Bytes encode_attrib(const Attrib& attrib) {
  Bytes out = attrib.pupi;
  out.push_back(0x00);                    // param 1: default timing, SOF and EOF
  out.push_back(attrib.frame_size_code);  // param 2: 106 kbit/s both ways
  out.push_back(0x01);                    // param 3: 14443-4
  out.push_back(0x00);                    // param 4: CID 0
  return out;
}

Result<Attrib> parse_attrib(ByteView payload) {
  if (payload.size() != kAttribSize)
    return Error{Code::kCorrupt, fmt::format("ATTRIB has {} bytes; expected {} (PUPI and four parameters)",
                                             payload.size(), kAttribSize)};
  return Attrib{Bytes(payload.begin(), payload.begin() + 4), static_cast<std::uint8_t>(payload[5] & 0x0F)};
}

Bytes atr_of(const Atqb& atqb) {
  Bytes atr = "3B888001"_hex;
  append(atr, atqb.application_data);
  append(atr, atqb.protocol_info);
  atr.push_back(static_cast<std::uint8_t>(atqb.mbli << 4));
  std::uint8_t tck = 0;
  for (std::size_t i = 1; i < atr.size(); ++i) tck = static_cast<std::uint8_t>(tck ^ atr[i]);
  atr.push_back(tck);
  return atr;
}

}  // namespace shogo::contract
