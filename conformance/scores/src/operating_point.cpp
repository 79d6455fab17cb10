#include "cell_counter.h"
#include "float_order.h"
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>

#include <shogo/scores/operating_point.h>

namespace shogo::scores {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// A score that about `rate` of all scores reach, guessed low from a sample so that more are kept than
/// needed; nothing depends on its being right. Lines of the memory spread over all of it: sorted files must
/// not mislead it.
float guess_from_sample(std::span<const float> scores, double rate) {
  constexpr std::size_t kLines = 16384, kLine = 16;
  std::vector<float> sample;
  const std::size_t step = std::max(kLine, scores.size() / kLines);
  for (std::size_t at = 0; at + kLine <= scores.size(); at += step)
    for (std::size_t i = 0; i < kLine; ++i)
      if (std::isfinite(scores[at + i])) sample.push_back(scores[at + i]);
  const double expected = rate * static_cast<double>(sample.size());
  const auto rank = static_cast<std::size_t>(expected + 6 * std::sqrt(expected + 1) + 10);
  if (rank >= sample.size()) return -kInfinity;
  std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(rank), sample.end(),
                   std::greater<>());
  return sample[rank];
}

/// The score that is highest among those that may not match: rank `allowed` (from 0) by falling score, found
/// in the cell that holds it. Needs `allowed` < number of scores.
float score_at_rank(std::span<const float> scores, const SideCount& count, std::uint64_t allowed) {
  std::uint64_t above = 0;
  std::size_t cell = kCells;
  while (above + count.cells[cell - 1] <= allowed) above += count.cells[--cell];
  const auto wanted = static_cast<std::uint32_t>(cell - 1);
  std::vector<float> inside;
  inside.reserve(static_cast<std::size_t>(count.cells[wanted]));
  // By cell and not by value: -0 equals the highest number of the cell below 0, but is counted in the one
  // above.
  for (const float score : scores)
    if (cell_of(score) == wanted) inside.push_back(score);
  const auto rank = static_cast<std::ptrdiff_t>(allowed - above);
  std::nth_element(inside.begin(), inside.begin() + rank, inside.end(), std::greater<>());
  return inside[static_cast<std::size_t>(rank)];
}

struct ImpostorSide {
  SideCount count;
  float threshold = 0;
  std::uint64_t false_matches = 0;
};

Result<ImpostorSide> impostor_side(std::span<const float> impostor, double fmr) {
  ImpostorSide side;
  const std::uint64_t allowed = errors_allowed(fmr, impostor.size());
  if (allowed >= impostor.size()) {  // every impostor may match: the lowest threshold that is still a number
    SHOGO_TRY(side.count, count_side(impostor, "impostor", -kInfinity));
    side.threshold = std::numeric_limits<float>::lowest();
    side.false_matches = impostor.size();
    return side;
  }
  // Small rates: keep what may be above the threshold in the first pass, so that no second one is needed.
  constexpr double kFew = 1e-3;
  const float from = fmr <= kFew && impostor.size() > 65536 ? guess_from_sample(impostor, fmr) : kInfinity;
  float excluded = 0;
  if (std::isfinite(from)) {
    SHOGO_TRY(side.count, count_side_keeping(impostor, "impostor", from));
  } else {
    SHOGO_TRY(side.count, count_side(impostor, "impostor", 0));
  }
  std::vector<float>& kept = side.count.kept;
  if (allowed < kept.size()) {
    const auto rank = kept.begin() + static_cast<std::ptrdiff_t>(allowed);
    std::nth_element(kept.begin(), rank, kept.end(), std::greater<>());
    excluded = *rank;
    side.false_matches = static_cast<std::uint64_t>(
        std::count_if(kept.begin(), kept.end(), [&](float score) { return score > excluded; }));
  } else {
    excluded = score_at_rank(impostor, side.count, allowed);
    for (const float score : impostor) side.false_matches += score > excluded ? 1U : 0U;
  }
  side.threshold = just_above(excluded);
  return side;
}

Result<void> check_rate(double fmr) {
  if (fmr >= 0 && fmr <= 1) return {};
  return Error{Code::kInvalid, fmt::format("a false match rate lies between 0 and 1, not at {}", fmr)};
}

}  // namespace

float just_above(float score) {
  return std::nextafter(score, kInfinity);
}

std::uint64_t errors_allowed(double rate, std::uint64_t n) {
  const auto keeps = [&](std::uint64_t errors) {
    return static_cast<double>(errors) / static_cast<double>(n) <= rate;
  };
  auto guess = static_cast<std::uint64_t>(std::min(1.0, rate) * static_cast<double>(n));
  guess = std::min(guess, n);
  while (guess > 0 && !keeps(guess)) --guess;
  while (guess < n && keeps(guess + 1)) ++guess;
  return guess;
}

Result<std::vector<std::uint64_t>> count_cells(std::span<const float> scores, std::string_view side) {
  SHOGO_TRY(SideCount count, count_side(scores, side, 0));
  return std::move(count.cells);
}

Result<Evaluation> evaluate(std::span<const float> genuine, std::span<const float> impostor, double fmr) {
  SHOGO_CHECK_OK(check_rate(fmr));
  SHOGO_TRY(ImpostorSide strangers, impostor_side(impostor, fmr));
  SHOGO_TRY(SideCount owners, count_side(genuine, "genuine", strangers.threshold));
  Evaluation evaluation;
  evaluation.point = {strangers.threshold, genuine.size(), owners.below, impostor.size(),
                      strangers.false_matches};
  evaluation.det = {std::move(owners.cells), std::move(strangers.count.cells)};
  return evaluation;
}

Result<OperatingPoint> at_threshold(std::span<const float> genuine, std::span<const float> impostor,
                                    float threshold) {
  if (std::isnan(threshold)) return Error{Code::kInvalid, "the threshold is not a number"};
  SHOGO_TRY(const SideCount owners, count_side(genuine, "genuine", threshold));
  SHOGO_TRY(const SideCount strangers, count_side(impostor, "impostor", threshold));
  return OperatingPoint{threshold, genuine.size(), owners.below, impostor.size(),
                        impostor.size() - strangers.below};
}

std::vector<DetPoint> points_of(const CellDet& det) {
  std::vector<DetPoint> points;
  std::uint64_t matches = 0;
  for (const std::uint64_t count : det.impostor) matches += count;
  std::uint64_t refused = 0;
  bool changed = true;
  for (std::uint32_t cell = kFirstFinite; cell <= kLastFinite; ++cell) {
    if (changed) points.push_back({from_order_key(cell << 16), matches, refused});
    changed = det.genuine[cell] > 0 || det.impostor[cell] > 0;
    matches -= det.impostor[cell];
    refused += det.genuine[cell];
  }
  points.push_back({kInfinity, matches, refused});
  return points;
}

}  // namespace shogo::scores
