#include "pair_kernels.h"

#include <array>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <shogo/scores/all_pairs.h>

#define SHOGO_INLINE inline __attribute__((always_inline))
#define SHOGO_LAMBDA_INLINE __attribute__((always_inline))

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

SHOGO_INLINE void screen_loop(const std::int32_t* dots, const float* row_scale, const float* row_spread,
                              const float* row_needed, const float* scale, const float* error,
                              std::uint64_t* reaches) {
  for (std::size_t r = 0; r < kTileRows; ++r) {
    std::array<std::uint8_t, kTileColumns> reach;
    std::uint32_t any = 0;
    for (std::size_t c = 0; c < kTileColumns; ++c) {
      const float most =
          static_cast<float>(dots[r * kTileColumns + c]) * row_scale[r] * scale[c] + row_spread[r] * error[c];
      reach[c] = most >= row_needed[r] ? 1 : 0;
      any |= reach[c];
    }
    reaches[r] = 0;
    if (any == 0) continue;
    for (std::size_t c = 0; c < kTileColumns; ++c) reaches[r] |= std::uint64_t{reach[c]} << c;
  }
}

SHOGO_INLINE Rounded round_loop(const float* x, std::size_t n, double unit, std::int8_t* q, std::int8_t* r) {
  std::uint32_t bits = 0;  // largest magnitude: finite floats without their sign order like whole numbers
  for (std::size_t k = 0; k < n; ++k) {
    std::uint32_t value;
    __builtin_memcpy(&value, x + k, sizeof value);
    value &= 0x7FFFFFFFU;
    bits = value > bits ? value : bits;
  }
  float largest;
  __builtin_memcpy(&largest, &bits, sizeof largest);
  const auto to_steps = static_cast<float>(127 / static_cast<double>(largest));
  for (std::size_t k = 0; k < n; ++k) {
    const float scaled = x[k] * to_steps;
    const auto first = static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5F : 0.5F));
    const float rest = (scaled - static_cast<float>(first)) * static_cast<float>(kFine);
    q[k] = static_cast<std::int8_t>(first);
    r[k] = static_cast<std::int8_t>(static_cast<std::int32_t>(rest + (rest < 0 ? -0.5F : 0.5F)));
  }
  Rounded rounded{static_cast<float>(static_cast<double>(largest) * unit / 127), 0, 0, 0, 0};
  const auto step = static_cast<double>(rounded.step);
  const double fine = step / kFine;
  std::array<double, kLanes> remainder{}, second{}, left{};
  const auto add = [&](std::size_t lane, std::size_t k) SHOGO_LAMBDA_INLINE {
    const double rest = static_cast<double>(x[k]) * unit - static_cast<double>(q[k]) * step;
    const double share = static_cast<double>(r[k]) * fine;
    remainder[lane] += rest * rest;
    second[lane] += share * share;
    left[lane] += (rest - share) * (rest - share);
  };
  std::size_t k = 0;
  for (; k + kLanes <= n; k += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, k + lane);
  for (; k < n; ++k) add(0, k);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    rounded.remainder += remainder[lane];
    rounded.second += second[lane];
    rounded.left += left[lane];
  }
  for (std::size_t i = 0; i < n; ++i) rounded.sum += q[i];
  rounded.remainder = __builtin_sqrt(rounded.remainder);
  rounded.second = __builtin_sqrt(rounded.second);
  rounded.left = __builtin_sqrt(rounded.left);
  return rounded;
}

SHOGO_INLINE std::int32_t cross_loop(const std::int8_t* q_a, const std::int8_t* r_a, const std::int8_t* q_b,
                                     const std::int8_t* r_b, std::size_t n) {
  std::int32_t sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += q_a[k] * r_b[k] + r_a[k] * q_b[k];
  return sum;
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

#define SHOGO_PAIR_KERNEL_REST(suffix, attribute)                                                            \
  attribute Rounded round_##suffix(const float* x, std::size_t n, double unit, std::int8_t* q,               \
                                   std::int8_t* r) {                                                         \
    return round_loop(x, n, unit, q, r);                                                                     \
  }                                                                                                          \
  attribute std::int32_t cross_##suffix(const std::int8_t* qa, const std::int8_t* ra, const std::int8_t* qb, \
                                        const std::int8_t* rb, std::size_t n) {                              \
    return cross_loop(qa, ra, qb, rb, n);                                                                    \
  }                                                                                                          \
  attribute double dot_##suffix(const float* a, const float* b, std::size_t n) {                             \
    return dot_loop(a, b, n);                                                                                \
  }

#define SHOGO_PAIR_KERNEL(suffix, attribute)                                                               \
  attribute void tile_##suffix(const std::int8_t* a, std::size_t s, const std::uint8_t* b, std::size_t k,  \
                               const std::int32_t* start, std::int32_t* dots) {                            \
    tile_loop(a, s, b, k, start, dots);                                                                    \
  }                                                                                                        \
  attribute void screen_##suffix(const std::int32_t* d, const float* rs, const float* re, const float* rn, \
                                 const float* s, const float* e, std::uint64_t* m) {                       \
    screen_loop(d, rs, re, rn, s, e, m);                                                                   \
  }                                                                                                        \
  SHOGO_PAIR_KERNEL_REST(suffix, attribute)

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

SHOGO_PAIR_KERNEL_REST(vnni, SHOGO_VNNI)

SHOGO_VNNI void screen_vnni(const std::int32_t* dots, const float* row_scale, const float* row_spread,
                            const float* row_needed, const float* scale, const float* error,
                            std::uint64_t* reaches) {
#pragma GCC unroll 6
  for (std::size_t r = 0; r < kTileRows; ++r) reaches[r] = 0;
#pragma GCC unroll 4
  for (std::size_t v = 0; v < kTileColumns / 16; ++v) {
    const __m512 scales = _mm512_loadu_ps(scale + 16 * v), errors = _mm512_loadu_ps(error + 16 * v);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kTileRows; ++r) {
      // The form with a mask: the plain one of gcc 12 warns of itself.
      const __m512 dot =
          _mm512_maskz_cvtepi32_ps(0xFFFF, _mm512_load_si512(dots + r * kTileColumns + 16 * v));
      const __m512 most = _mm512_fmadd_ps(_mm512_mul_ps(dot, _mm512_set1_ps(row_scale[r])), scales,
                                          _mm512_mul_ps(_mm512_set1_ps(row_spread[r]), errors));
      const auto reach =
          static_cast<std::uint64_t>(_mm512_cmp_ps_mask(most, _mm512_set1_ps(row_needed[r]), _CMP_GE_OQ));
      reaches[r] |= reach << (16 * v);
    }
  }
}
#endif

std::vector<PairKernel> find_kernels() {
  std::vector<PairKernel> all;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vnni"))
    all.push_back({"avx512vnni", tile_vnni, screen_vnni, round_vnni, cross_vnni, dot_vnni});
  if (__builtin_cpu_supports("avx2"))
    all.push_back({"avx2", tile_avx2, screen_avx2, round_avx2, cross_avx2, dot_avx2});
#endif
  all.push_back({"portable", tile_portable, screen_portable, round_portable, cross_portable, dot_portable});
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
