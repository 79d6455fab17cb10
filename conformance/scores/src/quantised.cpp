#include "quantised.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include <shogo/base/rng.h>

namespace shogo::scores {
namespace {

/// Not below the length: double's own rounding is far smaller than the millionth added.
float up(double length) {
  return std::nextafter(static_cast<float>(length * (1 + 1e-6)), 2.0F);
}

void shuffle(std::uint32_t* begin, std::size_t count, Rng& rng) {
  for (std::size_t i = count; i > 1; --i) std::swap(begin[i - 1], begin[rng.below(i)]);
}

}  // namespace

Quantised::Quantised(const Templates& templates, const std::vector<double>& norms, std::size_t split,
                     const PairKernel& kernel)
    : scale(norms.size() + kTileColumns, 0.0F),
      error(norms.size() + kTileColumns, 0.0F),
      start(norms.size() + kTileRows, 0),
      stride_((templates.dimension + kQuad - 1) / kQuad * kQuad),
      order_(norms.size()),
      first_((norms.size() + kTileRows) * stride_, 0),
      second_(norms.size() * stride_, 0),
      lines_(std::make_unique<Line[]>((norms.size() + kTileColumns - 1) / kTileColumns * panel_lines())),
      lengths_(norms.size()) {
  const std::size_t n = norms.size(), d = templates.dimension;
  std::iota(order_.begin(), order_.end(), 0U);
  Rng rng(1, "all_pairs.order");
  shuffle(order_.data(), split, rng);
  shuffle(order_.data() + split, n - split, rng);
  for (std::size_t place = 0; place < n; ++place) {
    constexpr std::size_t kAhead = 2, kFloatsOfLine = 16;
    if (place + kAhead < n)
      for (std::size_t k = 0; k < d; k += kFloatsOfLine)
        __builtin_prefetch(templates.values.data() + order_[place + kAhead] * d + k);
    const std::size_t i = order_[place];
    const Rounded rounded = kernel.round(templates.values.data() + i * d, d, 1 / norms[i],
                                         first_.data() + place * stride_, second_.data() + place * stride_);
    scale[place] = rounded.step;
    error[place] = up(rounded.remainder);
    start[place] = -128 * rounded.sum;
    lengths_[place] = {up(rounded.second), up(rounded.left)};
    fill_panel(place);
  }
}

void Quantised::fill_panel(std::size_t place) {
  std::uint8_t* panel = &lines_[place / kTileColumns * panel_lines()].byte[0] + place % kTileColumns * kQuad;
  for (std::size_t k = 0; k < stride_; k += kQuad) {
    std::uint32_t quad = 0;
    std::memcpy(&quad, row(place) + k, kQuad);
    quad ^= 0x80808080U;  // + 128 in each byte
    std::memcpy(panel + k * kTileColumns, &quad, kQuad);
  }
}

Quantised::Estimate Quantised::estimate(std::size_t a, std::size_t b, std::int32_t dot,
                                        const PairKernel& kernel) const {
  const std::int32_t cross = kernel.cross(row(a), rest(a), row(b), rest(b), stride_);
  const double value = static_cast<double>(scale[a]) * static_cast<double>(scale[b]) *
                       (static_cast<double>(dot) + static_cast<double>(cross) / kFine);
  // x = p + s + l of template a (first, second 8 bits, left over), y likewise, |x| = |y| = 1:
  // x y - (p p' + p s' + s p') = s s' + l y + (x - l) l'.
  const double second = static_cast<double>(lengths_[a].second) * static_cast<double>(lengths_[b].second);
  const auto left_a = static_cast<double>(lengths_[a].left), left_b = static_cast<double>(lengths_[b].left);
  return {value, second + left_a + (1 + left_a) * left_b};
}

void Quantised::prefetch(std::size_t place) const {
  for (std::size_t k = 0; k < stride_; k += sizeof(Line)) {
    __builtin_prefetch(row(place) + k);
    __builtin_prefetch(rest(place) + k);
  }
}

}  // namespace shogo::scores
