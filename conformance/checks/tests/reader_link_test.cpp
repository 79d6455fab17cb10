// The judges of 3-22 on both sides of every boundary.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

// --- 3-22.d

struct Heartbeats {
  std::vector<double> beats_ms{100, 600, 1'100, 1'600};
  std::vector<double> attempts_ms{2'010, 3'010, 5'020};
  bool drops_idle = false;
  bool on_line = true;
  bool comes_back = true;
  double idle_end_ms = 2'000;
  bool whole = true;
};

Transcript heartbeats(const Heartbeats& h) {
  TranscriptBuilder t;
  t.add(source::kStimulus, "heartbeat_expected", {{"ms", 500}, {"from", "settings"}});
  t.at_ms(1).step("idle");
  for (const double ms : h.beats_ms) t.at_ms(ms).link("bytes", 1);
  if (h.drops_idle) t.at_ms(h.idle_end_ms - 50).link("closed", 1, "host");
  t.at_ms(h.idle_end_ms).step("outage");
  if (h.on_line) t.link("closed", 1, "line");
  int connection = 1;
  for (const double ms : h.attempts_ms) {
    t.at_ms(h.idle_end_ms - 2'000 + ms).link("connected", ++connection);
    t.link("closed", connection, "line");
  }
  const double back = h.idle_end_ms + 12'000;
  t.at_ms(back).step("return");
  if (h.comes_back)
    t.at_ms(back + 500).link("connected", connection + 1).link("bytes", connection + 1, "host");
  t.at_ms(back + 600);
  if (h.whole) t.end();
  return t.build();
}

Judgement judged(const Heartbeats& h) {
  return judge_link_heartbeat(heartbeats(h), context_of("3-22.d"));
}

TEST(LinkHeartbeat, periodic_beats_few_attempts_and_a_return_pass) {
  const Judgement judgement = judged({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(LinkHeartbeat, thirty_seconds_between_two_beats_pass_and_a_millisecond_more_does_not) {
  Heartbeats h;
  h.idle_end_ms = 95'000;
  h.beats_ms = {100, 30'100, 60'100, 90'100};
  EXPECT_EQ(judged(h).verdict, Verdict::kPass) << judged(h).because_en;
  h.beats_ms = {100, 30'101, 60'101, 90'101};
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, no_beat_or_one_alone_fails) {
  Heartbeats h;
  h.beats_ms = {};
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
  h.beats_ms = {100, 600};
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, twice_the_usual_interval_is_still_periodic_and_more_is_not) {
  Heartbeats h;
  h.idle_end_ms = 4'000;
  h.beats_ms = {100, 600, 1'100, 1'600, 2'600, 3'100};
  EXPECT_EQ(judged(h).verdict, Verdict::kPass) << judged(h).because_en;
  h.beats_ms = {100, 600, 1'100, 1'600, 2'610, 3'110};
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, one_attempt_a_second_passes_and_more_do_not) {
  Heartbeats h;
  h.attempts_ms = {2'010, 3'010, 4'010, 5'010, 6'010, 7'010};
  EXPECT_EQ(judged(h).verdict, Verdict::kPass) << judged(h).because_en;
  h.attempts_ms = {2'010, 2'710, 3'410, 4'110, 4'810, 5'510};
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, an_idle_link_that_breaks_by_itself_fails) {
  Heartbeats h;
  h.drops_idle = true;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, a_device_that_does_not_come_back_fails) {
  Heartbeats h;
  h.comes_back = false;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHeartbeat, a_device_that_is_not_on_the_line_is_not_judged) {
  Heartbeats h;
  h.on_line = false;
  const Judgement judgement = judged(h);
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_EQ(judgement.reason, Reason::kControlFailed);
}

TEST(LinkHeartbeat, silence_and_half_a_story_never_pass) {
  EXPECT_EQ(judge_link_heartbeat(Transcript(), context_of("3-22.d")).verdict, Verdict::kInconclusive);
  Heartbeats h;
  h.whole = false;
  EXPECT_NE(judged(h).verdict, Verdict::kPass);
  expect_no_pass_when_cut_off(judge_link_heartbeat, heartbeats({}), context_of("3-22.d"));
}

// --- 3-22.c

struct HalfOpen {
  double beat_ms = 1'000;
  double noticed_ms = 2'500;  ///< after the line fell silent; negative: never
  double moved_ms = 2'500;    ///< after the change of address
  bool reconnects = true;
};

Transcript half_open(const HalfOpen& h) {
  TranscriptBuilder t;
  t.step("idle");
  double now = 100;
  for (int i = 0; i < 4; ++i, now += h.beat_ms) t.at_ms(now).link("bytes", 1);
  int connection = 1;
  const auto vanish = [&](std::string_view name, double after) {
    t.at_ms(now).step(name);
    if (after >= 0)
      t.at_ms(now + after).link("closed", connection, "reader").link("connected", connection + 1);
    now += 4 * h.beat_ms;
    t.at_ms(now).step(std::string(name) + "_return");
    if (after >= 0) ++connection;
    if (h.reconnects) t.at_ms(now + 100).link("bytes", connection, "host");
    now += 1'000;
  };
  vanish("half_open", h.noticed_ms);
  vanish("address_change", h.moved_ms);
  t.at_ms(now).end();
  return t.build();
}

Judgement judged(const HalfOpen& h) {
  return judge_link_half_open(half_open(h), context_of("3-22.c"));
}

TEST(LinkHalfOpen, given_every_stimulus_that_can_be_given_is_met_then_partial_names_what_is_missing) {
  const Judgement judgement = judged(HalfOpen{});
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("3 of 4"), std::string::npos);
  EXPECT_NE(judgement.because_en.find("DNS"), std::string::npos);
}

TEST(LinkHalfOpen, three_heartbeats_are_in_time_and_a_little_more_is_too_late) {
  HalfOpen h;
  h.noticed_ms = 3'000;
  EXPECT_EQ(judged(h).reason, Reason::kPartial) << judged(h).because_en;
  h.noticed_ms = 3'010;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
  h = {};
  h.moved_ms = 3'010;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHalfOpen, a_device_that_never_notices_fails_even_when_the_old_connection_works_again) {
  HalfOpen h;
  h.noticed_ms = -1;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHalfOpen, a_device_that_notices_and_does_not_come_back_fails) {
  HalfOpen h;
  h.reconnects = false;
  EXPECT_EQ(judged(h).verdict, Verdict::kFail);
}

TEST(LinkHalfOpen, without_heartbeats_before_the_fault_nothing_can_be_missed) {
  const Judgement judgement = judge_link_half_open(Transcript(), context_of("3-22.c"));
  EXPECT_EQ(judgement.reason, Reason::kControlFailed);
}

// --- 3-22.a

struct Outage {
  double recovery_ms = 5'000;
  bool shows_loss = true;
  int early_verifies = 0;
  std::string aborted = "ng";
  int verify_sw = 0x9000;
  std::string outcome = "ok";
  bool cut = true;
  double moved_s = -1;  ///< virtual time until each long outage is over; negative: all in real time
  bool clock_true = true;
};

/// Outages in virtual time: the line is well at `ms`, the device when the bench has moved time.
void long_outages(TranscriptBuilder& t, const Outage& o) {
  for (const char* name : {"clock_real", "clock_virtual"}) {
    t.step(name);
    for (const std::int64_t s : {0, 2})
      t.add(source::kDevice, "state",
            {{"name", s == 0 ? "method" : "take_card"},
             {"t_dev",
              s * (o.clock_true || name == std::string("clock_real") ? 1'000'000'000 : 9'000'000'000)}});
  }
  double ms = 100;
  for (const std::string name : {"idle_30s", "idle_10min", "idle_1h"}) {
    t.at_ms(ms).step(name).state("out_of_service");
    t.add(source::kHarness, "advance", {{"ns", std::int64_t{3'600} * 1'000'000'000}});
    t.at_ms(ms += 50).step(name + "_return");
    t.at_ms(ms).add(source::kHarness, "advance", {{"ns", static_cast<std::int64_t>(o.moved_s * 1e9)}});
    t.at_ms(ms).link("bytes", 1, "host").at_ms(ms).state("idle");
    ms += 50;
  }
}

Transcript recovery(const Outage& o) {
  TranscriptBuilder t;
  if (o.moved_s >= 0) long_outages(t, o);
  t.at_ms(o.moved_s >= 0 ? 500 : 0).step("idle_1s");
  t.at_ms(1'000).step("idle_1s_return").link("bytes", 1, "host");
  t.at_ms(2'000).state("pin").step("typing");
  t.at_ms(3'000).step("session");
  if (o.cut) t.link("closed", 1, "line");
  if (o.shows_loss) t.result(o.aborted, "server_error").state("out_of_service");
  for (int i = 0; i < o.early_verifies; ++i) t.verify(4, 0x63C2);
  t.at_ms(9'000).step("session_return");
  if (o.recovery_ms >= 0)
    t.at_ms(9'000 + o.recovery_ms - 3).link("connected", 2).link("bytes", 2, "host").state("wiping");
  if (o.recovery_ms >= 0) t.at_ms(9'000 + o.recovery_ms).state("idle");
  t.at_ms(80'000).step("afterwards");
  if (o.verify_sw != 0) t.verify(4, o.verify_sw).result(o.outcome, "none");
  t.end();
  return t.build();
}

Judgement judged(const Outage& o) {
  return judge_link_recovery(recovery(o), context_of("3-22.a"));
}

TEST(LinkRecovery, given_the_outages_that_can_be_given_are_survived_then_partial_counts_them) {
  const Judgement judgement = judged(Outage{});
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("1 of 4"), std::string::npos);
}

TEST(LinkRecovery, given_all_outages_in_a_time_that_is_true_then_pass) {
  Outage o;
  o.moved_s = 8;
  const Judgement judgement = judged(o);
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(LinkRecovery, virtual_seconds_of_the_recovery_count_like_real_ones) {
  Outage o;
  o.moved_s = 60;
  EXPECT_EQ(judged(o).verdict, Verdict::kPass) << judged(o).because_en;
  o.moved_s = 60.001;
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
}

TEST(LinkRecovery, a_virtual_time_that_was_not_compared_decides_nothing) {
  Outage o;
  o.moved_s = 8;
  o.clock_true = false;
  EXPECT_EQ(judged(o).reason, Reason::kClockUnverified) << judged(o).because_en;
  o.recovery_ms = -1;
  EXPECT_EQ(judged(o).reason, Reason::kClockUnverified) << judged(o).because_en;
}

TEST(LinkRecovery, sixty_seconds_are_in_time_and_a_little_more_is_too_late) {
  Outage o;
  o.recovery_ms = 60'000;
  EXPECT_EQ(judged(o).reason, Reason::kPartial) << judged(o).because_en;
  o.recovery_ms = 60'001;
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
  o.recovery_ms = -1;
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
}

TEST(LinkRecovery, what_was_typed_before_the_outage_must_not_reach_the_card) {
  Outage o;
  o.early_verifies = 1;
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
}

TEST(LinkRecovery, an_aborted_session_is_no_success) {
  Outage o;
  o.aborted = "ok";
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
}

TEST(LinkRecovery, digits_left_over_show_in_the_next_journey) {
  Outage o;
  o.verify_sw = 0x63C2;
  o.outcome = "ng";
  EXPECT_EQ(judged(o).verdict, Verdict::kFail);
}

TEST(LinkRecovery, an_outage_that_cut_nothing_or_a_journey_that_did_not_come_about_is_no_control) {
  Outage o;
  o.cut = false;
  EXPECT_EQ(judged(o).reason, Reason::kControlFailed);
  o = {};
  o.verify_sw = 0;
  EXPECT_EQ(judged(o).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_link_recovery(Transcript(), context_of("3-22.a")).reason, Reason::kControlFailed);
}

// --- 3-22.b

struct Crash {
  double recovery_ms = 2'000;
  double service_ms = 2'000;
  double moved_s = 0;  ///< virtual time that passed meanwhile
  bool shows_loss = true;
  bool goes_through = true;
};

Transcript crash(const Crash& c) {
  TranscriptBuilder t;
  double now = 0;
  const auto fall = [&](std::string_view name) {
    t.at_ms(now).step(name);
    if (c.shows_loss) t.state("out_of_service");
    t.at_ms(now + 1'000).step(std::string(name) + "_return");
    if (c.recovery_ms >= 0) t.at_ms(now + 1'000 + c.recovery_ms).state("idle");
    now += 80'000;
  };
  const auto journey = [&](std::string_view name) {
    t.at_ms(now).step(name).state("method");
    t.verify(4, c.goes_through ? 0x9000 : 0x63C2).result(c.goes_through ? "ok" : "ng", "none");
    now += 1'000;
  };
  fall("crash_idle");
  fall("crash_session");
  journey("after_crash");
  t.at_ms(now).step("service");
  t.at_ms(now += 400).step("service_return");
  t.at_ms(now += 100).step("after_service");
  if (c.moved_s > 0)
    t.at_ms(now).add(source::kHarness, "advance", {{"ns", static_cast<std::int64_t>(c.moved_s * 1e9)}});
  if (c.service_ms >= 0) t.at_ms(now - 100 + c.service_ms).state("method");
  t.verify(4, 0x9000).result("ok", "none");
  t.end();
  return t.build();
}

Judgement judged(const Crash& c) {
  return judge_host_recovery(crash(c), context_of("3-22.b"));
}

TEST(HostRecovery, given_crashes_are_survived_then_partial_says_that_usb_was_not_unplugged) {
  const Judgement judgement = judged(Crash{});
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("USB"), std::string::npos);
}

TEST(HostRecovery, sixty_seconds_are_in_time_and_a_little_more_is_too_late) {
  Crash c;
  c.recovery_ms = 60'000;
  EXPECT_EQ(judged(c).reason, Reason::kPartial) << judged(c).because_en;
  c.recovery_ms = 60'001;
  EXPECT_EQ(judged(c).verdict, Verdict::kFail);
  c = {};
  c.service_ms = 60'000;
  EXPECT_EQ(judged(c).reason, Reason::kPartial) << judged(c).because_en;
  c.service_ms = 60'001;
  EXPECT_EQ(judged(c).verdict, Verdict::kFail);
  c.service_ms = -1;
  EXPECT_EQ(judged(c).verdict, Verdict::kFail);
}

TEST(HostRecovery, virtual_seconds_of_the_recovery_count_like_real_ones) {
  Crash c;
  c.service_ms = 8'000;
  c.moved_s = 52;
  EXPECT_EQ(judged(c).reason, Reason::kPartial) << judged(c).because_en;
  c.moved_s = 52.001;
  EXPECT_EQ(judged(c).verdict, Verdict::kFail);
}

TEST(HostRecovery, a_journey_that_does_not_go_through_afterwards_fails) {
  Crash c;
  c.goes_through = false;
  EXPECT_EQ(judged(c).verdict, Verdict::kFail);
}

TEST(HostRecovery, a_crash_that_the_device_never_showed_is_no_control) {
  Crash c;
  c.shows_loss = false;
  EXPECT_EQ(judged(c).reason, Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
