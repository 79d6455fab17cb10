// What shogo and shogo-matcher-host say to each other over a socket pair. Both are of one build and one
// machine, so numbers go as they lie in memory: a frame is its length (u32), then bytes. What comes from the
// host's side is still not trusted: the library shares its memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include <shogo/base/bytes.h>

namespace shogo::engine {

enum class Request : std::uint8_t {
  kOpen = 1,  ///< text: library; text: data folder          -> text: error (empty: none), info
  kTemplate,  ///< u8 role, u32 width, height, channels, pixels -> u32 status, id, size
  kCompare    ///< u32 probe, u32 reference, …                 -> u32 status, f64 score, …
};

/// Bigger than any image or batch of ours; a length beyond it is garbage.
constexpr std::uint32_t kLargestFrame = 256U << 20;
/// A template bigger than that is no template.
constexpr std::uint32_t kLargestTemplate = 16U << 20;

class Writer {
 public:
  template <typename T>
  Writer& put(T value) {
    std::uint8_t raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    append(bytes_, raw);
    return *this;
  }
  Writer& text(std::string_view value) {
    put(static_cast<std::uint32_t>(value.size()));
    append(bytes_, as_bytes(value));
    return *this;
  }
  Writer& bytes(ByteView value) {
    append(bytes_, value);
    return *this;
  }
  [[nodiscard]] const Bytes& done() const { return bytes_; }

 private:
  Bytes bytes_;
};

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  template <typename T>
  std::optional<T> get() {
    if (rest_.size() < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_ = rest_.subspan(sizeof value);
    return value;
  }
  std::optional<std::string> text() {
    const auto size = get<std::uint32_t>();
    if (!size || rest_.size() < *size) return std::nullopt;
    std::string value(as_text(rest_.first(*size)));
    rest_ = rest_.subspan(*size);
    return value;
  }
  [[nodiscard]] ByteView rest() const { return rest_; }

 private:
  ByteView rest_;
};

}  // namespace shogo::engine
