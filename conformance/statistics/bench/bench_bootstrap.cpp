// 1000 subject-bootstrap replicates of 50 million pairs (10 000 people, 5000 false matches), after the pass
// that found the false matches. Goal: 10 ms.
#include <ctime>

#include <benchmark/benchmark.h>

#include <shogo/base/rng.h>
#include <shogo/statistics/bootstrap.h>

namespace {

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void bootstrap_1000_replicates(benchmark::State& state) {
  constexpr std::uint32_t kPeople = 10000;
  shogo::Rng rng(1, "bench.bootstrap");
  std::vector<std::pair<std::uint32_t, std::uint32_t>> errors;
  while (errors.size() < 5000) {
    const auto a = static_cast<std::uint32_t>(rng.below(kPeople)),
               b = static_cast<std::uint32_t>(rng.below(kPeople));
    if (a != b) errors.emplace_back(a, b);
  }
  for (auto _ : state) {
    const double before = thread_seconds();
    benchmark::DoNotOptimize(shogo::statistics::bootstrap_pairs(kPeople, errors, 1000, 0.95, 1)->upper);
    state.SetIterationTime(thread_seconds() - before);
  }
}
BENCHMARK(bootstrap_1000_replicates)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(15);

}  // namespace

BENCHMARK_MAIN();
