// FNMR at FMR with the cell DET, and the full exact DET, against one plain pass over the same memory in the
// same run. What counts is the column "passes": the median over rounds of (time / time of the pass before
// it).
//   bench_scores [SCORES]     default 10 000 000 (a tenth of them genuine)
#include "../src/kernels.h"
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <shogo/base/rng.h>
#include <shogo/scores/det.h>
#include <shogo/scores/operating_point.h>

namespace {

using namespace shogo;
using namespace shogo::scores;

std::vector<float> draw(std::size_t n, double shift, std::string_view name) {
  Rng rng(1, name);
  std::vector<float> scores(n);
  for (float& score : scores) {
    const std::uint64_t bits = rng.next();  // four 16-bit uniforms: nearly normal, sd 0.1
    double x = 0;
    for (int i = 0; i < 4; ++i) x += static_cast<double>(bits >> (16 * i) & 0xFFFF) / 65536.0 - 0.5;
    score = static_cast<float>(shift + x * 0.1732 + static_cast<double>(bits & 0xFFFFFF) * 1e-11);
  }
  return scores;
}

/// Time of this thread on the processor: on a busy machine the waiting belongs to somebody else.
double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds(const std::function<void()>& work) {
  const double start = thread_seconds();
  work();
  return thread_seconds() - start;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void against_one_pass(benchmark::State& state, const std::vector<float>& genuine,
                      const std::vector<float>& impostor, const std::function<void()>& work) {
  std::vector<double> ratios, passes;
  for (auto _ : state) {
    const double pass = seconds([&] {
      benchmark::DoNotOptimize(kernels().sum(genuine.data(), genuine.size()));
      benchmark::DoNotOptimize(kernels().sum(impostor.data(), impostor.size()));
    });
    const double time = seconds(work);
    state.SetIterationTime(time);
    ratios.push_back(time / pass);
    passes.push_back(pass);
  }
  state.counters["passes"] = median(ratios);
  state.counters["pass_ms"] = 1e3 * median(passes);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  const std::size_t n = argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 10'000'000;
  if (n < 1000) {
    fmt::print(stderr, "bench_scores [SCORES]: at least 1000 scores\n");
    return 2;
  }
  const auto genuine = draw(n / 10, 0.5, "bench.genuine"), impostor = draw(n - n / 10, 0.0, "bench.impostor");
  fmt::print("{} scores, kernels {}\n", n, kernels().name);
  const auto add = [&](const char* name, const std::function<void()>& work) {
    benchmark::RegisterBenchmark(
        name, [&, work](benchmark::State& state) { against_one_pass(state, genuine, impostor, work); })
        ->UseManualTime()
        ->Iterations(n > 50'000'000 ? 7 : 15)
        ->Unit(benchmark::kMillisecond);
  };
  add("fnmr_at_fmr_and_64k_det", [&] { benchmark::DoNotOptimize(evaluate(genuine, impostor, 1e-4)->point); });
  add("full_exact_det", [&] { benchmark::DoNotOptimize(summarise_det(genuine, impostor)->points); });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
