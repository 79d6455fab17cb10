#include <cstdlib>

#include <fmt/core.h>
#include <openssl/evp.h>

#include <shogo/base/bytes.h>

namespace shogo {
namespace {

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string hex_with(ByteView bytes, const char* digits) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t b : bytes) {
    text.push_back(digits[b >> 4]);
    text.push_back(digits[b & 15]);
  }
  return text;
}

}  // namespace

std::string to_hex(ByteView bytes) {
  return hex_with(bytes, "0123456789ABCDEF");
}

Result<Bytes> from_hex(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' && high < 0) continue;
    const int n = nibble(c);
    if (n < 0) return Error{Code::kInvalid, fmt::format("expected a hex digit at position {}", i)};
    if (high < 0) {
      high = n;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high << 4 | n));
      high = -1;
    }
  }
  if (high >= 0) return Error{Code::kInvalid, "expected an even number of hex digits"};
  return bytes;
}

Bytes operator""_hex(const char* text, std::size_t size) {
  auto bytes = from_hex({text, size});
  if (!bytes.ok()) std::abort();
  return std::move(bytes).value();
}

std::string to_base64(ByteView bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return Error{Code::kInvalid, fmt::format("base64 needs a multiple of 4 characters, got {}", text.size())};
  // RFC 4648, 3.2 and 3.3: padding stands at the end alone, and nothing foreign anywhere; OpenSSL is lenient
  // in both.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.substr(0, text.size() - padding).find_first_not_of(kAlphabet) != std::string_view::npos)
    return Error{Code::kInvalid, "a character outside the base64 alphabet"};
  Bytes bytes(text.size() / 4 * 3 + 1);
  const int n = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  if (n < 0) return Error{Code::kInvalid, "a character outside the base64 alphabet"};
  bytes.resize(static_cast<std::size_t>(n) - padding);
  return bytes;
}

void append(Bytes& to, ByteView more) {
  to.insert(to.end(), more.begin(), more.end());
}

void append_be16(Bytes& to, std::uint16_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}

void append_be32(Bytes& to, std::uint32_t value) {
  append_be16(to, static_cast<std::uint16_t>(value >> 16));
  append_be16(to, static_cast<std::uint16_t>(value));
}

std::uint64_t read_be(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::uint8_t b : bytes) value = value << 8 | b;
  return value;
}

Bytes sha256(ByteView bytes) {
  Bytes digest(32);
  unsigned int size = 32;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) std::abort();
  return digest;
}

std::string sha256_hex(ByteView bytes) {
  return hex_with(sha256(bytes), "0123456789abcdef");
}

}  // namespace shogo
