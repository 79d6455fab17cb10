#include "pair_kernels.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <ctime>
#include <functional>
#include <limits>
#include <map>
#include <memory>

#include <fmt/format.h>

#include <shogo/base/rng.h>
#include <shogo/scores/all_pairs.h>

namespace shogo::scores {
namespace {

double dot(const float* a, const float* b, std::size_t n) {
  return all_pair_kernels().front().dot(a, b, n);
}

/// Columns of one panel, 64-byte aligned for the kernels.
struct alignas(64) Line {
  std::array<std::uint8_t, 64> byte;
};

/// 8-bit copies of all templates, as rows and as panels, with what the rounding left over.
class Quantised {
 public:
  Quantised(const Templates& templates, const std::vector<double>& norms)
      : count_(templates.subject.size()),
        stride_((templates.dimension + kQuad - 1) / kQuad * kQuad),
        rows_((count_ + kTileRows) * stride_, 0),
        scale(count_ + kTileColumns, 0.0F),
        error(count_ + kTileColumns, 0.0F),
        start(count_ + kTileRows, 0) {
    const std::size_t panels = (count_ + kTileColumns - 1) / kTileColumns;
    lines_ = std::make_unique<Line[]>(panels * panel_lines());
    std::fill_n(&lines_[0].byte[0], panels * panel_lines() * sizeof(Line), std::uint8_t{128});
    for (std::size_t i = 0; i < count_; ++i) add(templates, norms, i);
  }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] const std::int8_t* row(std::size_t i) const { return rows_.data() + i * stride_; }
  [[nodiscard]] const std::uint8_t* panel(std::size_t p) const {
    return lines_[p * panel_lines()].byte.data();
  }

 private:
  [[nodiscard]] std::size_t panel_lines() const {
    return stride_ / kQuad * (kTileColumns * kQuad / sizeof(Line));
  }
  void add(const Templates& templates, const std::vector<double>& norms, std::size_t i) {
    const float* x = templates.values.data() + i * templates.dimension;
    double largest = 0;
    for (std::size_t k = 0; k < templates.dimension; ++k)
      largest = std::max(largest, std::abs(static_cast<double>(x[k])));
    const double unit = 1 / norms[i];
    const auto step = static_cast<float>(largest * unit / 127);
    const double per_step = 1 / static_cast<double>(step);
    double rest = 0;
    std::int32_t sum = 0;
    for (std::size_t k = 0; k < templates.dimension; ++k) {
      const double value = static_cast<double>(x[k]) * unit;
      const double scaled = std::clamp(value * per_step, -127.0, 127.0);
      const auto q = static_cast<std::int8_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
      const double left = value - static_cast<double>(q) * static_cast<double>(step);
      rest += left * left;
      sum += q;
      rows_[i * stride_ + k] = q;
    }
    std::uint8_t* panel = &lines_[i / kTileColumns * panel_lines()].byte[0] + i % kTileColumns * kQuad;
    for (std::size_t k = 0; k < stride_; k += kQuad) {
      std::uint32_t quad = 0;
      std::memcpy(&quad, &rows_[i * stride_ + k], kQuad);
      quad ^= 0x80808080U;  // + 128 in each byte
      std::memcpy(panel + k * kTileColumns, &quad, kQuad);
    }
    scale[i] = step;
    // Rounded up: the bound must hold in spite of what float does to it.
    error[i] = std::nextafter(static_cast<float>(std::sqrt(rest) * (1 + 1e-6)), 1.0F);
    start[i] = -128 * sum;
  }
  std::size_t count_, stride_;
  std::vector<std::int8_t> rows_;
  std::unique_ptr<Line[]> lines_;

 public:
  std::vector<float> scale, error;
  std::vector<std::int32_t> start;
};

struct Kept {
  float score;
  std::uint32_t i, j;
};

class Comparison {
 public:
  Comparison(const Templates& templates, const std::vector<double>& norms, const PairKernel& kernel)
      : templates_(templates), norms_(norms), kernel_(kernel), quantised_(templates, norms) {}

  [[nodiscard]] float score(std::size_t i, std::size_t j) const {
    const std::size_t d = templates_.dimension;
    return static_cast<float>(
        kernel_.dot(templates_.values.data() + i * d, templates_.values.data() + j * d, d) /
        (norms_[i] * norms_[j]));
  }

  /// Which pairs i < j: rows [0, rows), columns [columns, count).
  struct Part {
    std::size_t rows, columns;
  };

  /// Impostor pairs of the part with an exact score >= from.
  std::vector<Kept> at_least(float from, const Part& part, std::uint64_t& rescored,
                             const std::function<void(double)>& progress) const {
    const std::size_t n = templates_.subject.size();
    std::vector<Kept> kept;
    alignas(64) std::array<std::int32_t, kTileRows * kTileColumns> dots;
    std::array<std::uint8_t, kTileColumns> found;
    // Float rounding of the screen itself: a few units in the last place of numbers below 2.
    constexpr float kSlack = 2e-6F;
    rescored = 0;
    std::vector<Kept> survivors;
    for (std::size_t first = part.columns / kTileColumns * kTileColumns; first < n; first += kTileColumns) {
      const std::size_t columns = std::min(kTileColumns, n - first);
      const std::size_t rows = std::min(first + columns, part.rows);
      const std::uint8_t* panel = quantised_.panel(first / kTileColumns);
      for (std::size_t row = 0; row < rows; row += kTileRows) {
        kernel_.tile(quantised_.row(row), quantised_.stride(), panel, quantised_.stride() / kQuad,
                     &quantised_.start[row], dots.data());
        for (std::size_t r = 0; r < kTileRows && row + r < rows; ++r) {
          const std::size_t i = row + r;
          const std::size_t count = kernel_.screen(
              &dots[r * kTileColumns], quantised_.scale[i], quantised_.error[i], &quantised_.scale[first],
              &quantised_.error[first], from - quantised_.error[i] - kSlack, found.data());
          for (std::size_t f = 0; f < count; ++f) {
            const std::size_t j = first + found[f];
            if (j <= i || j < part.columns || j >= n || templates_.subject[i] == templates_.subject[j])
              continue;
            survivors.push_back({0, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
          }
        }
      }
      rescored += survivors.size();
      rescore(survivors, from, kept);
      const double done = static_cast<double>(first + columns) / static_cast<double>(n);
      if (progress) progress(done * done);
    }
    return kept;
  }

  /// Every pair of the part with one subject, in order of (i, j).
  [[nodiscard]] std::vector<Kept> genuine(const Part& part) const {
    std::map<std::uint32_t, std::vector<std::uint32_t>> of_subject;
    const auto n = static_cast<std::uint32_t>(templates_.subject.size());
    for (std::uint32_t i = 0; i < n; ++i) of_subject[templates_.subject[i]].push_back(i);
    std::vector<Kept> own;
    for (const auto& [subject, list] : of_subject)
      for (std::size_t a = 0; a < list.size() && list[a] < part.rows; ++a)
        for (std::size_t b = a + 1; b < list.size(); ++b)
          if (list[b] >= part.columns) own.push_back({score(list[a], list[b]), list[a], list[b]});
    std::sort(own.begin(), own.end(),
              [](const Kept& a, const Kept& b) { return std::pair(a.i, a.j) < std::pair(b.i, b.j); });
    return own;
  }

  /// Moves the survivors that hold exactly. Their templates lie anywhere in memory: each is called for a few
  /// pairs ahead.
  void rescore(std::vector<Kept>& survivors, float from, std::vector<Kept>& kept) const {
    constexpr std::size_t kAhead = 3, kLine = 16;  // floats in a cache line
    const std::size_t d = templates_.dimension;
    for (std::size_t s = 0; s < survivors.size(); ++s) {
      if (s + kAhead < survivors.size())
        for (std::size_t k = 0; k < d; k += kLine) {
          __builtin_prefetch(templates_.values.data() + survivors[s + kAhead].i * d + k);
          __builtin_prefetch(templates_.values.data() + survivors[s + kAhead].j * d + k);
        }
      const Kept pair{score(survivors[s].i, survivors[s].j), survivors[s].i, survivors[s].j};
      if (pair.score >= from) kept.push_back(pair);
    }
    survivors.clear();
  }

  /// A score that more impostor pairs than `wanted` reach, guessed from random ones.
  [[nodiscard]] float guess(std::uint64_t wanted, std::uint64_t impostors, std::uint64_t seed) const {
    constexpr std::size_t kSample = 100000;
    if (impostors <= kSample) return -2;
    Rng rng(seed, "all_pairs.guess");
    std::vector<float> sample;
    const std::size_t n = templates_.subject.size();
    while (sample.size() < kSample) {
      const auto i = static_cast<std::size_t>(rng.below(n)), j = static_cast<std::size_t>(rng.below(n));
      if (templates_.subject[i] != templates_.subject[j]) sample.push_back(score(i, j));
    }
    const double expected = static_cast<double>(wanted) / static_cast<double>(impostors) * kSample;
    const auto rank = static_cast<std::size_t>(expected + 5 * std::sqrt(expected + 1) + 5);
    if (rank >= kSample) return -2;
    std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(rank), sample.end(),
                     std::greater<>());
    return sample[rank];
  }

 private:
  const Templates& templates_;
  const std::vector<double>& norms_;
  const PairKernel& kernel_;
  Quantised quantised_;
};

Result<std::vector<double>> norms_of(const Templates& templates) {
  const auto wrong = [](std::string what) { return Error{Code::kInvalid, "templates: " + std::move(what)}; };
  const std::size_t n = templates.subject.size(), d = templates.dimension;
  // 128 * 127 * d must fit the kernels' 32-bit sums.
  constexpr std::size_t kMostDimensions = 65536;
  if (d < 1 || d > kMostDimensions) return wrong(fmt::format("a dimension of {} cannot be", d));
  if (n >= std::numeric_limits<std::uint32_t>::max()) return wrong("too many for 32-bit numbers");
  if (templates.values.size() / d != n || templates.values.size() % d != 0)
    return wrong(fmt::format("{} values are not {} templates of {}", templates.values.size(), n, d));
  std::vector<double> norms(n);
  for (std::size_t i = 0; i < n; ++i) {
    const float* x = templates.values.data() + i * d;
    norms[i] = std::sqrt(dot(x, x, d));
    if (!std::isfinite(norms[i]))
      return wrong(fmt::format("template {} holds a value that is not finite", i));
    if (norms[i] < 1e-30) return wrong(fmt::format("template {} has length zero, so it has no direction", i));
  }
  return norms;
}

}  // namespace

float cosine(std::span<const float> a, std::span<const float> b) {
  const double norm =
      std::sqrt(dot(a.data(), a.data(), a.size())) * std::sqrt(dot(b.data(), b.data(), b.size()));
  return static_cast<float>(dot(a.data(), b.data(), a.size()) / norm);
}

Result<PairsResult> compare_all(const Templates& templates, double fmr, std::string_view kernel_name,
                                const std::function<void(double)>& progress) {
  if (!(fmr >= 0 && fmr < 1))
    return Error{Code::kInvalid, fmt::format("a false match rate of {} cannot be asked for", fmr)};
  SHOGO_TRY(const std::vector<double> norms, norms_of(templates));
  const auto& kernels = all_pair_kernels();
  const auto kernel = std::find_if(kernels.begin(), kernels.end(), [&](const PairKernel& k) {
    return kernel_name.empty() || k.name == kernel_name;
  });
  if (kernel == kernels.end())
    return Error{Code::kUnsupported, fmt::format("this processor has no kernel \"{}\"", kernel_name)};
  const Comparison comparison(templates, norms, *kernel);
  PairsResult result;
  result.kernel = kernel->name;

  const auto n = static_cast<std::uint64_t>(templates.subject.size());
  const Comparison::Part whole{templates.subject.size(), 0};
  const std::vector<Kept> own = comparison.genuine(whole);
  for (const Kept& pair : own) result.genuine.push_back(pair.score);
  if (own.size() == n * (n - 1) / 2)
    return Error{Code::kInvalid, "templates: at least two subjects are needed"};
  if (own.empty())
    return Error{Code::kInvalid, "templates: no subject has two, so there is no genuine comparison"};

  const std::uint64_t impostors = n * (n - 1) / 2 - own.size();
  const std::uint64_t allowed = errors_allowed(fmr, impostors);
  float from = comparison.guess(allowed + 1, impostors, 1);
  std::vector<Kept> kept = comparison.at_least(from, whole, result.rescored, progress);
  while (kept.size() <= allowed && from > -2) {  // the sample misled: look further down
    from = from > -0.9F ? from - 0.1F : -2;
    kept = comparison.at_least(from, whole, result.rescored, progress);
  }
  if (allowed >= kept.size()) return Error{Code::kInternal, "templates: fewer impostor scores than pairs"};
  const auto rank = kept.begin() + static_cast<std::ptrdiff_t>(allowed);
  std::nth_element(kept.begin(), rank, kept.end(),
                   [](const Kept& a, const Kept& b) { return a.score > b.score; });
  const float excluded = rank->score;
  for (const Kept& pair : kept)
    if (pair.score > excluded) result.false_matches.emplace_back(pair.i, pair.j);
  std::sort(result.false_matches.begin(), result.false_matches.end());
  result.point = {just_above(excluded), own.size(), 0, impostors, result.false_matches.size()};
  for (const float score : result.genuine)
    result.point.false_non_matches += score < result.point.threshold ? 1U : 0U;
  return result;
}

Result<PairsPart> compare_part(const Templates& templates, std::size_t rows, std::size_t columns, float from,
                               const std::function<void(double)>& progress) {
  const std::size_t n = templates.subject.size();
  const bool within = rows == n && columns == 0;
  if (!within && (rows == 0 || rows != columns || rows >= n))
    return Error{Code::kInvalid,
                 fmt::format("rows {} and columns {} are no part of {} templates: expected rows = "
                             "columns, where the second block begins, or all rows and column 0",
                             rows, columns, n)};
  SHOGO_TRY(const std::vector<double> norms, norms_of(templates));
  const Comparison comparison(templates, norms, all_pair_kernels().front());
  const Comparison::Part region{rows, columns};
  PairsPart part;
  for (const Kept& pair : comparison.genuine(region)) {
    part.genuine.push_back(pair.score);
    part.genuine_pairs.emplace_back(pair.i, pair.j);
  }
  const std::uint64_t all = within ? std::uint64_t{n} * (n - 1) / 2 : std::uint64_t{rows} * (n - rows);
  part.impostor = all - part.genuine.size();
  std::uint64_t rescored = 0;
  for (const Kept& pair : comparison.at_least(from, region, rescored, progress)) {
    part.reaching.push_back(pair.score);
    part.reaching_pairs.emplace_back(pair.i, pair.j);
  }
  return part;
}

double peak_multiply_adds(double seconds) {
  // One tile that never leaves the first-level cache, again and again.
  constexpr std::size_t kDimension = 256, kQuads = kDimension / kQuad;
  std::vector<std::int8_t> rows(kTileRows * kDimension, 3);
  const auto panel = std::make_unique<Line[]>(kQuads * kTileColumns * kQuad / sizeof(Line));
  alignas(64) std::array<std::int32_t, kTileRows * kTileColumns> dots;
  const std::array<std::int32_t, kTileRows> start{};
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  double best = 0;
  const double begin = now();
  while (now() - begin < seconds) {
    constexpr int kRounds = 2000;
    const double before = now();
    for (int i = 0; i < kRounds; ++i) {
      all_pair_kernels().front().tile(rows.data(), kDimension, panel[0].byte.data(), kQuads, start.data(),
                                      dots.data());
      asm volatile("" : : "r"(dots.data()) : "memory");
    }
    best = std::max(best,
                    kRounds * static_cast<double>(kTileRows * kTileColumns * kDimension) / (now() - before));
  }
  return best;
}

}  // namespace shogo::scores
