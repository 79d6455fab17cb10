#include "comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <shogo/base/rng.h>

namespace shogo::scores {
namespace {

// Rows of one block: with their remainders they stay in the second-level cache while all panels pass by.
constexpr std::size_t kBlockRows = 85 * kTileRows;
// Float rounding of the screen and of the estimates: a few units in the last place of numbers below 2.
constexpr float kSlack = 2e-6F;

/// Raises search.from to a score that clearly more of all pairs should reach than matter: a twentieth and
/// eight standard deviations more than expected. Drops what falls below.
void raise(Comparison::Search& search, std::uint64_t seen, std::vector<Candidate>& candidates) {
  const double expected = static_cast<double>(search.rank + 1) * static_cast<double>(seen) /
                          static_cast<double>(search.impostors);
  const auto rank = static_cast<std::size_t>(1.05 * expected + 8 * std::sqrt(expected + 1) + 8);
  if (rank >= candidates.size()) return;
  const auto at = candidates.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(candidates.begin(), at, candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.low > b.low; });
  if (at->low <= search.from) return;
  search.from = at->low;
  std::erase_if(candidates, [&](const Candidate& c) { return c.high < search.from; });
}

}  // namespace

Comparison::Comparison(const Templates& templates, const std::vector<double>& norms, const PairKernel& kernel,
                       const Part& part)
    : templates_(templates),
      norms_(norms),
      kernel_(kernel),
      part_(part),
      quantised_(templates, norms, part.columns, kernel) {}

float Comparison::score(std::size_t i, std::size_t j) const {
  const std::size_t d = templates_.dimension;
  return static_cast<float>(
      kernel_.dot(templates_.values.data() + i * d, templates_.values.data() + j * d, d) /
      (norms_[i] * norms_[j]));
}

std::vector<Candidate> Comparison::scan(Search& search, std::uint64_t& screened,
                                        const std::function<void(double)>& progress) const {
  const std::size_t n = templates_.subject.size(), stride = quantised_.stride();
  const bool triangle = part_.columns == 0;
  std::vector<Candidate> candidates;
  std::vector<Survivor> survivors;
  alignas(64) std::array<std::int32_t, kTileRows * kTileColumns> dots;
  std::array<std::uint64_t, kTileRows> reaches;
  std::vector<float> spread(kBlockRows), needed(kBlockRows);
  std::uint64_t seen = 0, raised = 0;
  screened = 0;
  for (std::size_t begin = 0; begin < part_.rows; begin += kBlockRows) {
    const std::size_t end = std::min(begin + kBlockRows, part_.rows);
    const auto need = [&] {
      for (std::size_t i = begin; i < end; ++i) {
        spread[i - begin] = 1 + quantised_.error[i];
        needed[i - begin] = search.from - quantised_.error[i] - kSlack;
      }
    };
    need();
    const std::size_t start = triangle ? begin : part_.columns;
    for (std::size_t first = start / kTileColumns * kTileColumns; first < n; first += kTileColumns) {
      const std::size_t last = std::min(first + kTileColumns, n);
      const std::uint8_t* panel = quantised_.panel(first / kTileColumns);
      const std::size_t rows = triangle ? std::min(end, last) : end;
      for (std::size_t row = begin; row < rows; row += kTileRows) {
        kernel_.tile(quantised_.row(row), stride, panel, stride / kQuad, &quantised_.start[row], dots.data());
        kernel_.screen(dots.data(), &quantised_.scale[row], &spread[row - begin], &needed[row - begin],
                       &quantised_.scale[first], &quantised_.error[first], reaches.data());
        for (std::size_t r = 0; r < kTileRows && row + r < rows; ++r)
          for (std::uint64_t left = reaches[r]; left != 0; left &= left - 1) {
            const auto c = static_cast<std::size_t>(__builtin_ctzll(left));
            const std::size_t i = row + r, j = first + c;
            if (j <= i || j < part_.columns || j >= n) continue;
            survivors.push_back(
                {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), dots[r * kTileColumns + c]});
          }
      }
      screened += survivors.size();
      refine(survivors, search.from, candidates);
      seen += (rows - begin) * (last - first);
      // Early and then ever more rarely: each time a quarter more has been seen.
      if (search.raise && seen > raised + raised / 4 + 100000) {
        raise(search, seen, candidates);
        need();
        raised = seen;
      }
    }
    if (progress) {
      const double left = 1 - static_cast<double>(end) / static_cast<double>(part_.rows);
      progress(triangle ? 1 - left * left : 1 - left);
    }
  }
  return candidates;
}

/// Second 8 bits. The columns' remainders come from memory: each pair's are called for a few pairs ahead.
void Comparison::refine(std::vector<Survivor>& survivors, float from,
                        std::vector<Candidate>& candidates) const {
  constexpr std::size_t kAhead = 4;
  for (std::size_t s = 0; s < survivors.size(); ++s) {
    if (s + kAhead < survivors.size()) {
      quantised_.prefetch(survivors[s + kAhead].row);
      quantised_.prefetch(survivors[s + kAhead].column);
    }
    const auto [row, column, dot] = survivors[s];
    const auto estimate = quantised_.estimate(row, column, dot, kernel_);
    const float high = static_cast<float>(estimate.value + estimate.bound) + kSlack;
    if (high < from) continue;
    const std::uint32_t i = quantised_.at(row), j = quantised_.at(column);
    if (templates_.subject[i] == templates_.subject[j]) continue;
    candidates.push_back(
        {static_cast<float>(estimate.value - estimate.bound) - kSlack, high, std::min(i, j), std::max(i, j)});
  }
  survivors.clear();
}

std::vector<ScoredPair> Comparison::genuine() const {
  std::map<std::uint32_t, std::vector<std::uint32_t>> of_subject;
  const auto n = static_cast<std::uint32_t>(templates_.subject.size());
  for (std::uint32_t i = 0; i < n; ++i) of_subject[templates_.subject[i]].push_back(i);
  std::vector<ScoredPair> own;
  for (const auto& [subject, list] : of_subject)
    for (std::size_t a = 0; a < list.size() && list[a] < part_.rows; ++a)
      for (std::size_t b = a + 1; b < list.size(); ++b)
        if (list[b] >= part_.columns) own.push_back({score(list[a], list[b]), list[a], list[b]});
  std::sort(own.begin(), own.end(), [](const ScoredPair& a, const ScoredPair& b) {
    return std::pair(a.i, a.j) < std::pair(b.i, b.j);
  });
  return own;
}

float Comparison::guess(std::uint64_t rank, std::uint64_t impostors) const {
  constexpr std::size_t kSample = 10000;
  if (impostors <= 10 * kSample) return -2;
  Rng rng(1, "all_pairs.guess");
  std::vector<float> sample;
  const std::size_t n = templates_.subject.size();
  while (sample.size() < kSample) {
    const auto i = static_cast<std::size_t>(rng.below(n)), j = static_cast<std::size_t>(rng.below(n));
    if (templates_.subject[i] != templates_.subject[j]) sample.push_back(score(i, j));
  }
  const double expected = static_cast<double>(rank + 1) / static_cast<double>(impostors) * kSample;
  const auto place = static_cast<std::size_t>(expected + 5 * std::sqrt(expected + 1) + 5);
  if (place >= kSample) return -2;
  std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(place), sample.end(),
                   std::greater<>());
  return sample[place];
}

}  // namespace shogo::scores
