#include "cell_counter.h"

#include "float_order.h"
#include "kernels.h"
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <shogo/scores/operating_point.h>

namespace shogo::scores {
namespace {

// 32-bit counters are half the cache footprint of 64-bit ones; they are emptied before they can overflow.
constexpr std::size_t kChunk = std::size_t{1} << 31;

Result<void> refuse_unfit(std::span<const float> scores, const SideCount& count, std::string_view side) {
  const auto in = [&](std::uint32_t from, std::uint32_t to) {
    return std::any_of(count.cells.begin() + from, count.cells.begin() + to + 1,
                       [](std::uint64_t n) { return n > 0; });
  };
  if (!in(0, kFirstFinite - 1) && !in(kLastFinite + 1, kCells - 1)) return {};
  const auto unfit = std::find_if(scores.begin(), scores.end(), [](float s) { return !std::isfinite(s); });
  return Error{
      Code::kInvalid,
      fmt::format("{} score {} is {}: a comparison without a finite score is a failure to acquire or to "
                  "compare; count it as that and leave it out of the scores",
                  side, unfit - scores.begin(), std::isnan(*unfit) ? "not a number" : "infinite")};
}

template <typename Count>
Result<SideCount> count_chunks(std::span<const float> scores, std::string_view side,
                               const Count& count_chunk) {
  if (scores.empty())
    return Error{Code::kInvalid, fmt::format("there are no {} scores; both sides are needed", side)};
  SideCount count;
  count.cells.assign(kCells, 0);
  std::vector<std::uint32_t> cells(kCells);
  for (std::size_t at = 0; at < scores.size(); at += kChunk) {
    std::fill(cells.begin(), cells.end(), 0U);
    count_chunk(scores.subspan(at, std::min(kChunk, scores.size() - at)), cells.data(), count);
    for (std::size_t i = 0; i < kCells; ++i) count.cells[i] += cells[i];
  }
  SHOGO_CHECK_OK(refuse_unfit(scores, count, side));
  return count;
}

}  // namespace

Result<SideCount> count_side(std::span<const float> scores, std::string_view side, float bound) {
  return count_chunks(scores, side,
                      [&](std::span<const float> chunk, std::uint32_t* cells, SideCount& count) {
                        count.below += kernels().count(chunk.data(), chunk.size(), cells, bound);
                      });
}

Result<SideCount> count_side_keeping(std::span<const float> scores, std::string_view side, float keep_from) {
  return count_chunks(scores, side,
                      [&](std::span<const float> chunk, std::uint32_t* cells, SideCount& count) {
                        kernels().count_and_keep(chunk.data(), chunk.size(), cells, keep_from, count.kept);
                      });
}

}  // namespace shogo::scores
