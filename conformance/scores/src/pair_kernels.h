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

struct PairKernel {
  std::string_view name;

  /// dots[r * kTileColumns + c] = start[r] + sum over k of row r's value k times column c's value k.
  /// Rows: signed, `stride` bytes apart. Panel: columns raised by 128 to be unsigned, four values of column
  /// 0, four of column 1, …; `start` takes the 128 off again. quads: dimension / 4.
  void (*tile)(const std::int8_t* rows, std::size_t stride, const std::uint8_t* panel, std::size_t quads,
               const std::int32_t* start, std::int32_t* dots);

  /// Columns c of one row with dots[c] * row_scale * scale[c] + row_error * error[c] + error[c] >= needed,
  /// appended to `found`; returns how many.
  std::size_t (*screen)(const std::int32_t* dots, float row_scale, float row_error, const float* scale,
                        const float* error, float needed, std::uint8_t* found);

  /// Exact dot product as all_pairs.h defines it; the same bits on every path.
  double (*dot)(const float* a, const float* b, std::size_t n);
};

[[nodiscard]] const std::vector<PairKernel>& all_pair_kernels();

}  // namespace shogo::scores
