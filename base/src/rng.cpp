#include <cassert>

#include <shogo/base/bytes.h>
#include <shogo/base/rng.h>

namespace shogo {
namespace {

std::uint64_t rotl(std::uint64_t x, int k) {
  return x << k | x >> (64 - k);
}

}  // namespace

Rng::Rng(std::uint64_t seed, std::string_view stream) {
  Bytes material;
  for (int i = 7; i >= 0; --i) material.push_back(static_cast<std::uint8_t>(seed >> (8 * i)));
  append(material, as_bytes(stream));
  const Bytes digest = sha256(material);
  for (std::size_t i = 0; i < 4; ++i) s_[i] = read_be(ByteView(digest).subspan(8 * i, 8));
}

std::uint64_t Rng::next() {
  const std::uint64_t result = rotl(s_[1] * 5, 7) * 9;
  const std::uint64_t t = s_[1] << 17;
  s_[2] ^= s_[0];
  s_[3] ^= s_[1];
  s_[1] ^= s_[2];
  s_[0] ^= s_[3];
  s_[2] ^= t;
  s_[3] = rotl(s_[3], 45);
  return result;
}

std::uint64_t Rng::below(std::uint64_t bound) {
  assert(bound >= 1);
  // Rejection below the largest multiple of bound keeps the draw exact.
  const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % bound + 1) % bound;
  std::uint64_t x = next();
  while (x > limit) x = next();
  return x % bound;
}

double Rng::unit() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

void Rng::fill(std::span<std::uint8_t> bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 8 == 0) word = next();
    bytes[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
  }
}

}  // namespace shogo
