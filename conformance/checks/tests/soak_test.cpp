// 3-24.a and 3-24.c: what breaks a long run, what only makes it too short, and what the statistics say.
#include "checks.h"
#include "clock_agreement.h"
#include "hostile_transcripts.h"
#include "soak_statistics.h"
#include "transcript_builder.h"
#include <functional>

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

constexpr std::int64_t kMinute_ns = 60'000'000'000;
constexpr std::int64_t kHour_ns = 60 * kMinute_ns;

struct Session {
  std::string fault = "none";
  std::string outcome = "ok";
  bool idle = true;
  std::int64_t every_ns = 3 * kMinute_ns;
  double memory_mb = 40;
  std::int64_t handles = 30;
  double cpu_ms = 50;
};

/// The clock case: a state after the card, one by a timer, both times alike unless `late_ns` says otherwise.
void clock_case(TranscriptBuilder& t, std::string_view name, std::int64_t start_ns,
                std::int64_t late_ns = 0) {
  t.step(name);
  const auto state = [&](std::string_view what, std::int64_t at) {
    t.add(source::kDevice, "state", {{"name", what}, {"substate", ""}, {"t_dev", at}});
  };
  state("method", start_ns);
  state("take_card", start_ns + 2'000'000'000 + late_ns);
  t.add(source::kStimulus, "clock_case_end");
}

/// Not yet ended.
TranscriptBuilder story(const std::vector<Session>& sessions, std::int64_t late_ns = 0) {
  TranscriptBuilder t;
  clock_case(t, "clock_real", 1'000);
  clock_case(t, "clock_virtual", 7'000'000, late_ns);
  std::int64_t now = 100'000'000'000;
  t.add(source::kHarness, "clock_mode", {{"mode", "virtual"}, {"t_dev", now}});
  t.add(source::kStimulus, "soak_begins");
  std::int64_t n = 0;
  double cpu = 0;
  for (const Session& s : sessions) {
    cpu += s.cpu_ms;
    t.add(source::kHarness, "session",
          {{"n", ++n},
           {"fault", s.fault},
           {"outcome", s.outcome},
           {"idle", s.idle},
           {"t_dev", now},
           {"t_cpu_ns", static_cast<std::int64_t>(cpu * 1e6)}});
    t.add(source::kHarness, "vitals",
          {{"n", n},
           {"process", "shogo-reader"},
           {"t_dev", now},
           {"t_memory_kb", static_cast<std::int64_t>(s.memory_mb * 1024)},
           {"t_handles", s.handles}});
    now += s.every_ns;
  }
  t.add(source::kHarness, "soak_ends", {{"t_dev", now}});
  return t;
}
TranscriptBuilder played(const std::vector<Session>& sessions, std::int64_t late_ns = 0) {
  return story(sessions, late_ns).end();
}

std::vector<Session> day(const std::function<void(int, Session&)>& change = [](int, Session&) {}) {
  std::vector<Session> sessions(480);
  for (int i = 0; i < 480; ++i) change(i, sessions[static_cast<std::size_t>(i)]);
  return sessions;
}

Judgement judged_day(const std::vector<Session>& sessions, std::int64_t late_ns = 0) {
  CheckContext full = context_of("3-24.a");
  full.profile = "full";
  return judge_soak_day(played(sessions, late_ns).build(), full);
}

TEST(SoakDay, four_hundred_and_eighty_good_sessions_pass_and_one_less_is_no_day) {
  EXPECT_EQ(judged_day(day()).verdict, Verdict::kPass);
  auto shorter = day();
  shorter.pop_back();
  EXPECT_EQ(judged_day(shorter).reason, Reason::kSampleTooSmall);
}

TEST(SoakDay, a_session_that_fails_without_a_fault_breaks_the_day_and_one_with_a_fault_does_not) {
  EXPECT_EQ(judged_day(day([](int i, Session& s) {
              if (i == 240) s.outcome = "ng";
            })).verdict,
            Verdict::kFail);
  EXPECT_EQ(judged_day(day([](int i, Session& s) {
              if (i == 240) {
                s.fault = "server_refuses";
                s.outcome = "ng";
              }
            })).verdict,
            Verdict::kPass);
}

TEST(SoakDay, a_device_that_does_not_come_back_after_a_fault_breaks_the_day) {
  EXPECT_EQ(judged_day(day([](int i, Session& s) {
              if (i != 479) return;
              s.fault = "card_leaves";
              s.idle = false;
            })).verdict,
            Verdict::kFail);
}

TEST(SoakDay, memory_that_grows_by_just_under_1_MB_an_hour_passes_and_by_more_fails) {
  const auto grows_by = [](double mb_an_hour) {
    return judged_day(day([&](int i, Session& s) { s.memory_mb += mb_an_hour * i / 20; })).verdict;
  };
  EXPECT_EQ(grows_by(0.97), Verdict::kPass);
  EXPECT_EQ(grows_by(1.03), Verdict::kFail);
}

TEST(SoakDay, caches_that_fill_in_the_first_hours_are_no_leak) {
  EXPECT_EQ(judged_day(day([](int i, Session& s) { s.memory_mb += std::min(i, 39) * 1.0; })).verdict,
            Verdict::kPass);
}

TEST(SoakDay, handles_that_cannot_be_read_are_never_a_pass) {
  const Judgement judgement = judged_day(day([](int i, Session& s) { s.handles = i % 2 == 0 ? -1 : 30; }));
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_EQ(judgement.reason, Reason::kPartial);
}

TEST(SoakDay, handles_that_only_grow_fail_and_handles_that_come_and_go_pass) {
  EXPECT_EQ(judged_day(day([](int i, Session& s) { s.handles += i / 40; })).verdict, Verdict::kFail);
  EXPECT_EQ(judged_day(day([](int i, Session& s) { s.handles += i % 3; })).verdict, Verdict::kPass);
}

TEST(SoakDay, sessions_that_cost_ever_more_fail_and_noise_does_not) {
  EXPECT_EQ(judged_day(day([](int i, Session& s) { s.cpu_ms += i * 0.1; })).verdict, Verdict::kFail);
  EXPECT_EQ(judged_day(day([](int i, Session& s) { s.cpu_ms += i * 37 % 11; })).verdict, Verdict::kPass);
}

TEST(SoakDay, a_clock_that_was_not_shown_to_be_true_decides_nothing) {
  EXPECT_EQ(judged_day(day(), 600'000'000).verdict, Verdict::kPass) << "0.6 s are pcscd's own";
  EXPECT_EQ(judged_day(day(), 601'000'000).reason, Reason::kClockUnverified);
  EXPECT_EQ(judged_day(day([](int i, Session& s) {
                         if (i == 3) s.outcome = "ng";
                       }),
                       9'000'000'000)
                .reason,
            Reason::kClockUnverified)
      << "not even a FAIL";
}

TEST(SoakDay, a_quick_run_may_fail_but_never_pass) {
  const CheckContext quick = context_of("3-24.a");
  std::vector<Session> sessions(12);
  sessions[9].every_ns = 24 * kHour_ns;
  EXPECT_EQ(judge_soak_day(played(sessions).build(), quick).reason, Reason::kSampleTooSmall);
  for (std::size_t i = 0; i < sessions.size(); ++i) sessions[i].memory_mb += 0.1 * static_cast<double>(i);
  EXPECT_EQ(judge_soak_day(played(sessions).build(), quick).verdict, Verdict::kFail);
}

TEST(SoakDay, silence_and_hostile_transcripts_never_pass) {
  CheckContext full = context_of("3-24.a");
  full.profile = "full";
  EXPECT_EQ(judge_soak_day(Transcript(), full).verdict, Verdict::kInconclusive);
  expect_no_pass_when_cut_off(judge_soak_day, played(day()).build(), full, 97);
}

std::vector<Session> months(std::int64_t days = 60) {
  std::vector<Session> visits(12);
  for (Session& visit : visits) visit.every_ns = days * 24 * kHour_ns / 12 + 1;
  return visits;
}
Transcript played_months(const std::vector<Session>& visits, std::string_view log, bool leap) {
  TranscriptBuilder t = story(visits);
  if (leap) t.add(source::kStimulus, "leap_second");
  t.file(source::kDevice, "log", {}, "log", "jsonl", Bytes(log.begin(), log.end()));
  return t.end().build();
}
constexpr std::string_view kOverTheYear = R"({"t":"2026-12-31T23:52:48+09:00","event":"card_in"}
{"t":"2027-01-01T00:07:12+09:00","event":"card_in"}
)";
Judgement judged_months(const std::vector<Session>& visits, std::string_view log = kOverTheYear,
                        bool leap = true) {
  return judge_soak_months(played_months(visits, log, leap), context_of("3-24.c"));
}

TEST(SoakMonths, a_year_s_end_that_the_log_does_not_show_or_no_leap_second_leave_it_partial) {
  const std::string_view only_old = kOverTheYear.substr(0, kOverTheYear.find('\n') + 1);
  for (const Judgement& judgement : {judged_months(months(), ""), judged_months(months(), only_old),
                                     judged_months(months(), kOverTheYear, false)})
    EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judged_months(months(), "").because_en.find("3 of 4"), std::string::npos);
  EXPECT_NE(judged_months(months(), "", false).because_en.find("2 of 4"), std::string::npos);
}

TEST(SoakMonths, twelve_good_visits_in_60_days_pass_and_in_59_days_are_too_short) {
  EXPECT_EQ(judged_months(months()).verdict, Verdict::kPass) << judged_months(months()).because_en;
  EXPECT_EQ(judged_months(months(59)).reason, Reason::kSampleTooSmall);
  auto fewer = months();
  fewer.pop_back();
  fewer.back().every_ns *= 2;
  EXPECT_EQ(judged_months(fewer).reason, Reason::kSampleTooSmall);
}

TEST(SoakMonths, one_visit_that_fails_breaks_it) {
  auto visits = months();
  visits[7].outcome = "none";
  EXPECT_EQ(judged_months(visits).verdict, Verdict::kFail);
}

TEST(SoakMonths, silence_and_hostile_transcripts_never_pass) {
  const CheckContext context = context_of("3-24.c");
  EXPECT_EQ(judge_soak_months(Transcript(), context).verdict, Verdict::kInconclusive);
  expect_no_pass_when_cut_off(judge_soak_months, played_months(months(), kOverTheYear, true), context);
}

TEST(SoakStatistics, theil_sen_finds_the_slope_behind_outliers) {
  std::vector<double> x, y;
  for (int i = 0; i < 22; ++i) {
    x.push_back(i);
    y.push_back(0.5 * i + (i % 7 == 3 ? 40 : 0));
  }
  const Slope slope = theil_sen(x, y);
  EXPECT_NEAR(slope.value, 0.5, 0.2);
  EXPECT_LE(slope.low, 0.5);
  EXPECT_GE(slope.high, 0.5);
  EXPECT_EQ(theil_sen({1, 2}, {1, 2}).value, 0) << "two points say nothing";
  EXPECT_EQ(theil_sen({1, 1, 1}, {1, 2, 3}).value, 0) << "nor do points of one moment";
}

TEST(SoakStatistics, p95_of_too_few_values_claims_nothing) {
  EXPECT_EQ(p95_drift(std::vector<double>(59, 1.0)).percent, 0);
}

TEST(ClockAgreement, a_case_in_which_no_timer_fired_shows_nothing) {
  TranscriptBuilder t;
  for (const char* name : {"clock_real", "clock_virtual"})
    t.step(name).add(source::kDevice, "state", {{"name", "method"}, {"t_dev", 5}});
  EXPECT_FALSE(clock_agreement(steps_of(t.build())).agrees);
  EXPECT_FALSE(clock_agreement({}).agrees);
}

}  // namespace
}  // namespace shogo::conformance
