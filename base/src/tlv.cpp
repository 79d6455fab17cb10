#include <fmt/core.h>

#include <shogo/base/tlv.h>

namespace shogo {

Result<Tlv> parse_tlv(ByteView bytes, std::size_t& used) {
  std::size_t at = 0;
  const auto truncated = [&](const char* what) {
    return Error{Code::kCorrupt, fmt::format("TLV ends inside its {} after {} bytes", what, bytes.size())};
  };
  if (bytes.empty()) return truncated("tag");
  Tlv tlv;
  tlv.tag = bytes[at++];
  if ((tlv.tag & 0x1F) == 0x1F) {
    int more = 0;
    do {
      if (at >= bytes.size()) return truncated("tag");
      if (++more > 2) return Error{Code::kCorrupt, "TLV tag is longer than three bytes"};
      tlv.tag = tlv.tag << 8 | bytes[at];
    } while ((bytes[at++] & 0x80) != 0);
  }
  if (at >= bytes.size()) return truncated("length");
  std::size_t length = bytes[at++];
  if (length == 0x80) return Error{Code::kCorrupt, "TLV has an indefinite length, which cards do not use"};
  if (length > 0x80) {
    const std::size_t count = length & 0x7F;
    if (count > 4)
      return Error{Code::kCorrupt, fmt::format("TLV length has {} octets, at most 4 are allowed", count)};
    if (bytes.size() - at < count) return truncated("length");
    length = static_cast<std::size_t>(read_be(bytes.subspan(at, count)));
    at += count;
  }
  if (bytes.size() - at < length) return truncated("value");
  const ByteView value = bytes.subspan(at, length);
  tlv.value.assign(value.begin(), value.end());
  used = at + length;
  return tlv;
}

Result<std::vector<Tlv>> parse_tlv_list(ByteView bytes) {
  std::vector<Tlv> list;
  while (!bytes.empty()) {
    const bool filler = bytes[0] == 0x00 || (bytes[0] == 0xFF && (bytes.size() == 1 || bytes[1] == 0xFF));
    if (filler) {
      bytes = bytes.subspan(1);
      continue;
    }
    std::size_t used = 0;
    SHOGO_TRY(Tlv tlv, parse_tlv(bytes, used));
    list.push_back(std::move(tlv));
    bytes = bytes.subspan(used);
  }
  return list;
}

const Tlv* find_tlv(const std::vector<Tlv>& list, std::uint32_t tag) {
  for (const Tlv& tlv : list) {
    if (tlv.tag == tag) return &tlv;
  }
  return nullptr;
}

Bytes make_tlv(std::uint32_t tag, ByteView value, int min_length_octets) {
  Bytes out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    const auto byte = static_cast<std::uint8_t>(tag >> shift);
    if (byte != 0 || !out.empty() || shift == 0) out.push_back(byte);
  }
  int octets = 0;
  if (value.size() >= 0x80) {
    for (std::size_t rest = value.size(); rest != 0; rest >>= 8) ++octets;
  }
  octets = std::max(octets, min_length_octets);
  if (octets == 0) {
    out.push_back(static_cast<std::uint8_t>(value.size()));
  } else {
    out.push_back(static_cast<std::uint8_t>(0x80 | octets));
    for (int i = octets - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(value.size() >> (8 * i)));
  }
  append(out, value);
  return out;
}

}  // namespace shogo
