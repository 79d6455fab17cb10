// 1-8.a: every placement found, connected, with the ATR of PC/SC part 3 and the card's UID; every removal
// told.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

constexpr int kCycles = 4;  // of a quick run

struct Cycle {
  std::string found = "card";
  std::string atr = "3B888001000005E0B381A1007F";
  std::string uid = "112233449000";
  std::string gone = "empty";
  std::int64_t removal_ms = 400;
};

struct Case {
  std::string listed = "listed";
  std::int64_t listed_ms = 20;
  std::vector<Cycle> cycles = std::vector<Cycle>(kCycles);
};

TranscriptBuilder played(const Case& it) {
  TranscriptBuilder t;
  // The builder itself lets a millisecond pass with every event.
  t.step("presence").later(it.listed_ms - 1).add(source::kHarness, "reader", {{"listed", it.listed}});
  std::int64_t n = 0;
  for (const Cycle& cycle : it.cycles) {
    t.add(source::kCard, "placed").later(300).add(source::kCard, "taken").later(cycle.removal_ms - 1);
    t.add(source::kHarness, "cycle",
          {{"n", ++n},
           {"pupi", "11223344"},
           {"application_data", "000005E0"},
           {"protocol_info", "B381A1"},
           {"mbli", 0},
           {"found", cycle.found},
           {"atr", cycle.atr},
           {"uid", cycle.uid},
           {"gone", cycle.gone}});
  }
  return t.end();
}

Judgement judged(const Case& it) {
  return judge_card_presence(played(it).build(), context_of("1-8.a"));
}
Verdict with(void (*change)(Case&)) {
  Case it;
  change(it);
  return judged(it).verdict;
}

TEST(CardPresence, four_whole_placements_pass_a_quick_run_and_a_hundred_a_full_one) {
  EXPECT_EQ(judged({}).verdict, Verdict::kPass);
  CheckContext full = context_of("1-8.a");
  full.profile = "standard";
  Case it;
  it.cycles.resize(99);
  EXPECT_EQ(judge_card_presence(played(it).build(), full).verdict, Verdict::kInconclusive);
  it.cycles.resize(100);
  EXPECT_EQ(judge_card_presence(played(it).build(), full).verdict, Verdict::kPass);
}

TEST(CardPresence, three_placements_are_too_few) {
  EXPECT_EQ(with([](Case& it) { it.cycles.resize(3); }), Verdict::kInconclusive);
}

TEST(CardPresence, a_removal_told_after_2_s_passes_and_after_2001_ms_fails) {
  EXPECT_EQ(with([](Case& it) { it.cycles[2].removal_ms = 2'000; }), Verdict::kPass);
  EXPECT_EQ(with([](Case& it) { it.cycles[2].removal_ms = 2'001; }), Verdict::kFail);
}

TEST(CardPresence, a_removal_that_nobody_tells_fails) {
  EXPECT_EQ(with([](Case& it) { it.cycles[0].gone = "timeout"; }), Verdict::kFail);
}

TEST(CardPresence, a_reader_listed_after_10_s_passes_and_after_10001_ms_fails) {
  EXPECT_EQ(with([](Case& it) { it.listed_ms = 10'000; }), Verdict::kPass);
  EXPECT_EQ(with([](Case& it) { it.listed_ms = 10'001; }), Verdict::kFail);
  EXPECT_EQ(with([](Case& it) {
              it.listed = "missing";
              it.cycles.clear();
            }),
            Verdict::kFail);
}

TEST(CardPresence, a_card_that_is_not_found_fails) {
  EXPECT_EQ(with([](Case& it) {
              it.cycles.resize(1);
              it.cycles[0] = {"timeout", "", "", "empty"};
            }),
            Verdict::kFail);
}

TEST(CardPresence, an_atr_of_another_form_or_with_a_wrong_check_byte_fails) {
  EXPECT_EQ(with([](Case& it) { it.cycles[3].atr = "3B888001000005E0B381A1007E"; }), Verdict::kFail);
  EXPECT_EQ(with([](Case& it) { it.cycles[3].atr = "3B8F8001804F0CA000000306030001000000006A"; }),
            Verdict::kFail);
  EXPECT_EQ(with([](Case& it) { it.cycles[3].atr = "error: connect: no"; }), Verdict::kFail);
}

TEST(CardPresence, a_uid_that_is_not_the_cards_or_not_answered_fails) {
  EXPECT_EQ(with([](Case& it) { it.cycles[1].uid = "112233459000"; }), Verdict::kFail);
  EXPECT_EQ(with([](Case& it) { it.cycles[1].uid = "6D00"; }), Verdict::kFail);
}

TEST(CardPresence, silence_and_cards_that_were_never_laid_down_prove_nothing) {
  const CheckContext context = context_of("1-8.a");
  EXPECT_EQ(judge_card_presence(Transcript(), context).verdict, Verdict::kInconclusive);
  TranscriptBuilder t;
  t.step("presence").add(source::kHarness, "reader", {{"listed", "listed"}}).end();
  EXPECT_EQ(judge_card_presence(t.build(), context).verdict, Verdict::kInconclusive);
}

TEST(CardPresence, hostile_transcripts_never_pass) {
  const CheckContext context = context_of("1-8.a");
  Case it;
  expect_no_pass_when_cut_off(judge_card_presence, played(it).build(), context);
  it.cycles[2].gone = "timeout";
  expect_no_pass_when_repeated_or_reordered(judge_card_presence, played(it).build(), context);
}

}  // namespace
}  // namespace shogo::conformance
