// What the mirror for staff costs the reader beside the page that it has drawn for the patient (1-22.c):
// drawing the second page, halving it, packing it as PNG and cutting it into messages. Each pair is drawn one
// after the other, and the ratio is the median of the pairs: a busy machine slows both.
#include "staff/mirror.h"
#include "ui/page_check.h"
#include <algorithm>
#include <ctime>

#include <benchmark/benchmark.h>

namespace {

using namespace shogo;
using namespace shogo::reader;

/// Milliseconds of processor time of this thread.
double processor_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

void page_and_mirror(benchmark::State& state) {
  const Panel panel = *load_panel(kPanelNames[static_cast<std::size_t>(state.range(0))]);
  const auto fonts = *Fonts::open();
  const std::vector<PageInput> pages = fullest_pages(panel);
  std::vector<double> pages_ms, mirrors_ms, ratios;
  std::size_t bytes = 0, at = 0;
  for (auto unused : state) {
    const PageInput& input = pages[at++ % pages.size()];
    const double begin = processor_ms();
    const Page page = draw_page(input, panel, *fonts, Messages::built_in());
    const double drawn = processor_ms();
    const Page seen = draw_page(mirrored(input, contract::State::kIdle), panel, *fonts, Messages::built_in());
    const Bytes png = mirror_picture(seen.frame);
    benchmark::DoNotOptimize(mirror_parts(1, png));
    const double mirrored_at = processor_ms();
    bytes = std::max(bytes, png.size());
    pages_ms.push_back(drawn - begin);
    mirrors_ms.push_back(mirrored_at - drawn);
    ratios.push_back((mirrored_at - drawn) / (drawn - begin));
  }
  state.SetLabel(panel.name);
  state.counters["page_ms"] = median(pages_ms);
  state.counters["mirror_ms"] = median(mirrors_ms);
  state.counters["ratio"] = median(ratios);
  state.counters["png_bytes"] = static_cast<double>(bytes);
}
BENCHMARK(page_and_mirror)
    ->DenseRange(0, std::size(kPanelNames) - 1)
    ->Iterations(400)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
