#include <fmt/core.h>

#include <shogo/contract/rf_exchange.h>

namespace shogo::contract {
namespace {

bool known(std::uint8_t kind) {
  return (kind >= 0x01 && kind <= 0x04) || (kind >= 0x81 && kind <= 0x83);
}

}  // namespace

Bytes encode_rf(RfKind kind, ByteView payload) {
  Bytes out;
  append_be32(out, static_cast<std::uint32_t>(payload.size() + 1));
  out.push_back(static_cast<std::uint8_t>(kind));
  append(out, payload);
  return out;
}

Result<std::optional<RfMessage>> take_rf(Bytes& buffer) {
  if (buffer.size() < 4) return std::optional<RfMessage>{};
  const std::size_t length = static_cast<std::size_t>(read_be(ByteView(buffer).first(4)));
  if (length < 1 || length > kRfMaxPayload + 1)
    return Error{Code::kCorrupt,
                 fmt::format("RF message of {} bytes; expected 1 to {}", length, kRfMaxPayload + 1)};
  if (buffer.size() >= 5 && !known(buffer[4]))
    return Error{Code::kCorrupt, fmt::format("RF message of unknown kind {:#04x}", buffer[4])};
  if (buffer.size() < 4 + length) return std::optional<RfMessage>{};
  RfMessage message;
  message.kind = static_cast<RfKind>(buffer[4]);
  const auto end = buffer.begin() + 4 + static_cast<std::ptrdiff_t>(length);
  message.payload.assign(buffer.begin() + 5, end);
  buffer.erase(buffer.begin(), end);
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
