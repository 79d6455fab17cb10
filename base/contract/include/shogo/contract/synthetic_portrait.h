// SYNTHETIC portraits: pictures of nobody. Each is a strip of grey pixels that says which made-up person and
// which take of that person it stands for; only the simulated matcher (reference-impl/engine) understands
// them, and scores them with error rates that are known. A stand-in where a judge of matchers needs rates it
// can be checked against, which no picture of a face could give.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace shogo::contract {

struct SyntheticPortrait {
  std::uint64_t seed = 0;  ///< of the whole population
  std::uint32_t person = 0, take = 0;
};

inline constexpr std::string_view kPortraitMark =
    "SYNTHETIC PORTRAIT 1";                                               // in the pixels, before the numbers
inline constexpr std::uint32_t kPortraitWidth = 36, kPortraitHeight = 1;  // grey, one byte a pixel
using PortraitPixels = std::array<std::uint8_t, kPortraitWidth>;

[[nodiscard]] inline PortraitPixels draw_portrait(const SyntheticPortrait& portrait) {
  PortraitPixels pixels{};
  std::memcpy(pixels.data(), kPortraitMark.data(), kPortraitMark.size());
  for (std::size_t i = 0; i < 8; ++i) pixels[20 + i] = static_cast<std::uint8_t>(portrait.seed >> (8 * i));
  for (std::size_t i = 0; i < 4; ++i) {
    pixels[28 + i] = static_cast<std::uint8_t>(portrait.person >> (8 * i));
    pixels[32 + i] = static_cast<std::uint8_t>(portrait.take >> (8 * i));
  }
  return pixels;
}

/// None for any other picture.
[[nodiscard]] inline std::optional<SyntheticPortrait> read_portrait(const std::uint8_t* pixels,
                                                                    std::uint64_t size) {
  if (size != kPortraitWidth || std::memcmp(pixels, kPortraitMark.data(), kPortraitMark.size()) != 0)
    return std::nullopt;
  SyntheticPortrait portrait;
  for (std::size_t i = 0; i < 8; ++i) portrait.seed |= static_cast<std::uint64_t>(pixels[20 + i]) << (8 * i);
  for (std::size_t i = 0; i < 4; ++i) {
    portrait.person |= static_cast<std::uint32_t>(pixels[28 + i]) << (8 * i);
    portrait.take |= static_cast<std::uint32_t>(pixels[32 + i]) << (8 * i);
  }
  return portrait;
}

/// What the simulated matcher calls itself, and the hash of its engine: SHA-256 of this name. A device whose
/// matcher it is says so in `hello` (identity.engine).
inline constexpr const char* kSimulatedMatcher = "shogo simulated matcher";
inline constexpr const char* kSimulatedMatcherVersion = "1";
inline constexpr const char* kSimulatedMatcherSha256 =
    "39c7be4084e90ffa4e664e265cf94a0cff3cf50fb23a7a0fce8d0ee8bd8085c2";

}  // namespace shogo::contract
