#include "unspoken_names.h"

#include "heard.h"
#include "hostile_transcripts.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

/// Two visits as the script writes them down; each page speaks for a second and a half.
struct Visits {
  int legible = 2;
  double more_ms = 0;  ///< of another sound on the last page of the second visit
  bool speaks = true;
  bool spotted = false;  ///< a name on the last page of the second visit
  bool found = true, missed = true;
  bool recordings = true;
  std::size_t pages = 3;
  double later_ms = 0;  ///< the second visit's words begin so much later after their page
  bool lost = false;

  [[nodiscard]] TranscriptBuilder build() const {
    TranscriptBuilder t;
    if (!recordings) t.add(source::kStimulus, "no_recordings");
    if (recordings)
      t.add(source::kHarness, kSearchControl, {{"text", "n"}, {"found", found}, {"missed", missed}});
    double at = 1'000;
    for (const char* set : {"first", "second"}) {
      const bool second = std::string_view(set) == "second";
      t.step(set);
      for (std::size_t i = 0; i < pages; ++i) {
        const bool last = second && i + 1 == pages;
        const double from = at;
        if (speaks) heard(t, from + 20 + (second ? later_ms : 0), words_of(1'500));
        if (last && more_ms > 0) heard(t, from + 2'500, tone_of(more_ms));
        at += 4'000;
        const auto ns = [](double ms) { return static_cast<std::int64_t>(ms * 1e6); };
        t.add(source::kHarness, kNamePage,
              {{"set", set},
               {"state", kSelectionPages[i]},
               {"moment", "come"},
               {"names", 2},
               {"legible", legible},
               {"t_shown_ns", ns(from)},
               {"t_left_ns", ns(at - 100)}});
        if (recordings)
          t.add(source::kHarness, kNameSearch,
                {{"set", set},
                 {"state", kSelectionPages[i]},
                 {"moment", "come"},
                 {"text", "n"},
                 {"heard", last && spotted}});
      }
    }
    if (lost) t.add(source::kHarness, "sound_lost", {{"pieces", 1}});
    t.end();
    return t;
  }
};

Judgement verdict(const Visits& visits) {
  return judge_unspoken_names(visits.build().build(), context_of("1-13.j"));
}

TEST(UnspokenNames, given_both_visits_sound_the_same_and_no_name_is_found_then_pass) {
  EXPECT_EQ(verdict({}).verdict, Verdict::kPass) << verdict({}).because_en;
  Visits late;
  late.later_ms = 200;
  EXPECT_EQ(verdict(late).verdict, Verdict::kPass) << "aligned, they are the same";
}

TEST(UnspokenNames, given_a_sound_that_depends_on_the_names_then_fail_beyond_the_limit_only) {
  Visits visits;
  visits.more_ms = 250;
  EXPECT_EQ(verdict(visits).verdict, Verdict::kPass);
  visits.more_ms = 360;
  EXPECT_EQ(verdict(visits).verdict, Verdict::kFail);
}

TEST(UnspokenNames, given_one_name_is_found_then_fail_even_where_nothing_differs) {
  Visits visits;
  visits.spotted = true;
  EXPECT_EQ(verdict(visits).verdict, Verdict::kFail);
}

TEST(UnspokenNames, given_names_that_cannot_be_read_then_control_failed) {
  Visits visits;
  visits.legible = 1;
  EXPECT_EQ(verdict(visits).reason, Reason::kControlFailed);
}

TEST(UnspokenNames, given_a_silent_device_then_control_failed) {
  Visits visits;
  visits.speaks = false;
  EXPECT_EQ(verdict(visits).reason, Reason::kControlFailed);
}

TEST(UnspokenNames, given_a_page_that_was_not_reached_then_control_failed) {
  Visits visits;
  visits.pages = 2;
  EXPECT_EQ(verdict(visits).reason, Reason::kControlFailed);
}

TEST(UnspokenNames, given_a_search_that_finds_no_name_or_finds_it_everywhere_then_control_failed) {
  Visits deaf;
  deaf.found = false;
  EXPECT_EQ(verdict(deaf).reason, Reason::kControlFailed);
  Visits fancies;
  fancies.missed = false;
  EXPECT_EQ(verdict(fancies).reason, Reason::kControlFailed);
}

TEST(UnspokenNames, given_no_recordings_then_nothing_is_judged_unless_the_sound_differs) {
  Visits visits;
  visits.recordings = false;
  EXPECT_EQ(verdict(visits).reason, Reason::kToolUnavailable);
  visits.more_ms = 600;
  EXPECT_EQ(verdict(visits).verdict, Verdict::kFail);
}

TEST(UnspokenNames, given_pieces_of_sound_are_lost_then_not_passed) {
  Visits visits;
  visits.lost = true;
  EXPECT_EQ(verdict(visits).verdict, Verdict::kInconclusive);
}

TEST(UnspokenNames, there_are_two_sets_of_two_names_for_each_page_and_none_is_in_both) {
  const CanaryNames &first = canary_names("first"), &second = canary_names("second");
  for (const std::string_view page : kSelectionPages) {
    ASSERT_EQ(first.find(page)->second.size(), 2U) << page;
    ASSERT_EQ(second.find(page)->second.size(), 2U) << page;
    for (const std::string& name : first.find(page)->second)
      for (const auto& [other, names] : second)
        EXPECT_EQ(std::count(names.begin(), names.end(), name), 0) << name;
  }
}

TEST(UnspokenNames, hostile_transcripts_never_pass) {
  const TranscriptBuilder good = Visits{}.build();
  expect_no_pass_when_cut_off(judge_unspoken_names, good.build(), context_of("1-13.j"));
  expect_to_survive_garbage(judge_unspoken_names, good.build(), context_of("1-13.j"));
}

}  // namespace
}  // namespace shogo::conformance
