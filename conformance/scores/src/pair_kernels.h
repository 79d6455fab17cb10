// 8-bit dot products of a few rows against a panel of columns. Whole numbers: every path gives the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace shogo::scores {

constexpr std::size_t kTileRows = 6;
constexpr std::size_t kTileColumns = 64;
constexpr std::size_t kQuad = 4;  // 8-bit values that one instruction multiplies and adds

constexpr double kFine = 254;  ///< steps of the remainder in one step of the value

/// What rounding to 8 bits and once more to 8 bits leaves: lengths of vectors, as the values are `unit` x.
struct Rounded {
  float step;        ///< of the first 8 bits
  double remainder;  ///< length of what the first 8 bits leave
  double second;     ///< length of the second 8 bits' share of it
  double left;       ///< length of what both leave
  std::int32_t sum;  ///< of the first 8 bits
};

struct PairKernel {
  std::string_view name;

  /// dots[r * kTileColumns + c] = start[r] + sum over k of row r's value k times column c's value k.
  /// Rows: signed, `stride` bytes apart. Panel: columns raised by 128 to be unsigned, four values of column
  /// 0, four of column 1, …; `start` takes the 128 off again. quads: dimension / 4.
  void (*tile)(const std::int8_t* rows, std::size_t stride, const std::uint8_t* panel, std::size_t quads,
               const std::int32_t* start, std::int32_t* dots);

  /// Which columns each row of a tile may match: bit c of reaches[r] is set when
  /// dots[r, c] * row_scale[r] * scale[c] + row_spread[r] * error[c] >= row_needed[r].
  void (*screen)(const std::int32_t* dots, const float* row_scale, const float* row_spread,
                 const float* row_needed, const float* scale, const float* error, std::uint64_t* reaches);

  /// n values, each about unit x[k] = step (q[k] + r[k] / kFine). Any q and r in [-127, 127] would do: what
  /// they leave over is measured, not assumed.
  Rounded (*round)(const float* x, std::size_t n, double unit, std::int8_t* q, std::int8_t* r);

  /// Sum of q_a r_b + r_a q_b: what the remainders add to a dot product, times kFine.
  std::int32_t (*cross)(const std::int8_t* q_a, const std::int8_t* r_a, const std::int8_t* q_b,
                        const std::int8_t* r_b, std::size_t n);

  /// Exact dot product as all_pairs.h defines it; the same bits on every path.
  double (*dot)(const float* a, const float* b, std::size_t n);
};

[[nodiscard]] const std::vector<PairKernel>& all_pair_kernels();

}  // namespace shogo::scores
