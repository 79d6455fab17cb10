// Every template against every other, without storing the matrix: the exact threshold of all N (N - 1) / 2
// comparisons.
//
// The score of two templates is their cosine, defined to the last bit: products in double (exact for floats),
// summed in eight lanes in one order, divided by the norms, rounded to float. Nearly all pairs never get that
// far: 8-bit copies of the templates are compared first, and a hard bound on what the rounding can do (the
// norms of the two remainders) tells which pairs cannot reach the scores that matter; a second 8 bits, of the
// remainders, settle most of the others. So the result is that of comparing everything exactly, on every
// instruction set, at the speed of 8-bit dot products.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/scores/operating_point.h>

namespace shogo::scores {

struct Templates {
  std::span<const float> values;  ///< count x dimension, row by row
  std::size_t dimension = 0;
  std::span<const std::uint32_t> subject;  ///< whose template each one is; its length is the count
};

struct PairsResult {
  OperatingPoint point;        ///< impostor pairs: different subjects, i < j; genuine pairs: the same subject
  std::vector<float> genuine;  ///< every genuine score, in order of (i, j)
  std::vector<std::pair<std::uint32_t, std::uint32_t>> false_matches;  ///< templates i < j, in order
  std::uint64_t rescored = 0;  ///< pairs that the first 8 bits could not rule out
  std::string_view kernel;     ///< "avx512vnni", "avx2", "portable"
};

/// FNMR at FMR over all pairs; the threshold rule of operating_point.h. Refuses fewer than two subjects, no
/// subject with two templates, values that are not finite, templates of length zero, and lengths that do not
/// fit. `kernel` forces one of pair_kernels(); empty takes the best. `progress` gets shares in [0, 1]; may be
/// empty.
[[nodiscard]] Result<PairsResult> compare_all(const Templates& templates, double fmr,
                                              std::string_view kernel = {},
                                              const std::function<void(double)>& progress = {});

/// One part of the whole, for work spread over machines: a block with itself, or two blocks one after the
/// other.
struct PairsPart {
  std::vector<float> genuine;  ///< every genuine score of the part, in order of (i, j)
  std::vector<std::pair<std::uint32_t, std::uint32_t>> genuine_pairs;
  std::uint64_t impostor = 0;   ///< impostor pairs of the part
  std::vector<float> reaching;  ///< impostor scores >= from, in no order
  std::vector<std::pair<std::uint32_t, std::uint32_t>> reaching_pairs;
};

/// All pairs i < j of one block (rows = count, columns = 0), or those between the first block, which has
/// `rows` templates, and the second (columns = rows). Exact scores for what reaches `from`; -2 keeps
/// everything. Refusals as in compare_all, but a part may lack genuine or impostor pairs.
[[nodiscard]] Result<PairsPart> compare_part(const Templates& templates, std::size_t rows,
                                             std::size_t columns, float from,
                                             const std::function<void(double)>& progress = {});

/// What this processor can run, best first.
[[nodiscard]] std::vector<std::string_view> pair_kernels();

/// The score as defined above.
[[nodiscard]] float cosine(std::span<const float> a, std::span<const float> b);

/// 8-bit multiply-adds a second that this core reaches with the best kernel's own instruction and nothing
/// else: the peak that compare_all is measured against. Runs for about `seconds`.
[[nodiscard]] double peak_multiply_adds(double seconds);

}  // namespace shogo::scores
