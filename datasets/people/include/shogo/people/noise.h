// Noise from integer hashes: a value depends on its place and its key alone, never on what was drawn before.
#pragma once

#include <cstdint>

#include <shogo/people/vec.h>

namespace shogo::people {

/// Mixes 32 bits thoroughly (a bijection with good avalanche).
constexpr std::uint32_t hash32(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  return x ^ x >> 16;
}
constexpr std::uint32_t hash32(std::uint32_t a, std::uint32_t b) {
  return hash32(a * 0x9E3779B9U + hash32(b));
}
constexpr std::uint32_t hash32(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return hash32(hash32(a, b), c);
}
/// [0, 1) with 24 bits.
constexpr float unit_of(std::uint32_t hash) {
  // The highest bit is free, and processors turn signed numbers into floats more quickly.
  return static_cast<float>(static_cast<std::int32_t>(hash >> 8)) * 0x1.0p-24F;
}
/// [-1, 1).
constexpr float signed_of(std::uint32_t hash) {
  return unit_of(hash) * 2 - 1;
}

/// Smooth value noise of cell size 1, [-1, 1].
inline float value_noise(Vec3 p, std::uint32_t key) {
  const std::int32_t wx = whole_below(p.x), wy = whole_below(p.y), wz = whole_below(p.z);
  const auto fx = static_cast<float>(wx), fy = static_cast<float>(wy), fz = static_cast<float>(wz);
  const auto ix = static_cast<std::uint32_t>(wx), iy = static_cast<std::uint32_t>(wy),
             iz = static_cast<std::uint32_t>(wz);
  const auto fade = [](float t) { return t * t * (3 - 2 * t); };
  const float tx = fade(p.x - fx), ty = fade(p.y - fy), tz = fade(p.z - fz);
  float corner[2][2];
  for (std::uint32_t dz = 0; dz < 2; ++dz)
    for (std::uint32_t dy = 0; dy < 2; ++dy) {
      const std::uint32_t row = ((iy + dy) * 0x9E3779B1U) ^ ((iz + dz) * 0x85EBCA77U) ^ key;
      const float a = signed_of(hash32(row + ix * 0xC2B2AE3DU));
      const float b = signed_of(hash32(row + (ix + 1) * 0xC2B2AE3DU));
      corner[dz][dy] = mix(a, b, tx);
    }
  return mix(mix(corner[0][0], corner[0][1], ty), mix(corner[1][0], corner[1][1], ty), tz);
}

/// The same in a plane, at half the price.
inline float value_noise(float x, float y, std::uint32_t key) {
  const std::int32_t wx = whole_below(x), wy = whole_below(y);
  const auto ix = static_cast<std::uint32_t>(wx), iy = static_cast<std::uint32_t>(wy);
  const auto fade = [](float t) { return t * t * (3 - 2 * t); };
  const float tx = fade(x - static_cast<float>(wx)), ty = fade(y - static_cast<float>(wy));
  const auto along = [&](std::uint32_t row) {
    row = (row * 0x9E3779B1U) ^ key;
    return mix(signed_of(hash32(row + ix * 0xC2B2AE3DU)), signed_of(hash32(row + (ix + 1) * 0xC2B2AE3DU)),
               tx);
  };
  return mix(along(iy), along(iy + 1), ty);
}

/// `octaves` of value noise, each half the size and `gain` of the one before.
inline float fractal_noise(Vec3 p, std::uint32_t key, int octaves, float gain = 0.5F) {
  float sum = 0, amplitude = 1;
  for (int i = 0; i < octaves; ++i) {
    sum += amplitude * value_noise(p, key + static_cast<std::uint32_t>(i) * 0x68E31DA4U);
    p = p * 2.03F;
    amplitude *= gain;
  }
  return sum;
}

}  // namespace shogo::people
