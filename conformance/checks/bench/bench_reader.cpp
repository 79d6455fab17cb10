// The reference reader in use and at rest: device time of a PIN journey (card seen, PIN asked for, result
// shown), and the memory and processor time of its three processes. What a patient's fingers take is not in
// it: touches come at once, and only the device's answers to them are timed.
#include "journey.h"
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include <shogo/base/clock.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/open_device.h>
#include <shogo/conformance/stage.h>

namespace {

using namespace shogo;
using namespace shogo::conformance;

double seconds(Nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Parts {
  double card = 0, choice = 0, result = 0;
  [[nodiscard]] double all() const { return card + choice + result; }
};

/// One patient with a good card and the right PIN, timed on the harness's clock.
Result<Parts> pin_journey(Stage& stage, RealClock& clock) {
  Parts parts;
  Mark since = stage.mark();
  Nanoseconds start = clock.now();
  SHOGO_CHECK_OK(stage.world().place_card(sim::Patient::kValid));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, since));
  parts.card = seconds(clock.now() - start);

  since = stage.mark();
  SHOGO_TRY(const UiTree method, stage.ui_tree());
  const auto pin = std::find_if(method.nodes.begin(), method.nodes.end(), [](const UiNode& node) {
    return node.role == "button" && node.text.find("暗証番号") != std::string::npos;
  });
  if (pin == method.nodes.end()) return Error{Code::kNotFound, "the method page offers no PIN"};
  start = clock.now();
  SHOGO_CHECK_OK(stage.touch(pin->centre_x(), pin->centre_y()));
  SHOGO_CHECK_OK(stage.wait_state({"pin"}, since));
  parts.choice = seconds(clock.now() - start);

  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(sim::Patient::kValid)));
  since = stage.mark();
  start = clock.now();
  SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_TRY(const Event result, stage.wait_result(since));
  parts.result = seconds(clock.now() - start);
  if (result.data.at("outcome") != "ok") return Error{Code::kConflict, "the journey did not end well"};
  SHOGO_CHECK_OK(finish(stage));
  return parts;
}

/// Our own children by name.
std::map<std::string, int> reader_processes() {
  std::map<std::string, int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream stat(entry.path() / "stat");
    std::string number, name, state;
    int parent = 0;
    if (stat >> number >> name >> state >> parent && parent == ::getpid() && name.rfind("(shogo-", 0) == 0)
      found[name.substr(1, name.size() - 2)] = std::stoi(pid);
  }
  return found;
}

/// VmHWM, the most memory that a process ever held, in MB (1e6 bytes).
double peak_memory_mb(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (status >> word)
    if (word == "VmHWM:") {
      double kib = 0;
      status >> kib;
      return kib * 1024 / 1e6;
    }
  return 0;
}

/// User and system time so far, in seconds.
double processor_time(int pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  double user = 0, system = 0;
  for (int field = 1; stat >> word; ++field) {
    if (field == 14) user = std::stod(word);
    if (field == 15) system = std::stod(word);
  }
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::unique_ptr<DeviceUnderTest> open_reference(benchmark::State& state) {
  auto dut = open_device({});
  if (dut.ok()) return *std::move(dut);
  state.SkipWithError(dut.error().describe().c_str());
  return nullptr;
}

void BM_PinJourney(benchmark::State& state) {
  const auto dut = open_reference(state);
  if (!dut) return;
  RealClock clock;
  std::vector<double> card, choice, result;
  for (auto _ : state) {
    StageSetup setup;
    setup.clause = "bench";
    setup.clock = &clock;
    setup.device = &dut->device();
    setup.world = dut->world();
    const auto stage = std::make_shared<Stage>(setup);
    dut->device().on_event([stage](const DeviceEvent& event) { stage->on_device_event(event); });
    auto parts = [&]() -> Result<Parts> {
      SHOGO_CHECK_OK(dut->begin_case("bench", 1, *stage));
      SHOGO_CHECK_OK(stage->call("reset", {{"level", "app"}}));
      return pin_journey(*stage, clock);
    }();
    dut->device().on_event(nullptr);
    dut->end_case();
    if (!parts.ok()) return state.SkipWithError(parts.error().describe().c_str());
    state.SetIterationTime(parts->all());
    card.push_back(parts->card);
    choice.push_back(parts->choice);
    result.push_back(parts->result);
  }
  state.counters["card_s"] = median(card);
  state.counters["choice_s"] = median(choice);
  state.counters["result_s"] = median(result);
  for (const auto& [name, pid] : reader_processes()) state.counters[name + "_MB"] = peak_memory_mb(pid);
}
BENCHMARK(BM_PinJourney)->UseManualTime()->Iterations(15)->Unit(benchmark::kMillisecond);

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  return values[at];
}

/// From the touch request on the harness's side to the pixels of the pressed key in the harness's memory: the
/// way there, the reader's drawing, the way back. Beside it, in the same run, what no screen can do without:
/// one plain copy of the whole frame.
void BM_TouchToPixels(benchmark::State& state) {
  const auto dut = open_reference(state);
  if (!dut) return;
  RealClock clock;
  StageSetup setup;
  setup.clause = "bench";
  setup.clock = &clock;
  setup.device = &dut->device();
  setup.world = dut->world();
  setup.limit = std::chrono::minutes(10);
  const auto stage = std::make_shared<Stage>(setup);
  dut->device().on_event([stage](const DeviceEvent& event) { stage->on_device_event(event); });
  const auto trouble = [&](const Error& error) {
    dut->device().on_event(nullptr);
    state.SkipWithError(error.describe().c_str());
  };
  if (auto begun = dut->begin_case("bench", 1, *stage); !begun.ok()) return trouble(begun.error());
  if (auto reset = stage->call("reset", {{"level", "app"}}); !reset.ok()) return trouble(reset.error());
  const auto screen = stage->settled_screen();
  if (!screen.ok()) return trouble(screen.error());
  const UiNode* key = screen->tree.find("language");
  if (key == nullptr) return trouble(Error{Code::kNotFound, "the idle page has no language key"});
  const auto finger = [&](int x, int y, const char* phase) {
    boost::json::array points;
    points.push_back(boost::json::array{x, y});
    return stage->call("touch", {{"points", std::move(points)}, {"phase", phase}});
  };
  std::vector<double> pixels, copies;
  Bytes copy(screen->frame.image.pixels.size());
  for (auto _ : state) {
    const Mark since = stage->mark();
    const Nanoseconds start = clock.now();
    const auto touched = finger(key->centre_x(), key->centre_y(), "down");
    const auto frame = stage->frame_after(since);
    const Nanoseconds seen = clock.now();
    if (!touched.ok() || !frame.ok()) return trouble(touched.ok() ? frame.error() : touched.error());
    state.SetIterationTime(seconds(seen - start));
    pixels.push_back(1e3 * seconds(seen - start));
    const Nanoseconds copying = clock.now();
    std::copy(frame->image.pixels.begin(), frame->image.pixels.end(), copy.begin());
    benchmark::ClobberMemory();
    copies.push_back(1e3 * seconds(clock.now() - copying));
    const Mark lifted = stage->mark();
    if (auto up = finger(1, 1, "up"); !up.ok()) return trouble(up.error());
    if (auto rest = stage->frame_after(lifted); !rest.ok()) return trouble(rest.error());
  }
  dut->device().on_event(nullptr);
  dut->end_case();
  state.counters["p50_ms"] = percentile(pixels, 0.5);
  state.counters["p95_ms"] = percentile(pixels, 0.95);
  state.counters["copy_p50_ms"] = percentile(copies, 0.5);
  state.counters["times_copy"] = percentile(pixels, 0.5) / percentile(copies, 0.5);
}
BENCHMARK(BM_TouchToPixels)->UseManualTime()->Iterations(300)->Unit(benchmark::kMillisecond);

void BM_Idle(benchmark::State& state) {
  const auto dut = open_reference(state);
  if (!dut) return;
  RealClock clock;
  std::map<std::string, double> before, share;
  for (auto _ : state) {
    for (const auto& [name, pid] : reader_processes()) before[name] = processor_time(pid);
    const Nanoseconds start = clock.now();
    clock.sleep_for(std::chrono::seconds(10));
    for (const auto& [name, pid] : reader_processes())
      share[name] = (processor_time(pid) - before[name]) / seconds(clock.now() - start);
  }
  for (const auto& [name, of_one_core] : share) state.counters[name + "_%"] = 100 * of_one_core;
  for (const auto& [name, pid] : reader_processes()) state.counters[name + "_MB"] = peak_memory_mb(pid);
}
BENCHMARK(BM_Idle)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

BENCHMARK_MAIN();
