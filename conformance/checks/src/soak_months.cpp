// 3-24.c: sixty virtual days. A 32-bit counter of milliseconds wraps after 24.9 days (signed) and 49.7 days
// (unsigned); the script sets the date so that a year ends in between. A leap second is given as POSIX
// systems give it, which have no 60th second: civil time repeats one (Japan's would come at 9:00 on 1
// January). Visits before and after each moment must go as on the first day. Japan has no daylight saving
// time. That the device really lived through the year's end shows in the dates of its own log.
#include "card_trace.h"
#include "checks.h"
#include "clock_agreement.h"
#include "soak_session.h"
#include "soak_statistics.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

using std::chrono::hours;

constexpr double kHoursADay = 24;
constexpr const char* kFirstDay = "2026-11-15T09:00:00+09:00";
constexpr std::string_view kLastOfYear = "\"t\":\"2026-12-31T", kFirstOfYear = "\"t\":\"2027-01-01T";
/// Days at which somebody comes: around the wraps, around the year's end (15 hours after the 46th morning)
/// and after the leap second, at the end, and in between.
constexpr double kLeapDay = 47.0;
constexpr std::array<double, 12> kVisits{0.0,   12.1 / 24, 1.0,  24.8, 24.9, 37.0,
                                         46.62, 46.63,     47.0, 49.6, 49.8, 60.0};
constexpr int kMoments = 4;  // two wraps, a year's end, a leap second
/// Full: shorter than the heartbeat's patience, so that nobody is thought dead. Quick: half a day at a time,
/// as a machine that was suspended; the reader link falls and must come back by itself.
constexpr Nanoseconds kFullStep = std::chrono::seconds(10);
constexpr Nanoseconds kQuickStep = hours(12);
/// After a leap everybody has so long to find himself again.
constexpr Nanoseconds kBreath = std::chrono::seconds(60);
/// One request moves no further than this, so that the bench can be stopped in between.
constexpr Nanoseconds kLeap = hours(24);

bool log_shows_year_end(const Transcript& transcript) {
  for (const Event* event : transcript.select(source::kDevice, "log")) {
    const Bytes* bytes = transcript.blob(event->blob);
    if (bytes == nullptr) continue;
    const std::string_view log = as_text(*bytes);
    if (log.find(kLastOfYear) != log.npos && log.find(kFirstOfYear) != log.npos) return true;
  }
  return false;
}

}  // namespace

Result<void> stimulate_soak_months(Stage& stage) {
  const bool quick = stage.profile() == "quick";
  SHOGO_CHECK_OK(play_clock_agreement(stage, quick ? kQuickClockCase : kFullClockCase));
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  stage.world().shift_civil_time(parse_jst(kFirstDay) - stage.world().civil_time());
  SoakSessions visitors(stage, time);
  const Nanoseconds start = time.now();
  int n = 0;
  for (const double day : kVisits) {
    const Nanoseconds due = start + std::chrono::duration_cast<Nanoseconds>(
                                        std::chrono::duration<double, std::ratio<86'400>>(day));
    while (time.now() < due)
      SHOGO_CHECK_OK(time.advance(stage, std::min(due - time.now(), kLeap), quick ? kQuickStep : kFullStep));
    if (day == kLeapDay) {
      stage.note("leap_second");
      stage.world().shift_civil_time(-std::chrono::seconds(1));
    }
    SHOGO_CHECK_OK(time.advance(stage, kBreath));
    SHOGO_TRY(const bool well, visitors.play(++n));
    if (!well) break;
  }
  stage.record(source::kHarness, "soak_ends", {{"t_dev", time.now().count()}});
  SHOGO_CHECK_OK(time.end(stage));
  if (stage.device().has(contract::cap::kLogExport)) SHOGO_CHECK_OK(stage.export_log());
  stage.world().restore_civil_time();
  return end_script(stage);
}

Judgement judge_soak_months(const Transcript& transcript, const CheckContext& context) {
  const double days_needed = context.number("virtual_days");
  const SoakSummary visits = summarize_sessions(transcript);
  const double days = visits.hours / kHoursADay;
  const ClockAgreement clock = clock_agreement(steps_of(transcript));
  const auto needed = static_cast<std::int64_t>(kVisits.size());
  const bool year_end = log_shows_year_end(transcript);
  const bool leap = !transcript.select(source::kStimulus, "leap_second").empty();
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
    judgement = pass(
        fmt::format(
            "{} visits in {:.1f} virtual days, before and after both wraps{}{}: none failed; clock: {}.",
            visits.count, days, year_end ? ", a year's end" : "", leap ? ", a leap second" : "", clock.why),
        fmt::format("仮想時間{:.1f}日に{}回、両方の桁あふれ{}{}の前後でも正常。", days, visits.count,
                    year_end ? "、年末" : "", leap ? "、うるう秒" : ""));
  }
  judgement.measurements = {
      {"failures", static_cast<double>(visits.unrecovered), "count", "= 0", visits.count},
      {"virtual_days", days, "days", fmt::format(">= {:g}", days_needed), visits.count}};
  return partial(only_if_whole(std::move(judgement), transcript),
                 kMoments - (year_end ? 0 : 1) - (leap ? 0 : 1), kMoments,
                 year_end ? "a leap second"
                 : leap   ? "the year's end (the device's log does not show its days)"
                          : "the year's end and a leap second",
                 year_end ? "うるう秒"
                 : leap   ? "年末（装置のログにその日付がない）"
                          : "年末とうるう秒");
}

}  // namespace shogo::conformance
