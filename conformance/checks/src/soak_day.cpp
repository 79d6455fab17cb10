// 3-24.a: a virtual day with 480 sessions and a fault every hour. Nothing may stay broken, memory and handles
// may not grow, the work of a session may not become more.
//
// Memory: hourly means of a process's private memory, its first two hours left out (caches fill), Theil-Sen
// slope with Sen's 95 % interval; handles the same. Time: the processor time of the device's processes per
// session (virtual time itself takes none), 95th percentile of the last third against the first; FAIL only
// when the order-statistic intervals (95 %) lie more than the limit apart, because other load on the machine
// widens them.
#include "card_trace.h"
#include "checks.h"
#include "clock_agreement.h"
#include "soak_session.h"
#include "soak_statistics.h"
#include "whole_script.h"
#include <array>
#include <map>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto kPace = minutes(3);
constexpr int kSessionsAnHour = 20;
constexpr int kFullSessions = 480;
/// A quick run plays the first minutes and the last of the day: enough to catch what breaks, too few to
/// speak of a day.
constexpr int kQuickSessions = 10;
constexpr int kQuickLastSessions = 2;
constexpr auto kDay = hours(24);
constexpr Nanoseconds kExact{0};
constexpr Nanoseconds kCoarse = std::chrono::seconds(1);
constexpr Nanoseconds kQuickLeap = std::chrono::seconds(10);

constexpr std::array<SoakFault, 4> kFaults{{
    {"server_refuses", sim::RfFault::kNone, sim::ServerFault::kRefused},
    {"card_leaves", sim::RfFault::kLeavesMidApdu, sim::ServerFault::kNone},
    {"blocks_lost", sim::RfFault::kLosesBlocks, sim::ServerFault::kNone},
    {"card_mute", sim::RfFault::kMute, sim::ServerFault::kNone},
}};

Result<void> play_hours(Stage& stage, VirtualTime& time, int sessions) {
  SoakSessions visitors(stage, time);
  const Nanoseconds start = time.now();
  for (int n = 1; n <= sessions; ++n) {
    const bool faulty = n % kSessionsAnHour == kSessionsAnHour / 2;
    const SoakFault fault =
        faulty ? kFaults[static_cast<std::size_t>(n / kSessionsAnHour) % kFaults.size()] : SoakFault{};
    SHOGO_TRY(const bool well, visitors.play(n, fault));
    visitors.note_vitals(n);
    if (!well) return {};
    const Nanoseconds next = start + kPace * n;
    if (next > time.now()) SHOGO_CHECK_OK(time.advance(stage, next - time.now(), kCoarse));
  }
  return {};
}

Result<void> play_short_day(Stage& stage, VirtualTime& time) {
  SoakSessions visitors(stage, time);
  const Nanoseconds start = time.now();
  int n = 0;
  const auto visit = [&]() -> Result<bool> {
    SHOGO_TRY(const bool well, visitors.play(++n));
    visitors.note_vitals(n);
    SHOGO_CHECK_OK(time.advance(stage, kPace, kCoarse));
    return well;
  };
  for (int i = 0; i < kQuickSessions; ++i) {
    SHOGO_TRY(const bool well, visit());
    if (!well) return {};
  }
  SHOGO_CHECK_OK(time.advance(stage, start + kDay - time.now(), kQuickLeap));
  for (int i = 0; i < kQuickLastSessions; ++i) {
    SHOGO_TRY(const bool well, visit());
    if (!well) return {};
  }
  return {};
}

struct Series {
  std::vector<double> hour, memory_mb, handles;
};

/// Hourly means per process; `each`: every session by itself.
std::map<std::string, Series> series_of(const Transcript& transcript, bool each) {
  struct Bin {
    double time = 0, memory = 0, handles = 0;
    int count = 0;
  };
  std::map<std::string, std::map<int, Bin>> bins;
  std::optional<double> first;
  for (const Event* event : transcript.select(source::kHarness, "vitals")) {
    const double at = static_cast<double>(integer_of(event->data, "t_dev", 0)) / 3.6e12;
    if (!first) first = at;
    const auto index =
        each ? static_cast<int>(integer_of(event->data, "n", 0)) : static_cast<int>(at - *first);
    Bin& bin = bins[text_of(event->data, "process")][index];
    bin.time += at - *first;
    bin.memory += static_cast<double>(integer_of(event->data, "t_memory_kb", 0)) / 1024;
    bin.handles += static_cast<double>(integer_of(event->data, "t_handles", 0));
    ++bin.count;
  }
  std::map<std::string, Series> all;
  for (const auto& [process, list] : bins)
    for (const auto& [index, bin] : list) {
      Series& series = all[process];
      series.hour.push_back(bin.time / bin.count);
      series.memory_mb.push_back(bin.memory / bin.count);
      series.handles.push_back(bin.handles / bin.count);
    }
  return all;
}

/// The handles of a process that refuses to be looked into are not readable for everybody: they count as -1.
bool all_handles_seen(const Transcript& transcript) {
  const auto vitals = transcript.select(source::kHarness, "vitals");
  return std::all_of(vitals.begin(), vitals.end(),
                     [](const Event* event) { return integer_of(event->data, "t_handles", -1) >= 0; });
}

}  // namespace

Result<void> stimulate_soak_day(Stage& stage) {
  const bool quick = stage.profile() == "quick";
  SHOGO_CHECK_OK(play_clock_agreement(stage, quick ? kQuickClockCase : kFullClockCase));
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  stage.note("soak_begins");
  SHOGO_CHECK_OK(quick ? play_short_day(stage, time) : play_hours(stage, time, kFullSessions));
  stage.record(source::kHarness, "soak_ends", {{"t_dev", time.now().count()}});
  SHOGO_CHECK_OK(time.end(stage));
  return end_script(stage);
}

Judgement judge_soak_day(const Transcript& transcript, const CheckContext& context) {
  const bool quick = context.profile == "quick";
  const auto needed = static_cast<std::int64_t>(context.number("sessions"));
  const double slope_max = context.number("memory_slope_max");
  const double drift_max = context.number("p95_drift_max");
  const SoakSummary sessions = summarize_sessions(transcript);
  // In a quick run the first sessions are all there is: every session is its own "hour".
  auto series = series_of(transcript, quick);

  std::string broken_en = sessions.broken_en, broken_ja = sessions.broken_ja;
  double worst_slope = 0, worst_handles = 0;
  bool slope_open = false;
  for (auto& [process, s] : series) {
    const std::size_t skip = quick ? 3 : 2;
    // The last visits of a quick day come after a leap that would flatten every slope.
    const std::size_t end = quick ? std::min<std::size_t>(s.hour.size(), kQuickSessions) : s.hour.size();
    if (end <= skip + 3) continue;
    const auto part = [&](const std::vector<double>& v) {
      return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(skip),
                                 v.begin() + static_cast<std::ptrdiff_t>(end));
    };
    const Slope memory = theil_sen(part(s.hour), part(s.memory_mb));
    const Slope handles = theil_sen(part(s.hour), part(s.handles));
    worst_slope = std::max(worst_slope, memory.high);
    worst_handles = std::max(worst_handles, handles.low);
    if (broken_en.empty() && memory.low > slope_max) {
      broken_en = fmt::format("{} grows by {:.2f} MB/h (95 % interval {:.2f} to {:.2f}, n {})", process,
                              memory.value, memory.low, memory.high, end - skip);
      broken_ja = fmt::format("{}のメモリーが毎時{:.2f} MB増える（95 %区間{:.2f}～{:.2f}、n={}）", process,
                              memory.value, memory.low, memory.high, end - skip);
    } else if (memory.high > slope_max) {
      slope_open = true;
    }
    if (broken_en.empty() && handles.low > 0) {
      broken_en = fmt::format("{} opens {:.2f} handles an hour more than it closes", process, handles.value);
      broken_ja = fmt::format("{}の開いたままのハンドルが毎時{:.2f}個増える", process, handles.value);
    }
  }
  const Drift drift = p95_drift(sessions.cpu_ms);
  if (broken_en.empty() && drift.low_percent > drift_max) {
    broken_en = fmt::format("a session costs {:.0f} % more processor time at the end", drift.percent);
    broken_ja = fmt::format("終わりごろのセッションのCPU時間が{:.0f} %増えた", drift.percent);
  }

  Judgement judgement;
  const ClockAgreement clock = clock_agreement(steps_of(transcript));
  if (sessions.count == 0 || series.empty()) {
    judgement =
        inconclusive(Reason::kControlFailed, "no session was played, or the processes could not be seen",
                     "セッションが1回も行われていないか、プロセスを観測できなかった");
  } else if (!clock.agrees) {
    judgement =
        inconclusive(Reason::kClockUnverified, "Virtual time is not shown to be true here: " + clock.why,
                     "仮想時間が実時間と一致すると確かめられていない：" + clock.why);
  } else if (!broken_en.empty()) {
    judgement = fail(broken_en, broken_ja);
  } else if (sessions.count < needed || sessions.hours < context.number("duration") || slope_open) {
    judgement = inconclusive(
        Reason::kSampleTooSmall,
        fmt::format("{} of {} sessions in {:.1f} virtual hours, none left broken; that is too few for a day",
                    sessions.count, needed, sessions.hours),
        fmt::format("仮想時間{:.1f}時間に{}回中{}回のセッションで異常はないが、1日を判定するには足りない",
                    sessions.hours, needed, sessions.count));
  } else if (!all_handles_seen(transcript)) {
    judgement =
        inconclusive(Reason::kPartial,
                     "Memory and sessions are well, but the open handles of a process could not be read; "
                     "run as root, or as the processes' owner with the right to look into them",
                     "メモリーとセッションに異常はないが、開いているハンドルを読めないプロセスがある");
  } else {
    judgement = pass(
        fmt::format(
            "{} sessions in {:.1f} virtual hours, {} with a fault: none left broken; memory slope at most "
            "{:.2f} MB/h; clock: {}",
            sessions.count, sessions.hours, sessions.faulty, worst_slope, clock.why),
        fmt::format("仮想時間{:.1f}時間に{}セッション（うち故障{}"
                    "回）、復旧しない誤り0件、メモリーの傾きの上限{:.2f} MB/h",
                    sessions.hours, sessions.count, sessions.faulty, worst_slope));
  }
  judgement.measurements = {
      {"unrecovered_errors", static_cast<double>(sessions.unrecovered), "count", "= 0", sessions.count},
      {"memory_slope_max", worst_slope, "MB/h", fmt::format("<= {:g}", slope_max), sessions.count},
      {"handle_slope", worst_handles, "1/h", "<= 0", sessions.count},
      {"p95_drift_max", drift.percent, "%", fmt::format("<= {:g}", drift_max), sessions.count}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
