// The inner loops, compiled for several instruction sets and chosen when the program starts. All of them
// count whole numbers, so every path gives the same result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace shogo::scores {

struct Kernels {
  std::string_view name;  ///< "avx512", "avx2", "portable"

  /// Adds `n` scores to `cells` (kCells counters), and returns how many are below `bound`.
  std::uint64_t (*count)(const float* scores, std::size_t n, std::uint32_t* cells, float bound);

  /// The same, and appends every score >= `from` to `kept`. Meant for a `from` that few scores reach.
  void (*count_and_keep)(const float* scores, std::size_t n, std::uint32_t* cells, float from,
                         std::vector<float>& kept);

  /// Sum of the scores: the floor that the others are measured against, one plain pass over the memory.
  float (*sum)(const float* scores, std::size_t n);
};

[[nodiscard]] const Kernels& kernels();
/// All that this processor can run, best first.
[[nodiscard]] std::vector<Kernels> all_kernels();

}  // namespace shogo::scores
