// Drawing people with replacement, for the bootstraps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace shogo::statistics {

/// A counter, mixed by one long multiplication (the wyrand construction): successive numbers do not wait for
/// each other, which is what this loop needs. Seeded from Rng.
class Mixer {
 public:
  explicit Mixer(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    __extension__ using Wide = unsigned __int128;
    state_ += 0xA0761D6478BD642FU;
    const Wide product = static_cast<Wide>(state_) * (state_ ^ 0xE7037ED1A0B428DBU);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }

 private:
  std::uint64_t state_;
};

/// How often each of n people is drawn in n draws. Two draws a number: their bias, n / 2^32, is far below
/// what a thousand replicates can show.
inline void draw_people(Mixer& mixer, std::vector<std::uint16_t>& times) {
  const std::uint64_t n = times.size();
  std::fill(times.begin(), times.end(), std::uint16_t{0});
  for (std::uint64_t i = 0; i + 1 < n; i += 2) {
    const std::uint64_t bits = mixer.next();
    ++times[static_cast<std::size_t>((bits >> 32) * n >> 32)];
    ++times[static_cast<std::size_t>((bits & 0xFFFFFFFFU) * n >> 32)];
  }
  if (n % 2 == 1) ++times[static_cast<std::size_t>((mixer.next() >> 32) * n >> 32)];
}

}  // namespace shogo::statistics
