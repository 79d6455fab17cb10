// All pairs of templates at FMR 0.01 %, exact threshold, against the peak of the 8-bit multiply-add measured
// in the same run, before and after, the larger of the two: "share of peak". Pairs a second and core beside
// it.
//   bench_pairs [TEMPLATES] [DIMENSION]      default 10 000 of 512, two of each person
#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <shogo/base/rng.h>
#include <shogo/scores/all_pairs.h>

namespace {

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::size_t n = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10000;
  const std::size_t d = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 512;
  if (n < 10 || d < 4) {
    fmt::print(stderr, "bench_pairs [TEMPLATES] [DIMENSION]\n");
    return 2;
  }
  shogo::Rng rng(1, "bench.pairs");
  std::vector<float> values(n * d);
  std::vector<std::uint32_t> subject(n);
  for (std::size_t i = 0; i < n; ++i) {
    subject[i] = static_cast<std::uint32_t>(i / 2);
    for (std::size_t k = 0; k < d; ++k) {
      const std::uint64_t bits = rng.next();
      double x = i % 2 == 1 ? 1.5 * static_cast<double>(values[(i - 1) * d + k]) : 0;
      for (int part = 0; part < 4; ++part)
        x += static_cast<double>(bits >> (16 * part) & 0xFFFF) / 65536.0 - 0.5;
      values[i * d + k] = static_cast<float>(x);
    }
  }
  benchmark::RegisterBenchmark(
      "all_pairs_exact_threshold",
      [&](benchmark::State& state) {
        std::vector<double> shares, rates;
        for (auto _ : state) {
          const double peak_before = shogo::scores::peak_multiply_adds(0.2);
          const double before = thread_seconds();
          const auto result = shogo::scores::compare_all({values, d, subject}, 1e-4);
          const double time = thread_seconds() - before;
          const double peak = std::max(peak_before, shogo::scores::peak_multiply_adds(0.2));
          if (!result.ok()) state.SkipWithError(result.error().message().c_str());
          state.SetIterationTime(time);
          const double pairs = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
          rates.push_back(pairs / time);
          shares.push_back(pairs * static_cast<double>(d) / time / peak);
          state.counters["rescored_share"] = static_cast<double>(result->rescored) / pairs;
          state.counters["peak_Gmac"] = peak * 1e-9;
        }
        state.counters["Mpairs"] = 1e-6 * median(rates);
        state.counters["share_of_peak"] = median(shares);
      })
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
