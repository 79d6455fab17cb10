// Bytes and their printed forms. Views borrow, Bytes own; nothing here is thread-aware or does I/O.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Upper-case hex without separators: {0x00, 0xA4} -> "00A4".
[[nodiscard]] std::string to_hex(ByteView bytes);

/// Accepts upper and lower case and blanks between bytes; refuses odd counts and other characters.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

/// Compile-time-checked hex for constants in code and tests. Aborts on a malformed literal.
[[nodiscard]] Bytes operator""_hex(const char* text, std::size_t size);

/// RFC 4648 base64 with padding, no line breaks.
[[nodiscard]] std::string to_base64(ByteView bytes);
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

/// The bytes of a text, and the text of bytes (no character conversion).
[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append(Bytes& to, ByteView more);
void append_be16(Bytes& to, std::uint16_t value);
void append_be32(Bytes& to, std::uint32_t value);
/// Big-endian number of up to 8 bytes. The caller guarantees `bytes.size() <= 8`.
[[nodiscard]] std::uint64_t read_be(ByteView bytes);

/// SHA-256 (FIPS 180-4), 32 bytes, and the same in lower-case hex as sha256sum prints it.
[[nodiscard]] Bytes sha256(ByteView bytes);
[[nodiscard]] std::string sha256_hex(ByteView bytes);

}  // namespace shogo
