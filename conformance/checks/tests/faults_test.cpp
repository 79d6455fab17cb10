// The judges of 1-20, 3-18 and 3-17.a on both sides of their boundaries.
#include "checks.h"
#include "fault_tour.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

/// A screen with a dark square of `size` pixels; 0: blank.
Bytes screen(int size) {
  Image image;
  image.width = image.height = 100;
  image.pixels.assign(100 * 100 * 3, 230);
  for (int y = 0; y < size; ++y)
    for (int x = 0; x < 3 * size; ++x) image.pixels[static_cast<std::size_t>(y * 300 + x)] = 10;
  return *encode_png(image);
}

struct Tour {
  double delay_ms = 200;
  std::map<std::string_view, int> screens{{"idle", 10},       {"host_lost", 20},   {"network", 30},
                                          {"server_5xx", 40}, {"card_locked", 50}, {"card_reader", 60},
                                          {"storage", 70},    {"clock", 80}};
  std::set<std::string_view> not_given;
  std::string sticky;      ///< this stop's notice stays
  std::string not_logged;  ///< this stop leaves no record
  std::string record = R"({"t":"2026-04-01T09:00:00+09:00","event":"error","code":"E101","part":"x"})";
  int records = 1;
  std::string leak;
  bool pin_meets_card = true;
};

Transcript tour(const Tour& t) {
  TranscriptBuilder b;
  std::string log = R"({"t":"2026-04-01T09:00:00+09:00","event":"boot"})"
                    "\n";
  const auto export_log = [&] {
    b.file(source::kDevice, "log", {{"size", log.size()}}, "log", "jsonl", Bytes(log.begin(), log.end()));
  };
  b.add(source::kStimulus, "canaries",
        {{"name", "試験花子"},
         {"address", "試験県試験市9-9-9"},
         {"birth_date", "19900101"},
         {"number_b", "90010135021234"},
         {"pin", "7391"}});
  b.step("control_journey");
  if (t.pin_meets_card) b.verify(4, 0x9000);
  b.frame("idle", screen(t.screens.at("idle")));
  export_log();
  double now = 1'000;
  for (const TourStop& stop : tour_stops()) {
    if (t.not_given.count(stop.name) > 0) continue;
    const std::string name(stop.name);
    b.at_ms(now).step("fault_" + name);
    b.at_ms(now + t.delay_ms).state("error");
    b.frame(name, screen(t.screens.at(stop.name)));
    b.at_ms(now + 8'000).step("repair_" + name);
    if (t.sticky != name) b.state("idle");
    b.frame("repaired_" + name, screen(t.sticky == name ? t.screens.at(stop.name) : 10));
    if (t.not_logged != name)
      for (int i = 0; i < t.records; ++i) log += t.record + "\n";
    log += R"({"event":"state"})" + t.leak + "\n";
    export_log();
    now += 9'000;
  }
  b.end();
  return b.build();
}

Judgement shown(const Tour& t) {
  return judge_fault_display(tour(t), context_of("1-20.a"));
}
Judgement repaired(const Tour& t) {
  return judge_fault_repair(tour(t), context_of("1-20.b"));
}
Judgement logged(const Tour& t) {
  return judge_error_log(tour(t), context_of("3-18"));
}

TEST(FaultDisplay, given_every_fault_that_can_be_given_shows_distinctly_then_partial_counts_them) {
  const Judgement judgement = shown({});
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("6 of 10"), std::string::npos);
}

TEST(FaultDisplay, given_a_device_whose_inside_is_not_the_bench_s_then_partial_names_what_was_not_given) {
  Tour t;
  t.not_given = {"storage", "clock"};
  const Judgement judgement = shown(t);
  EXPECT_NE(judgement.because_en.find("4 of 10"), std::string::npos) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("full storage, an invalid clock"), std::string::npos);
  EXPECT_EQ(shown({}).because_en.find("full storage"), std::string::npos);
}

TEST(FaultDisplay, five_seconds_are_in_time_and_a_little_more_is_too_late) {
  Tour t;
  t.delay_ms = 5'000;
  EXPECT_EQ(shown(t).reason, Reason::kPartial) << shown(t).because_en;
  t.delay_ms = 5'001;
  EXPECT_EQ(shown(t).verdict, Verdict::kFail);
}

TEST(FaultDisplay, a_blank_screen_a_shared_screen_and_an_unchanged_one_fail) {
  Tour t;
  t.screens["network"] = 0;
  EXPECT_EQ(shown(t).verdict, Verdict::kFail);
  t = {};
  t.screens["network"] = t.screens["server_5xx"];
  EXPECT_EQ(shown(t).verdict, Verdict::kFail);
  t = {};
  t.screens["host_lost"] = t.screens["idle"];
  EXPECT_EQ(shown(t).verdict, Verdict::kFail);
}

TEST(FaultDisplay, a_tenth_of_a_percent_of_the_screen_is_a_difference_and_less_is_not) {
  Image one;
  one.width = one.height = 100;
  one.pixels.assign(30'000, 100);
  Image other = one;
  for (std::size_t pixel = 0; pixel < 10; ++pixel) other.pixels[3 * pixel] = 200;
  EXPECT_GE(difference(one, other), kDistinct);
  other.pixels[0] = 100;
  EXPECT_LT(difference(one, other), kDistinct);
}

TEST(FaultDisplay, without_a_picture_of_the_idle_screen_nothing_is_known) {
  Tour t;
  t.screens["idle"] = 0;
  EXPECT_EQ(shown(t).reason, Reason::kControlFailed);
  EXPECT_EQ(judge_fault_display(Transcript(), context_of("1-20.a")).reason, Reason::kControlFailed);
}

TEST(FaultRepair, notices_that_come_and_go_are_met_as_far_as_they_could_be_given) {
  EXPECT_EQ(repaired({}).reason, Reason::kPartial) << repaired({}).because_en;
}

TEST(FaultRepair, a_notice_that_stays_or_never_came_fails) {
  for (const TourStop& stop : tour_stops()) {
    Tour t;
    t.sticky = stop.name;
    EXPECT_EQ(repaired(t).verdict, Verdict::kFail) << stop.name;
    t = {};
    t.screens[stop.name] = t.screens["idle"];
    EXPECT_EQ(repaired(t).verdict, Verdict::kFail) << stop.name;
  }
}

TEST(ErrorLog, one_record_for_each_fault_is_met_as_far_as_they_could_be_given) {
  EXPECT_EQ(logged({}).reason, Reason::kPartial) << logged({}).because_en;
}

TEST(ErrorLog, a_fault_without_a_record_or_with_two_fails) {
  for (const TourStop& stop : tour_stops()) {
    Tour t;
    t.not_logged = stop.name;
    EXPECT_EQ(logged(t).verdict, Verdict::kFail) << stop.name;
  }
  Tour t;
  t.records = 2;
  EXPECT_EQ(logged(t).verdict, Verdict::kFail);
}

TEST(ErrorLog, a_record_without_time_code_or_part_fails) {
  for (const char* record : {R"({"event":"error","code":"E1","part":"x"})",
                             R"({"t":"2026-04-01T09:00:00+09:00","event":"error","part":"x"})",
                             R"({"t":"2026-04-01T09:00:00+09:00","event":"error","code":"E1"})"}) {
    Tour t;
    t.record = record;
    EXPECT_EQ(logged(t).verdict, Verdict::kFail) << record;
  }
}

TEST(ErrorLog, a_command_with_the_pin_in_it_fails) {
  Tour t;
  t.leak = " 002000800437333931";
  EXPECT_EQ(logged(t).verdict, Verdict::kFail);
}

TEST(ErrorLog, a_canary_that_never_met_the_card_could_not_have_been_betrayed) {
  Tour t;
  t.pin_meets_card = false;
  EXPECT_EQ(logged(t).reason, Reason::kControlFailed);
}

TEST(ErrorLog, logs_that_were_never_exported_say_nothing) {
  EXPECT_EQ(judge_error_log(Transcript(), context_of("3-18")).reason, Reason::kControlFailed);
}

TEST(FaultTour, half_a_story_never_passes) {
  for (const auto& [judge, clause] :
       {std::pair{Judge(judge_fault_display), "1-20.a"}, std::pair{Judge(judge_fault_repair), "1-20.b"},
        std::pair{Judge(judge_error_log), "3-18"}})
    expect_no_pass_when_cut_off(judge, tour({}), context_of(clause));
}

// --- 3-17.a

struct Day {
  std::string up = R"({"t":"2026-04-01T09:00:02+09:00","event":"link_up","serial":"S","firmware":"1.2"})";
  std::string down = R"({"t":"2026-04-01T09:00:01+09:00","event":"link_down"})";
  std::string touch = R"({"t":"2026-04-01T09:00:03+09:00","event":"touch"})";
  std::string result = R"({"t":"2026-04-01T09:00:06+09:00","event":"result"})";
};

Judgement judged(const Day& day) {
  TranscriptBuilder b;
  const auto log = [&](const std::string& text) {
    b.file(source::kDevice, "log", {}, "log", "jsonl", Bytes(text.begin(), text.end()));
  };
  const std::string boot = "{\"event\":\"boot\"}\n";
  log(boot);
  b.at_ms(1'000).step("disconnect").at_ms(2'000).step("connect").at_ms(3'000).step("operation");
  b.at_ms(6'000).result("ok", "none");
  log(boot + day.down + "\n" + day.up + "\n" + day.touch + "\n" + day.result + "\n");
  b.end();
  CheckContext context = context_of("3-17.a");
  context.device.firmware = "1.2";
  return judge_log_classes(b.build(), context);
}

TEST(LogClasses, given_the_classes_of_a_pin_journey_are_there_then_partial_names_the_rate) {
  const Judgement judgement = judged({});
  EXPECT_EQ(judgement.reason, Reason::kPartial) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find("4 of 5"), std::string::npos);
}

TEST(LogClasses, a_missing_class_fails) {
  for (std::string Day::*line : {&Day::up, &Day::down, &Day::touch, &Day::result}) {
    Day day;
    day.*line = "{}";
    EXPECT_EQ(judged(day).verdict, Verdict::kFail);
  }
}

TEST(LogClasses, an_identity_without_the_firmware_or_with_another_fails) {
  Day day;
  day.up = R"({"t":"2026-04-01T09:00:02+09:00","event":"link_up","serial":"S"})";
  EXPECT_EQ(judged(day).verdict, Verdict::kFail);
  day.up = R"({"t":"2026-04-01T09:00:02+09:00","event":"link_up","serial":"S","firmware":"1.1"})";
  EXPECT_EQ(judged(day).verdict, Verdict::kFail);
}

TEST(LogClasses, a_second_beyond_the_logs_resolution_is_right_and_more_is_wrong) {
  Day day;
  day.result = R"({"t":"2026-04-01T09:00:08+09:00","event":"result"})";
  EXPECT_EQ(judged(day).reason, Reason::kPartial) << judged(day).because_en;
  day.result = R"({"t":"2026-04-01T09:00:09+09:00","event":"result"})";
  EXPECT_EQ(judged(day).verdict, Verdict::kFail);
}

TEST(LogClasses, silence_is_no_pass) {
  EXPECT_EQ(judge_log_classes(Transcript(), context_of("3-17.a")).reason, Reason::kControlFailed);
}

}  // namespace
}  // namespace shogo::conformance
