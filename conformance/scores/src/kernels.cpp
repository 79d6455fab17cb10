#include "kernels.h"

#include "float_order.h"
#include <algorithm>
#include <array>

// The loops below are written once, inlined into one wrapper for each instruction set and vectorised there.
#define SHOGO_INLINE inline __attribute__((always_inline))

namespace shogo::scores {
namespace {

// Keys of a block are made first (vector unit), counted then (scalar unit), while the next block is on its
// way from memory. 2048 floats and their keys stay in the first-level cache.
constexpr std::size_t kBlock = 2048;
constexpr std::size_t kPart = 128;
constexpr std::size_t kLine = 16;  // floats in a cache line

SHOGO_INLINE void make_keys(const float* scores, std::size_t n, std::uint16_t* keys) {
  for (std::size_t i = 0; i < n; ++i) keys[i] = static_cast<std::uint16_t>(order_key(scores[i]) >> 16);
}

SHOGO_INLINE void add_keys(const std::uint16_t* keys, std::size_t n, std::uint32_t* cells,
                           const float* next) {
  std::size_t i = 0;
  for (; i + kLine <= n; i += kLine) {
    __builtin_prefetch(next + i);
    for (std::size_t j = 0; j < kLine; ++j) ++cells[keys[i + j]];
  }
  for (; i < n; ++i) ++cells[keys[i]];
}

SHOGO_INLINE std::uint64_t count_loop(const float* scores, std::size_t n, std::uint32_t* cells, float bound) {
  alignas(64) std::array<std::uint16_t, kBlock> keys;
  std::uint64_t below = 0;
  for (std::size_t at = 0; at < n; at += kBlock) {
    const std::size_t size = std::min(kBlock, n - at);
    const float* block = scores + at;
    make_keys(block, size, keys.data());
    std::uint32_t here = 0;
    for (std::size_t i = 0; i < size; ++i) here += block[i] < bound ? 1U : 0U;
    below += here;
    add_keys(keys.data(), size, cells, block + size);
  }
  return below;
}

SHOGO_INLINE void keep_loop(const float* scores, std::size_t n, std::uint32_t* cells, float from,
                            std::vector<float>& kept) {
  alignas(64) std::array<std::uint16_t, kBlock> keys;
  for (std::size_t at = 0; at < n; at += kBlock) {
    const std::size_t size = std::min(kBlock, n - at);
    const float* block = scores + at;
    make_keys(block, size, keys.data());
    for (std::size_t part = 0; part < size; part += kPart) {
      const std::size_t end = std::min(size, part + kPart);
      std::uint32_t here = 0;
      for (std::size_t i = part; i < end; ++i) here += block[i] >= from ? 1U : 0U;
      if (here == 0) continue;
      for (std::size_t i = part; i < end; ++i)
        if (block[i] >= from) kept.push_back(block[i]);
    }
    add_keys(keys.data(), size, cells, block + size);
  }
}

SHOGO_INLINE float sum_loop(const float* scores, std::size_t n) {
  constexpr std::size_t kLanes = 128;
  std::array<float, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t j = 0; j < kLanes; ++j) lanes[j] += scores[i + j];
  float sum = 0;
  for (; i < n; ++i) sum += scores[i];
  for (const float lane : lanes) sum += lane;
  return sum;
}

#define SHOGO_KERNELS(suffix, attribute)                                                             \
  attribute std::uint64_t count_##suffix(const float* s, std::size_t n, std::uint32_t* c, float b) { \
    return count_loop(s, n, c, b);                                                                   \
  }                                                                                                  \
  attribute void keep_##suffix(const float* s, std::size_t n, std::uint32_t* c, float f,             \
                               std::vector<float>& kept) {                                           \
    keep_loop(s, n, c, f, kept);                                                                     \
  }                                                                                                  \
  attribute float sum_##suffix(const float* s, std::size_t n) {                                      \
    return sum_loop(s, n);                                                                           \
  }

SHOGO_KERNELS(portable, )
#if defined(__x86_64__)
#if defined(__clang__)
#define SHOGO_AVX512 "avx512f,avx512bw,avx512vl,avx512dq"
#else  // gcc takes half the width unless told otherwise
#define SHOGO_AVX512 "avx512f,avx512bw,avx512vl,avx512dq,prefer-vector-width=512"
#endif
SHOGO_KERNELS(avx2, __attribute__((target("avx2"))))
SHOGO_KERNELS(avx512, __attribute__((target(SHOGO_AVX512))))
#endif

}  // namespace

std::vector<Kernels> all_kernels() {
  std::vector<Kernels> all;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    all.push_back({"avx512", count_avx512, keep_avx512, sum_avx512});
  if (__builtin_cpu_supports("avx2")) all.push_back({"avx2", count_avx2, keep_avx2, sum_avx2});
#endif
  all.push_back({"portable", count_portable, keep_portable, sum_portable});
  return all;
}

const Kernels& kernels() {
  static const Kernels best = all_kernels().front();
  return best;
}

}  // namespace shogo::scores
