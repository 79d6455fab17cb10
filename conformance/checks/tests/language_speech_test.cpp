#include "../src/languages.h"
#include "../src/spoken_pages.h"
#include "heard.h"
#include "hostile_transcripts.h"
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Of one page in one language: in which languages its texts were heard.
struct Said {
  std::vector<std::string> in;  ///< empty: words that are in no recording
  bool words = true;            ///< or a beep
  bool recorded = true;
};
using Pages = std::map<std::string, Said>;  ///< by the language chosen

/// The same three pages in each language, a minute apart.
class Story {
 public:
  Story& pages(const Pages& said, const std::vector<std::string>& languages = {"ja", "en", "zh", "ko"},
               const std::vector<std::string>& states = {"idle", "method", "pin"}) {
    for (const std::string& state : states)
      for (const std::string& lang : languages) {
        const auto found = said.find(lang);
        page(state, lang, found == said.end() ? Said{{lang}} : found->second, languages);
      }
    return *this;
  }
  Story& page(const std::string& state, const std::string& lang, const Said& said,
              const std::vector<std::string>& languages) {
    const auto ns = [](double ms) { return static_cast<std::int64_t>(ms * 1e6); };
    t_.add(source::kHarness, kSpokenIn,
           {{"page", ++page_},
            {"state", state},
            {"screen", state},
            {"lang", lang},
            {"own", "ja"},
            {"t_shown_ns", ns(next_ms_)},
            {"t_left_ns", ns(next_ms_ + 30'000)}});
    for (const std::string& recorded : languages) {
      const bool known = std::find(said.in.begin(), said.in.end(), recorded) != said.in.end();
      t_.add(source::kHarness, kPhraseIn,
             {{"page", page_},
              {"lang", recorded},
              {"text", state + " in " + recorded},
              {"recorded", said.recorded},
              {"heard", known},
              {"distance", known ? 0.01 : 0.4}});
    }
    heard(t_, next_ms_ + 100, said.words ? words_of(1'200) : tone_of(200));
    next_ms_ += 60'000;
    return *this;
  }
  TranscriptBuilder& transcript() { return t_; }
  Judgement judge(bool whole = true) {
    if (whole) t_.end();
    return judge_spoken_languages(t_.build(), context_of("1-22.b"));
  }

 private:
  TranscriptBuilder t_;
  int page_ = 0;
  double next_ms_ = 10'000;
};

Judgement with(const Pages& said) {
  return Story().pages(said).judge();
}

TEST(SpokenLanguages, a_voice_that_follows_the_choice_passes) {
  const Judgement judgement = with({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
  EXPECT_THAT(judgement.because_en, HasSubstr("9 pages"));
}

TEST(SpokenLanguages, a_voice_that_stays_or_speaks_both_fails_and_the_page_is_named) {
  const Judgement stays = with({{"ko", {{"ja"}}}});
  EXPECT_EQ(stays.verdict, Verdict::kFail);
  EXPECT_THAT(stays.because_en, HasSubstr("idle.ko speaks ja"));
  EXPECT_EQ(with({{"zh", {{"zh", "ja"}}}}).verdict, Verdict::kFail);
  EXPECT_EQ(with({{"zh", {{"ko"}}}}).verdict, Verdict::kFail);
}

TEST(SpokenLanguages, one_page_in_one_language_is_enough_to_fail) {
  Story story;
  story.pages({}).page("consent", "zh", {{"ja"}}, {"ja", "en", "zh", "ko"});
  EXPECT_EQ(story.judge().verdict, Verdict::kFail);
}

TEST(SpokenLanguages, silence_and_beeps_fail_where_the_device_s_own_language_speaks) {
  const Judgement beeps = with({{"en", {{"en"}, false}}});
  EXPECT_EQ(beeps.verdict, Verdict::kFail) << "a phrase that is found in a beep does not count";
  EXPECT_THAT(beeps.because_en, HasSubstr("without words: idle.en"));
}

TEST(SpokenLanguages, words_of_no_known_recording_are_undecided) {
  EXPECT_EQ(with({{"zh", {{}}}}).reason, Reason::kPartial);
  EXPECT_EQ(with({{"zh", {{}, true, false}}}).reason, Reason::kToolUnavailable);
  EXPECT_EQ(with({{"ja", {{}, true, false}}}).reason, Reason::kToolUnavailable);
}

TEST(SpokenLanguages, an_ear_that_does_not_know_the_device_s_own_language_controls_nothing) {
  EXPECT_EQ(with({{"ja", {{}}}}).reason, Reason::kControlFailed);
  EXPECT_EQ(with({{"ja", {{"ja", "zh"}}}}).reason, Reason::kControlFailed);
}

TEST(SpokenLanguages, a_quick_hearing_says_how_much_it_heard) {
  EXPECT_THAT(with({}).because_en, Not(HasSubstr("first 9 s")));
  Story story;
  story.pages({}).transcript().add(source::kHarness, "advance", {{"ns", 9'000'000'000}});
  EXPECT_THAT(story.judge().because_en, HasSubstr("first 9 s"));
}

TEST(SpokenLanguages, a_device_is_judged_on_what_it_offers) {
  const Judgement two = Story().pages({}, {"ja", "ko"}).judge();
  EXPECT_EQ(two.verdict, Verdict::kPass);
  EXPECT_THAT(two.because_en, HasSubstr("not offered: en, zh"));
  EXPECT_EQ(Story().pages({}, {"ja"}).judge().verdict, Verdict::kFail);
}

TEST(SpokenLanguages, half_a_walk_and_lost_sound_are_undecided) {
  EXPECT_EQ(Story().pages({}).judge(false).verdict, Verdict::kInconclusive);
  EXPECT_EQ(Story().pages({}, {"ja", "en", "zh", "ko"}, {"idle", "method"}).judge().reason, Reason::kPartial);
  Story lost;
  lost.pages({}).transcript().add(source::kHarness, "sound_lost", {{"pieces", 1}});
  EXPECT_EQ(lost.judge().reason, Reason::kControlFailed);
  EXPECT_EQ(Story().judge().reason, Reason::kControlFailed);
  Story deaf;
  deaf.transcript().add(source::kStimulus, kNoRecordings);
  EXPECT_EQ(deaf.judge().reason, Reason::kToolUnavailable);
  Story story;
  const Transcript whole = story.pages({}).transcript().end().build();
  expect_no_pass_when_cut_off(judge_spoken_languages, whole, context_of("1-22.b"), 3);
  expect_to_survive_garbage(judge_spoken_languages, whole, context_of("1-22.b"), 20);
}

}  // namespace
}  // namespace shogo::conformance
