// Seeded randomness with named streams: Rng(seed, "card.1") and Rng(seed, "card.2") never influence each
// other, so adding a draw in one place does not change the bytes anywhere else. Same seed + name = same
// numbers on every machine. Not for secrets on a desk: there the reader asks the operating system.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace shogo {

class Rng {
 public:
  Rng(std::uint64_t seed, std::string_view stream);

  /// 64 uniform bits (xoshiro256**, seeded through SHA-256 of seed and stream name).
  std::uint64_t next();
  /// Uniform in [0, bound) without bias. bound >= 1.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1) with 53 bits.
  double unit();
  void fill(std::span<std::uint8_t> bytes);

  /// Fisher–Yates: every order equally likely.
  template <typename Container>
  void shuffle(Container& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }
  }

 private:
  std::uint64_t s_[4];
};

}  // namespace shogo
