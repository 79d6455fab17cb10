// Floats as whole numbers in the same order: negative ones are inverted, positive ones get the top bit. Both
// zeros get one key, because they compare equal. NaNs and infinities end in the two outermost ranges.
#pragma once

#include <bit>
#include <cstdint>

namespace shogo::scores {

[[nodiscard]] inline std::uint32_t order_key(float score) {
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);  // -0 becomes +0
  const auto sign = static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31);
  return bits ^ (sign | 0x80000000U);
}

[[nodiscard]] inline float from_order_key(std::uint32_t key) {
  return std::bit_cast<float>((key & 0x80000000U) != 0 ? key ^ 0x80000000U : ~key);
}

[[nodiscard]] inline std::uint32_t cell_of(float score) {
  return order_key(score) >> 16;
}

/// Cells from kLastFinite + 1 on and below kFirstFinite hold infinities and NaNs only.
constexpr std::uint32_t kFirstFinite = 0x0080, kLastFinite = 0xFF7F;

}  // namespace shogo::scores
