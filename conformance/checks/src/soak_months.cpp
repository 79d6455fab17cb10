// 3-24.c: sixty virtual days. A 32-bit counter of milliseconds wraps after 24.9 days (signed) and 49.7 days
// (unsigned). Visits before and after each of them must go as on the first day. Japan has no daylight saving
// time. A year's end is not reached from the day on which the bench's scenario begins (1 April), and the
// POSIX time that the bench hands out has no leap seconds: the clause also names those two, so what can be
// said here is PARTIAL.
#include "card_trace.h"
#include "checks.h"
#include "clock_agreement.h"
#include "soak_session.h"
#include "soak_statistics.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

using std::chrono::hours;

constexpr double kHoursADay = 24;
/// Days at which somebody comes: around the wraps, at the end, and in between.
constexpr std::array<double, 9> kVisits{0.0, 12.1 / 24, 1.0, 24.8, 24.9, 37.0, 49.6, 49.8, 60.0};
/// Full: shorter than the heartbeat's patience, so that nobody is thought dead. Quick: half a day at a time,
/// as a machine that was suspended; the reader link falls and must come back by itself.
constexpr Nanoseconds kFullStep = std::chrono::seconds(10);
constexpr Nanoseconds kQuickStep = hours(12);
/// After a leap everybody has so long to find himself again.
constexpr Nanoseconds kBreath = std::chrono::seconds(60);
/// One request moves no further than this, so that the bench can be stopped in between.
constexpr Nanoseconds kLeap = hours(24);

}  // namespace

Result<void> stimulate_soak_months(Stage& stage) {
  const bool quick = stage.profile() == "quick";
  SHOGO_CHECK_OK(play_clock_agreement(stage, quick ? kQuickClockCase : kFullClockCase));
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  SoakSessions visitors(stage, time);
  const Nanoseconds start = time.now();
  int n = 0;
  for (const double day : kVisits) {
    const Nanoseconds due = start + std::chrono::duration_cast<Nanoseconds>(
                                        std::chrono::duration<double, std::ratio<86'400>>(day));
    while (time.now() < due)
      SHOGO_CHECK_OK(time.advance(stage, std::min(due - time.now(), kLeap), quick ? kQuickStep : kFullStep));
    SHOGO_CHECK_OK(time.advance(stage, kBreath));
    SHOGO_TRY(const bool well, visitors.play(++n));
    if (!well) break;
  }
  stage.record(source::kHarness, "soak_ends", {{"t_dev", time.now().count()}});
  SHOGO_CHECK_OK(time.end(stage));
  return end_script(stage);
}

Judgement judge_soak_months(const Transcript& transcript, const CheckContext& context) {
  const double days_needed = context.number("virtual_days");
  const SoakSummary visits = summarize_sessions(transcript);
  const double days = visits.hours / kHoursADay;
  const ClockAgreement clock = clock_agreement(steps_of(transcript));
  const auto needed = static_cast<std::int64_t>(kVisits.size());
  Judgement judgement;
  if (visits.count == 0) {
    judgement = inconclusive(Reason::kControlFailed, "nobody came: no session was played",
                             "セッションが1回も行われていない");
  } else if (!clock.agrees) {
    judgement =
        inconclusive(Reason::kClockUnverified, "Virtual time is not shown to be true here: " + clock.why,
                     "仮想時間が実時間と一致すると確かめられていない：" + clock.why);
  } else if (visits.unrecovered > 0) {
    judgement = fail(visits.broken_en, visits.broken_ja);
  } else if (visits.count < needed || days < days_needed) {
    judgement = inconclusive(
        Reason::kSampleTooSmall,
        fmt::format("{} of {} visits in {:.1f} of {:.0f} days", visits.count, needed, days, days_needed),
        fmt::format("{:.0f}日中{:.1f}日、{}回中{}回の来訪しか行えなかった", days_needed, days, needed,
                    visits.count));
  } else {
    judgement = inconclusive(
        Reason::kPartial,
        fmt::format(
            "2 of 4 moments could be given: {} visits in {:.1f} virtual days, before and after both wraps, "
            "none failed; the year's end and a leap second could not; clock: {}",
            visits.count, days, clock.why),
        fmt::format("4種の時点のうち2種を確認：仮想時間{:.1f}日に{}"
                    "回、両方の桁あふれの前後でも正常。年末とうるう秒は未確認",
                    days, visits.count));
  }
  judgement.measurements = {
      {"failures", static_cast<double>(visits.unrecovered), "count", "= 0", visits.count},
      {"virtual_days", days, "days", fmt::format(">= {:g}", days_needed), visits.count}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
