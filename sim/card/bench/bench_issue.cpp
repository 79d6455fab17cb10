// How fast cards come into being: `bench_issue --benchmark_filter=.`
#include <benchmark/benchmark.h>

#include <shogo/sim/card_file.h>

namespace {

using namespace shogo;
using namespace shogo::sim;

const TestPki& pki() {
  static const TestPki made = std::move(TestPki::create(1)).value();
  return made;
}

const CardIssuer& issuer() {
  static const CardIssuer made = std::move(CardIssuer::create(pki())).value();
  return made;
}

void a_hierarchy(benchmark::State& state) {
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(TestPki::create(++seed));
}
BENCHMARK(a_hierarchy)->Unit(benchmark::kMillisecond);

/// From the seed to the text of the card file; every card another person.
void a_card(benchmark::State& state, const char* profile) {
  std::uint64_t seed = 0;
  for (auto _ : state) {
    const auto order = order_for(profile, ++seed, parse_jst("2026-04-01"));
    const auto card = issuer().prepare(*order);
    if (!card.ok()) {
      state.SkipWithError(card.error().describe().c_str());
      break;
    }
    benchmark::DoNotOptimize(print_card_file(*card, *order));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(a_card, standard, "standard")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(a_card, phone_android, "phone-android")->Unit(benchmark::kMillisecond);

void opening_a_card_file(benchmark::State& state) {
  const auto order = order_for("standard", 1, parse_jst("2026-04-01"));
  const std::string text = print_card_file(*issuer().prepare(*order), *order);
  for (auto _ : state) benchmark::DoNotOptimize(parse_card_file(text, "bench"));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(opening_a_card_file)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
