// Templates rounded to 8 bits twice: once for the tile kernel, once more for what that leaves. With the
// lengths of what is missing, every estimate comes with a hard bound (Cauchy-Schwarz).
//
// The copies lie in a random order, so that any stretch of them is a sample of all: the scan learns from its
// beginning which scores matter.
#pragma once

#include "pair_kernels.h"
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <shogo/scores/all_pairs.h>

namespace shogo::scores {

/// 64-byte aligned bytes for the kernels.
struct alignas(64) Line {
  std::array<std::uint8_t, 64> byte;
};

class Quantised {
 public:
  /// Templates before `split` keep places before it, the others behind.
  Quantised(const Templates& templates, const std::vector<double>& norms, std::size_t split,
            const PairKernel& kernel);

  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] const std::int8_t* row(std::size_t place) const { return first_.data() + place * stride_; }
  [[nodiscard]] const std::int8_t* rest(std::size_t place) const { return second_.data() + place * stride_; }
  [[nodiscard]] const std::uint8_t* panel(std::size_t p) const {
    return lines_[p * panel_lines()].byte.data();
  }
  /// Number of the template at a place.
  [[nodiscard]] std::uint32_t at(std::size_t place) const { return order_[place]; }

  /// Cosine of the templates at two places within `bound`, from their dot product of the first 8 bits.
  struct Estimate {
    double value, bound;
  };
  [[nodiscard]] Estimate estimate(std::size_t a, std::size_t b, std::int32_t dot,
                                  const PairKernel& kernel) const;
  /// Calls the rows that estimate() will read into the cache.
  void prefetch(std::size_t place) const;

  // By place: step, length of what the first 8 bits leave (rounded up), and what the tile kernel starts from.
  // Places behind the last template, up to a whole tile, hold zeros.
  std::vector<float> scale, error;
  std::vector<std::int32_t> start;

 private:
  [[nodiscard]] std::size_t panel_lines() const {
    return stride_ / kQuad * (kTileColumns * kQuad / sizeof(Line));
  }
  void fill_panel(std::size_t place);
  struct Lengths {
    float second, left;  // rounded up
  };
  std::size_t stride_;
  std::vector<std::uint32_t> order_;
  std::vector<std::int8_t> first_, second_;
  std::unique_ptr<Line[]> lines_;
  std::vector<Lengths> lengths_;
};

}  // namespace shogo::scores
