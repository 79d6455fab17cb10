#include "comparison.h"
#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>

#include <fmt/format.h>

#include <shogo/scores/all_pairs.h>

namespace shogo::scores {
namespace {

double dot(const float* a, const float* b, std::size_t n) {
  return all_pair_kernels().front().dot(a, b, n);
}

/// The score of rank `rank` (0: the highest) among the exact ones, and the pairs above it. Most candidates
/// are told apart by their bounds; only those around that score are compared exactly.
struct Ranked {
  float score;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> above;
};
Ranked resolve(const Comparison& comparison, const std::vector<Candidate>& candidates, std::size_t rank) {
  const auto ranked = [&](float Candidate::*bound) {
    std::vector<float> values;
    for (const Candidate& c : candidates) values.push_back(c.*bound);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end(), std::greater<>());
    return *at;
  };
  const float lowest = ranked(&Candidate::low), highest = ranked(&Candidate::high);
  Ranked result{};
  std::vector<ScoredPair> near;
  for (const Candidate& c : candidates)
    if (c.low > highest)
      result.above.emplace_back(c.i, c.j);
    else if (c.high >= lowest)
      near.push_back({comparison.score(c.i, c.j), c.i, c.j});
  // At most `rank` pairs lie above `highest`, and more than `rank` reach `lowest`: the score sought is here.
  const auto at = near.begin() + static_cast<std::ptrdiff_t>(rank - result.above.size());
  std::nth_element(near.begin(), at, near.end(),
                   [](const ScoredPair& a, const ScoredPair& b) { return a.score > b.score; });
  result.score = at->score;
  for (const ScoredPair& pair : near)
    if (pair.score > result.score) result.above.emplace_back(pair.i, pair.j);
  std::sort(result.above.begin(), result.above.end());
  return result;
}

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
  const auto n = static_cast<std::uint64_t>(templates.subject.size());
  const Comparison comparison(templates, norms, *kernel, {templates.subject.size(), 0});
  PairsResult result;
  result.kernel = kernel->name;

  const std::vector<ScoredPair> own = comparison.genuine();
  for (const ScoredPair& pair : own) result.genuine.push_back(pair.score);
  if (own.size() == n * (n - 1) / 2)
    return Error{Code::kInvalid, "templates: at least two subjects are needed"};
  if (own.empty())
    return Error{Code::kInvalid, "templates: no subject has two, so there is no genuine comparison"};

  const std::uint64_t impostors = n * (n - 1) / 2 - own.size();
  const std::uint64_t allowed = errors_allowed(fmr, impostors);
  Comparison::Search search{comparison.guess(allowed, impostors), allowed, impostors, true};
  std::vector<Candidate> candidates;
  for (;;) {
    candidates = comparison.scan(search, result.rescored, progress);
    const auto sure = static_cast<std::uint64_t>(std::count_if(
        candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.low >= search.from; }));
    if (sure > allowed || search.from <= -2) break;
    // The sample misled: look further down, without guessing again.
    search.raise = false;
    search.from = search.from > -0.9F ? search.from - 0.1F : -2;
  }
  if (allowed >= candidates.size())
    return Error{Code::kInternal, "templates: fewer impostor scores than pairs"};
  Ranked ranked = resolve(comparison, candidates, allowed);
  result.false_matches = std::move(ranked.above);
  result.point = {just_above(ranked.score), own.size(), 0, impostors, result.false_matches.size()};
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
  const Comparison comparison(templates, norms, all_pair_kernels().front(), {rows, columns});
  PairsPart part;
  for (const ScoredPair& pair : comparison.genuine()) {
    part.genuine.push_back(pair.score);
    part.genuine_pairs.emplace_back(pair.i, pair.j);
  }
  const std::uint64_t all = within ? std::uint64_t{n} * (n - 1) / 2 : std::uint64_t{rows} * (n - rows);
  part.impostor = all - part.genuine.size();
  Comparison::Search search{from};
  std::uint64_t screened = 0;
  for (const Candidate& c : comparison.scan(search, screened, progress)) {
    const float score = comparison.score(c.i, c.j);
    if (score < from) continue;
    part.reaching.push_back(score);
    part.reaching_pairs.emplace_back(c.i, c.j);
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
  // The median round: the clock of a shared processor now and then makes one look faster than it can be.
  std::vector<double> rates;
  const double begin = now();
  while (rates.empty() || now() - begin < seconds) {
    constexpr int kRounds = 2000;
    const double before = now();
    for (int i = 0; i < kRounds; ++i) {
      all_pair_kernels().front().tile(rows.data(), kDimension, panel[0].byte.data(), kQuads, start.data(),
                                      dots.data());
      asm volatile("" : : "r"(dots.data()) : "memory");
    }
    rates.push_back(kRounds * static_cast<double>(kTileRows * kTileColumns * kDimension) / (now() - before));
  }
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle;
}

}  // namespace shogo::scores
