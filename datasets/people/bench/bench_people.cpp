// How long people take, beside what memory and arithmetic of this machine allow at best (measured in the same
// run).
#include <cstring>

#include <benchmark/benchmark.h>

#include <shogo/people/render.h>

namespace {

using namespace shogo::people;

const HeadModel& head() {
  static const auto model = HeadModel::load().value();
  return *model;
}
Person person(std::int64_t seed) {
  return sample_person(static_cast<std::uint64_t>(seed), find_recipe("clinic").value(), head());
}

Scene scene(int width, int height) {
  Scene out;
  out.camera = Camera::look_at({0, -18, 500}, {0, -18, 0}, width, height, static_cast<float>(width) * 0.866F);
  out.lights = {{normalized({0.4F, 0.5F, 0.8F}), {0.5F, 0.5F, 0.5F}, 0.5F},
                {normalized({-0.6F, 0.2F, 0.7F}), {0.25F, 0.25F, 0.25F}, 0.8F}};
  return out;
}

void sample(benchmark::State& state) {
  std::int64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(person(++seed));
}
BENCHMARK(sample)->Unit(benchmark::kMillisecond);

/// A new person: shape, hair, skin, ambient light.
void build(benchmark::State& state) {
  std::int64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(build_figure(head(), person(++seed % 16), {}, {}));
}
BENCHMARK(build)->Unit(benchmark::kMillisecond);

/// The same person with another expression.
void express(benchmark::State& state) {
  const Figure figure = build_figure(head(), person(3), {}, {});
  for (auto _ : state)
    benchmark::DoNotOptimize(build_figure(head(), person(3), {{"mouth-corner-puller", 0.2F}}, {}, &figure));
}
BENCHMARK(express)->Unit(benchmark::kMillisecond);

/// One frame, 2 x 2 samples a pixel; the mean over eight people, because hair styles differ much.
void frame(benchmark::State& state) {
  std::vector<Figure> figures;
  for (std::int64_t seed = 1; seed <= 8; ++seed)
    figures.push_back(build_figure(head(), person(seed), {}, {}));
  const Scene view = scene(640, 480);
  for (auto _ : state)
    for (const Figure& figure : figures)
      benchmark::DoNotOptimize(render(figure, view, static_cast<int>(state.range(0))));
  state.counters["per_frame"] =
      benchmark::Counter(8, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(frame)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The floor of memory: writing and reading once what one frame keeps (four samples of id and depth a pixel,
/// the picture).
void floor_memory(benchmark::State& state) {
  constexpr std::size_t kBytes = 640UL * 480 * (4 * 8 + 12 + 5);
  std::vector<char> from(kBytes), to(kBytes);
  for (auto _ : state) {
    std::memset(from.data(), 1, kBytes);
    std::memcpy(to.data(), from.data(), kBytes);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(floor_memory)->Unit(benchmark::kMillisecond);

/// The floor of arithmetic: 400 dependent-free multiply-and-add pairs for each of 150 000 shaded pixels.
void floor_arithmetic(benchmark::State& state) {
  std::vector<float> pixels(150000, 0.5F);
  for (auto _ : state) {
    for (float& pixel : pixels) {
      float a = pixel, b = a + 1, c = a + 2, d = a + 3;
      for (int i = 0; i < 100; ++i) {
        a = a * 0.999F + 0.001F;
        b = b * 0.998F + 0.001F;
        c = c * 0.997F + 0.001F;
        d = d * 0.996F + 0.001F;
      }
      pixel = clamp01(a + b + c + d);
    }
    benchmark::ClobberMemory();
  }
}
BENCHMARK(floor_arithmetic)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
