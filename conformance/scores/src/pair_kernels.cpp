#include "pair_kernels.h"

#include <array>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <shogo/scores/all_pairs.h>

#define SHOGO_INLINE inline __attribute__((always_inline))

namespace shogo::scores {
namespace {

constexpr std::size_t kLanes = 8;

SHOGO_INLINE void tile_loop(const std::int8_t* rows, std::size_t stride, const std::uint8_t* panel,
                            std::size_t quads, const std::int32_t* start, std::int32_t* dots) {
  for (std::size_t r = 0; r < kTileRows; ++r)
    for (std::size_t c = 0; c < kTileColumns; ++c) dots[r * kTileColumns + c] = start[r];
  for (std::size_t k = 0; k < quads; ++k)
    for (std::size_t r = 0; r < kTileRows; ++r) {
      const std::int8_t* a = rows + r * stride + k * kQuad;
      const std::uint8_t* b = panel + k * kTileColumns * kQuad;
      for (std::size_t c = 0; c < kTileColumns; ++c) {
        std::int32_t sum = 0;
        for (std::size_t t = 0; t < kQuad; ++t)
          sum += static_cast<std::int32_t>(a[t]) * static_cast<std::int32_t>(b[c * kQuad + t]);
        dots[r * kTileColumns + c] += sum;
      }
    }
}

SHOGO_INLINE std::size_t screen_loop(const std::int32_t* dots, float row_scale, float row_error,
                                     const float* scale, const float* error, float needed,
                                     std::uint8_t* found) {
  std::array<std::uint8_t, kTileColumns> reaches;
  std::uint32_t any = 0;
  for (std::size_t c = 0; c < kTileColumns; ++c) {
    const float most = static_cast<float>(dots[c]) * row_scale * scale[c] + row_error * error[c] + error[c];
    reaches[c] = most >= needed ? 1 : 0;
    any |= reaches[c];
  }
  if (any == 0) return 0;
  std::size_t count = 0;
  for (std::size_t c = 0; c < kTileColumns; ++c) {
    found[count] = static_cast<std::uint8_t>(c);
    count += reaches[c];
  }
  return count;
}

/// Eight lanes in one order; a product of floats is exact in double, so fusing it with the addition changes
/// nothing.
SHOGO_INLINE double dot_loop(const float* a, const float* b, std::size_t n) {
  std::array<double, kLanes> lane{};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t j = 0; j < kLanes; ++j)
      lane[j] += static_cast<double>(a[i + j]) * static_cast<double>(b[i + j]);
  for (; i < n; ++i) lane[i % kLanes] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

#define SHOGO_PAIR_KERNEL(suffix, attribute)                                                              \
  attribute void tile_##suffix(const std::int8_t* a, std::size_t s, const std::uint8_t* b, std::size_t k, \
                               const std::int32_t* start, std::int32_t* dots) {                           \
    tile_loop(a, s, b, k, start, dots);                                                                   \
  }                                                                                                       \
  attribute std::size_t screen_##suffix(const std::int32_t* d, float rs, float re, const float* s,        \
                                        const float* e, float n, std::uint8_t* f) {                       \
    return screen_loop(d, rs, re, s, e, n, f);                                                            \
  }                                                                                                       \
  attribute double dot_##suffix(const float* a, const float* b, std::size_t n) {                          \
    return dot_loop(a, b, n);                                                                             \
  }

SHOGO_PAIR_KERNEL(portable, )

#if defined(__x86_64__)
SHOGO_PAIR_KERNEL(avx2, __attribute__((target("avx2"))))

#define SHOGO_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

/// 24 accumulators, 4 columns' vectors and one broadcast row value: 29 of 32 registers, and 24 multiply-adds
/// for every 10 loads. Every loop over the accumulators must be unrolled, or the compiler keeps them in
/// memory.
SHOGO_VNNI void tile_vnni(const std::int8_t* rows, std::size_t stride, const std::uint8_t* panel,
                          std::size_t quads, const std::int32_t* start, std::int32_t* dots) {
  constexpr std::size_t kVectors = kTileColumns / 16;
  __m512i sum[kTileRows][kVectors];
#pragma GCC unroll 6
  for (std::size_t r = 0; r < kTileRows; ++r)
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) sum[r][v] = _mm512_set1_epi32(start[r]);
  for (std::size_t k = 0; k < quads; ++k) {
    // The rows of the next tile, which follow in memory, a little at a time: they come from far away.
    _mm_prefetch(reinterpret_cast<const char*>(rows + kTileRows * (stride + k * kQuad)), _MM_HINT_T0);
    __m512i column[kVectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) column[v] = _mm512_load_si512(panel + (k * kVectors + v) * 64);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kTileRows; ++r) {
      std::int32_t value;
      __builtin_memcpy(&value, rows + r * stride + k * kQuad, sizeof value);
      const __m512i row = _mm512_set1_epi32(value);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) sum[r][v] = _mm512_dpbusd_epi32(sum[r][v], column[v], row);
    }
  }
#pragma GCC unroll 6
  for (std::size_t r = 0; r < kTileRows; ++r)
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v)
      _mm512_store_si512(dots + r * kTileColumns + v * 16, sum[r][v]);
}

SHOGO_VNNI double dot_vnni(const float* a, const float* b, std::size_t n) {
  return dot_loop(a, b, n);
}

SHOGO_VNNI std::size_t screen_vnni(const std::int32_t* dots, float row_scale, float row_error,
                                   const float* scale, const float* error, float needed,
                                   std::uint8_t* found) {
  std::uint64_t reaches = 0;
  const __m512 rs = _mm512_set1_ps(row_scale), re = _mm512_set1_ps(1 + row_error),
               at_least = _mm512_set1_ps(needed);
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kTileColumns / 16; ++v) {
    // The form with a mask: the plain one of gcc 12 warns of itself.
    const __m512 dot = _mm512_maskz_cvtepi32_ps(0xFFFF, _mm512_load_si512(dots + 16 * v));
    const __m512 most = _mm512_fmadd_ps(_mm512_mul_ps(dot, rs), _mm512_loadu_ps(scale + 16 * v),
                                        _mm512_mul_ps(re, _mm512_loadu_ps(error + 16 * v)));
    reaches |= static_cast<std::uint64_t>(_mm512_cmp_ps_mask(most, at_least, _CMP_GE_OQ)) << (16 * v);
  }
  std::size_t count = 0;
  for (; reaches != 0; reaches &= reaches - 1)
    found[count++] = static_cast<std::uint8_t>(__builtin_ctzll(reaches));
  return count;
}
#endif

std::vector<PairKernel> find_kernels() {
  std::vector<PairKernel> all;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni"))
    all.push_back({"avx512vnni", tile_vnni, screen_vnni, dot_vnni});
  if (__builtin_cpu_supports("avx2")) all.push_back({"avx2", tile_avx2, screen_avx2, dot_avx2});
#endif
  all.push_back({"portable", tile_portable, screen_portable, dot_portable});
  return all;
}

}  // namespace

const std::vector<PairKernel>& all_pair_kernels() {
  static const std::vector<PairKernel> all = find_kernels();
  return all;
}

std::vector<std::string_view> pair_kernels() {
  std::vector<std::string_view> names;
  for (const PairKernel& kernel : all_pair_kernels()) names.push_back(kernel.name);
  return names;
}

}  // namespace shogo::scores
