#include "markup.h"

#include <array>
#include <cstdint>
#include <utility>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CodePoint {
  std::uint32_t value = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

CodePoint next(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t length = 0;
  if ((first & 0xE0U) == 0xC0U) length = 2;
  if ((first & 0xF0U) == 0xE0U) length = 3;
  if ((first & 0xF8U) == 0xF0U) length = 4;
  if (length == 0 || length > text.size()) return {};
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  return {value, length, true};
}

using Ranges = std::initializer_list<std::pair<std::uint32_t, std::uint32_t>>;
bool within(std::uint32_t c, const Ranges& ranges) {
  for (const auto& [first, last] : ranges) {
    if (c >= first && c <= last) return true;
  }
  return false;
}

/// Unicode's East_Asian_Width W and F, in blocks. Ambiguous characters (○) take one column, as most terminals
/// have it.
std::size_t columns(std::uint32_t c) {
  if (within(c, {{0x0300, 0x036F}, {0x200B, 0x200F}, {0xFE00, 0xFE0F}, {0x3099, 0x309A}, {0xE0100, 0xE01EF}}))
    return 0;
  if (within(c, {{0x1100, 0x115F},
                 {0x2E80, 0x303E},
                 {0x3041, 0xA4CF},
                 {0xAC00, 0xD7A3},
                 {0xF900, 0xFAFF},
                 {0xFE30, 0xFE6F},
                 {0xFF01, 0xFF60},
                 {0xFFE0, 0xFFE6},
                 {0x1F300, 0x1FAFF},
                 {0x20000, 0x3FFFD}}))
    return 2;
  return 1;
}

bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E);
}

template <typename Each>
void each_code_point(std::string_view text, Each each) {
  while (!text.empty()) {
    const CodePoint point = next(text);
    each(point, text.substr(0, point.length));
    text.remove_prefix(point.length);
  }
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  each_code_point(text, [&](const CodePoint& point, std::string_view bytes) {
    const std::uint32_t c = point.value;
    if (!point.valid || (c < 0x20 && c != '\t' && c != '\n') || c == 0xFFFE || c == 0xFFFF ||
        (c >= 0xD800 && c <= 0xDFFF))
      out += kReplacement;
    else if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += bytes;
  });
  return out;
}

std::string link(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    if (safe)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
  }
  return out;
}

std::string plain(std::string_view text) {
  std::string out;
  each_code_point(text, [&](const CodePoint& point, std::string_view bytes) {
    if (point.value == '\n' || point.value == '\t')
      out += ' ';
    else if (!point.valid || is_control(point.value))
      out += kReplacement;
    else
      out += bytes;
  });
  return out;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  each_code_point(utf8, [&](const CodePoint& point, std::string_view) { width += columns(point.value); });
  return width;
}

std::string fit(std::string_view utf8, std::size_t width) {
  const std::size_t whole = display_width(utf8);
  if (whole <= width) return std::string(utf8) + std::string(width - whole, ' ');
  if (width == 0) return {};
  std::string out;
  std::size_t used = 0;
  bool full = false;
  each_code_point(utf8, [&](const CodePoint& point, std::string_view bytes) {
    full = full || used + columns(point.value) > width - 1;
    if (full) return;
    out += bytes;
    used += columns(point.value);
  });
  return out + "…" + std::string(width - used - 1, ' ');
}

}  // namespace shogo::conformance
