#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/pad.h>

namespace shogo::statistics {
namespace {

using testing::HasSubstr;

/// A log of `n` presentations, each a session of its own with a subject of its own, of which `bad` went
/// wrong.
void add(std::vector<Presentation>& log, const std::string& species, int n, int bad) {
  for (int i = 0; i < n; ++i) {
    const bool attack = !species.empty(), wrong = i < bad;
    const std::string id = (attack ? species : "live") + "/" + std::to_string(i);
    log.push_back(
        {id, "", species, "person" + std::to_string(i), Response::kOk, attack != wrong, attack == wrong});
  }
}

std::vector<Presentation> good_log() {
  std::vector<Presentation> log;
  add(log, "", 100, 2);
  add(log, "print.matte", 300, 0);
  add(log, "screen.phone", 300, 0);
  return log;
}

TEST(Pad, a_device_that_keeps_every_species_is_proven) {
  const PadRates rates = pad_rates(good_log()).value();
  ASSERT_EQ(rates.species.size(), 2U);
  EXPECT_EQ(rates.species[0].species, "print.matte");
  EXPECT_EQ(rates.verdict, RateVerdict::kProvenKept) << rates.why;
  EXPECT_EQ(rates.species[0].apcer->errors, 0);
  EXPECT_DOUBLE_EQ(rates.species[0].iapar->upper, upper_bound(0, 300, 0.95));
}

/// Seeded bug: all attacks pooled. 12 of 300 in one species are 0.67 % of 1800 attacks.
TEST(Pad, one_weak_species_is_not_diluted_by_strong_ones) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  add(log, "eyeholes", 300, 12);
  for (const char* species : {"a", "b", "c", "d", "e"}) add(log, species, 300, 0);
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.worst, "eyeholes");
  EXPECT_EQ(rates.verdict, RateVerdict::kProvenBroken);
  ASSERT_EQ(rates.species.size(), 6U);
  EXPECT_DOUBLE_EQ(rates.species[5].apcer->point, 0.04);
}

/// Seeded bug: frames counted as presentations. 30 presentations of 10 frames are not 300 trials.
TEST(Pad, frames_of_one_presentation_count_once) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  for (int presentation = 0; presentation < 30; ++presentation)
    for (int frame = 0; frame < 10; ++frame)
      log.push_back({"p" + std::to_string(presentation), "", "print", "s" + std::to_string(presentation),
                     Response::kOk, true, false});
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.species[0].presentations, 30);
  EXPECT_EQ(rates.species[0].iapar->trials, 30);
  EXPECT_NE(rates.verdict, RateVerdict::kProvenKept);
}

/// Seeded bug: non-responses dropped. 290 unanswered attacks must not leave 10 clean ones, nor 290 clean
/// ones.
TEST(Pad, unanswered_attacks_stay_in_the_denominator_and_stop_the_pass) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  add(log, "print", 400, 0);
  for (std::size_t i = 100; i < 200; ++i) {
    log[i].response = Response::kNoResponse;
    log[i].pad_attack.reset();
    log[i].accepted.reset();
  }
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.species[0].iapar->trials, 400);
  EXPECT_EQ(rates.species[0].apnrr.errors, 100);
  EXPECT_FALSE(rates.verdict.has_value());
  EXPECT_THAT(rates.why, HasSubstr("not answered"));
}

TEST(Pad, unanswered_people_are_errors) {
  std::vector<Presentation> log = good_log();
  for (std::size_t i = 50; i < 80; ++i)
    log[i].response = Response::kNoResponse, log[i].accepted.reset(), log[i].pad_attack.reset();
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.frr->errors, 32);
  EXPECT_EQ(rates.bpcer->errors, 32);
  EXPECT_EQ(rates.bpnrr->errors, 30);
  EXPECT_FALSE(rates.verdict.has_value()) << "the control broke";
}

TEST(Pad, a_device_that_refuses_everybody_does_not_pass) {
  std::vector<Presentation> log;
  add(log, "", 100, 100);
  add(log, "print", 300, 0);
  EXPECT_FALSE(pad_rates(log)->verdict.has_value());
  EXPECT_THAT(pad_rates(log)->why, HasSubstr("control"));
}

TEST(Pad, without_bona_fide_presentations_there_is_no_verdict) {
  std::vector<Presentation> log;
  add(log, "print", 300, 0);
  EXPECT_FALSE(pad_rates(log)->verdict.has_value());
}

TEST(Pad, one_success_among_the_retries_makes_the_whole_session_a_success) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  for (int session = 0; session < 100; ++session)
    for (int attempt = 0; attempt < 3; ++attempt)
      log.push_back({"p" + std::to_string(3 * session + attempt), "t" + std::to_string(session), "print",
                     "s" + std::to_string(session), Response::kOk, attempt != 2 || session >= 2,
                     attempt == 2 && session < 2});
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.species[0].apcer->trials, 300);
  EXPECT_EQ(rates.species[0].apcer->errors, 2);
  EXPECT_EQ(rates.species[0].iapar->trials, 100);
  EXPECT_EQ(rates.species[0].iapar->errors, 2);
}

TEST(Pad, attacks_on_few_people_are_worth_few_trials) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  add(log, "print", 300, 0);
  for (std::size_t i = 100; i < log.size(); ++i) log[i].subject = "target" + std::to_string(i % 10);
  const PadRates rates = pad_rates(log).value();
  EXPECT_NEAR(rates.species[0].iapar->effective_trials, 10, 1e-9);
  EXPECT_EQ(rates.verdict, RateVerdict::kShown);
}

TEST(Pad, contradicting_rows_are_refused) {
  const auto refuses = [](std::vector<Presentation> rows, const char* why) {
    std::vector<Presentation> log = good_log();
    log.insert(log.end(), rows.begin(), rows.end());
    const auto rates = pad_rates(log);
    ASSERT_FALSE(rates.ok()) << why;
    EXPECT_THAT(rates.error().message(), HasSubstr(why));
  };
  refuses({{"x", "", "print", "s", Response::kOk, true, false},
           {"x", "", "print", "s", Response::kOk, false, false}},
          "contradict");
  refuses({{"x", "", "print", "s", Response::kOk, true, false},
           {"x", "", "mask", "s", Response::kOk, true, false}},
          "species");
  refuses({{"x", "t", "print", "s", Response::kOk, true, false},
           {"y", "t", "mask", "s", Response::kOk, true, false}},
          "mixes");
  refuses({{"x", "", "print", "", Response::kOk, true, false}}, "subject");
  refuses({{"x", "", "print", "s", Response::kNoResponse, true, true}}, "without a response");
  refuses({{"x", "", "print.matte", "s", Response::kOk, true, {}}}, "some do not");
}

TEST(Pad, a_log_without_attacks_gives_no_attack_rate) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  EXPECT_FALSE(pad_rates(log).ok());
}

TEST(Pad, some_species_is_broken_only_after_holms_correction) {
  std::vector<Presentation> log;
  add(log, "", 100, 0);
  for (int i = 0; i < 16; ++i) add(log, "s" + std::to_string(i), 300, i == 0 ? 7 : 0);
  // 7 of 300 prove one species alone to be over 1 %, not the luckless one of sixteen.
  const PadRates rates = pad_rates(log).value();
  EXPECT_EQ(rates.species[0].iapar->verdict, RateVerdict::kProvenBroken);
  EXPECT_EQ(rates.verdict, RateVerdict::kNotShown);
}

}  // namespace
}  // namespace shogo::statistics
