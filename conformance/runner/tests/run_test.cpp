#include "scripted_device.h"
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/run.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

Result<void> play_nothing(Stage&) {
  return {};
}
Judgement say_pass(const Transcript&, const CheckContext&) {
  return pass("all right", "問題なし");
}
Judgement say_fail(const Transcript&, const CheckContext&) {
  return fail("wrong", "誤り");
}

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue().value();
  return loaded;
}

RunOutcome run(std::vector<Check> checks, ScriptedDut& dut, RunOptions options = {}) {
  options.take_as_proven = options.proof == nullptr;
  return run_checks(checks, catalogue(), dut, options);
}

ClauseResult run_one(const Check& check, ScriptedDut& dut) {
  return run({check}, dut).results.at(0);
}

TEST(RunChecks, a_perfect_device_passes_and_a_derived_clause_is_met) {
  ScriptedDut dut;

  const auto outcome =
      run({{"3-11.a", {}, play_nothing, say_pass, 5}, {"3-11.d", {}, play_nothing, say_pass, 5}}, dut);

  ASSERT_EQ(outcome.results.size(), 2U);
  EXPECT_EQ(outcome.results[0].verdict, Verdict::kPass);
  EXPECT_EQ(outcome.results[1].verdict, Verdict::kMet);
  EXPECT_EQ(dut.ended, 2);
  EXPECT_THAT(dut.device().calls,
              ElementsAre("reset", "begin_case", "end_case", "reset", "begin_case", "end_case"));
}

TEST(RunChecks, a_shared_script_is_played_once_and_judged_by_every_clause) {
  ScriptedDut dut;
  std::vector<std::string> kept;
  RunOptions options;
  options.keep = [&](const std::string& name, const Transcript&) -> Result<std::vector<std::string>> {
    kept.push_back(name);
    return std::vector<std::string>{"evidence/" + name + "/events.jsonl"};
  };

  const auto outcome = run({{"3-10.h", {}, play_nothing, say_pass, 5, "keypad"},
                            {"3-11.a", {}, play_nothing, say_pass, 5},
                            {"3-10.i", {}, play_nothing, say_fail, 5, "keypad"}},
                           dut, options);

  ASSERT_EQ(outcome.results.size(), 3U);
  EXPECT_EQ(outcome.results[0].verdict, Verdict::kPass);
  EXPECT_EQ(outcome.results[2].verdict, Verdict::kFail);
  EXPECT_EQ(outcome.results[2].evidence, outcome.results[0].evidence);
  EXPECT_THAT(kept, ElementsAre("keypad", "3-11.a"));
  EXPECT_EQ(dut.ended, 2);
}

TEST(RunChecks, an_always_failing_device_fails) {
  ScriptedDut dut;
  EXPECT_EQ(run_one({"3-11.a", {}, play_nothing, say_fail, 5}, dut).verdict, Verdict::kFail);
  EXPECT_EQ(run_one({"3-11.d", {}, play_nothing, say_fail, 5}, dut).verdict, Verdict::kNotMet);
}

TEST(RunChecks, a_missing_capability_is_no_channel_with_the_way_to_get_it) {
  ScriptedDut dut;

  const auto result = run_one({"3-11.a", {"screen.frames"}, play_nothing, say_pass, 5}, dut);

  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_EQ(result.reason, Reason::kNoChannel);
  EXPECT_THAT(result.because_en, HasSubstr("subscribe_frames"));
  EXPECT_THAT(result.because_ja, HasSubstr("subscribe_frames"));
  EXPECT_TRUE(dut.device().calls.empty());
}

TEST(RunChecks, whom_a_clause_does_not_concern_needs_no_channel_for_it) {
  ScriptedDut dut;
  const auto not_concerned = [](const Transcript&, const CheckContext&) {
    Judgement judgement;
    judgement.verdict = Verdict::kNotApplicable;
    judgement.reason = Reason::kNone;
    judgement.because_en = judgement.because_ja = "no keypad";
    return judgement;
  };
  EXPECT_EQ(run_one({"1-14.b", {"input.key"}, play_nothing, not_concerned, 5}, dut).verdict,
            Verdict::kNotApplicable);
}

TEST(RunChecks, unimplemented_in_the_middle_is_no_channel) {
  ScriptedDut dut;
  const auto result = run_one({"3-11.a",
                               {},
                               [](Stage& stage) -> Result<void> {
                                 SHOGO_CHECK_OK(stage.call("get_ui_tree"));
                                 return {};
                               },
                               say_pass,
                               5},
                              dut);
  EXPECT_EQ(result.reason, Reason::kNoChannel);
}

TEST(RunChecks, a_script_that_the_device_stops_never_passes_but_may_fail) {
  ScriptedDut dut;
  const auto stopped = [](Stage& stage) -> Result<void> {
    SHOGO_CHECK_OK(stage.wait_state({"pin"}, milliseconds{10}));
    return {};
  };

  const auto passed = run_one({"3-11.a", {}, stopped, say_pass, 5}, dut);
  const auto failed = run_one({"3-11.a", {}, stopped, say_fail, 5}, dut);

  EXPECT_EQ(passed.verdict, Verdict::kInconclusive);
  EXPECT_EQ(passed.reason, Reason::kControlFailed);
  EXPECT_THAT(passed.because_en, HasSubstr("waited 10 ms for the state pin"));
  EXPECT_EQ(failed.verdict, Verdict::kFail);
}

TEST(RunChecks, a_breach_of_the_protocol_never_passes) {
  ScriptedDut dut;
  dut.device().answers["begin_case"] = [&](const json::object&) {
    dut.device().emit({"protocol_violation", {{"text", "state: seq 3 after 1"}}, nullptr});
    return json::value(json::object{});
  };

  const auto result = run_one({"3-11.a", {}, play_nothing, say_pass, 5}, dut);

  EXPECT_EQ(result.reason, Reason::kControlFailed);
  EXPECT_THAT(result.because_en, HasSubstr("seq 3 after 1"));
}

TEST(RunChecks, a_judge_that_breaks_its_promise_is_a_harness_error) {
  ScriptedDut dut;
  const auto needs_number = [](const Transcript&, const CheckContext& context) {
    return context.number("no_such_number") > 0 ? pass("", "") : fail("", "");
  };
  const auto says_met = [](const Transcript&, const CheckContext&) {
    Judgement judgement;
    judgement.verdict = Verdict::kMet;
    return judgement;
  };
  EXPECT_EQ(run_one({"3-11.a", {}, play_nothing, needs_number, 5}, dut).verdict, Verdict::kHarnessError);
  EXPECT_EQ(run_one({"3-11.a", {}, play_nothing, says_met, 5}, dut).verdict, Verdict::kHarnessError);
}

TEST(RunChecks, trouble_of_the_bench_is_a_harness_error) {
  ScriptedDut dut;
  dut.broken_world = true;
  const auto result = run_one({"3-11.a", {}, play_nothing, say_fail, 5}, dut);
  EXPECT_EQ(result.verdict, Verdict::kHarnessError);
  EXPECT_THAT(result.because_en, HasSubstr("no pcscd"));
}

TEST(RunChecks, without_proof_nothing_passes_and_with_proof_of_all_mutants_it_does) {
  ScriptedDut dut;
  KillMatrix proof;
  RunOptions options;
  options.proof = &proof;
  const Check check{"3-11.a", {}, play_nothing, say_pass, 5};

  const auto unproven = run({check}, dut, options).results.at(0);
  proof.mutants = {{"m.pin.sends_short", {"3-11.a"}, true, {"3-11.a"}, {}}};
  const auto half = run({check}, dut, options).results.at(0);
  proof.mutants.push_back({"m.pin.sends_on_timeout", {"3-11.a"}, true, {"3-11.a"}, {}});
  const auto proven = run({check}, dut, options).results.at(0);

  EXPECT_EQ(unproven.reason, Reason::kCheckUnproven);
  EXPECT_EQ(half.reason, Reason::kCheckUnproven);
  EXPECT_THAT(half.because_en, HasSubstr("m.pin.sends_on_timeout"));
  EXPECT_THAT(half.mutants_killed, ElementsAre("m.pin.sends_short"));
  EXPECT_EQ(proven.verdict, Verdict::kPass);
}

TEST(RunChecks, a_fail_needs_no_proof) {
  ScriptedDut dut;
  const KillMatrix nothing;
  RunOptions options;
  options.proof = &nothing;
  EXPECT_EQ(run({{"3-11.a", {}, play_nothing, say_fail, 5}}, dut, options).results.at(0).verdict,
            Verdict::kFail);
}

TEST(RunChecks, when_the_device_is_lost_the_rest_is_not_run) {
  ScriptedDut dut;
  const auto leaves = [](Stage& stage) -> Result<void> {
    static_cast<ScriptedDevice&>(stage.device())
        .emit({"connection_lost", {{"text", "it closed the connection"}}, nullptr});
    SHOGO_CHECK_OK(stage.wait_state({"pin"}));
    return {};
  };

  const auto outcome =
      run({{"3-11.a", {}, leaves, say_pass, 5}, {"3-11.d", {}, play_nothing, say_pass, 5}}, dut);

  EXPECT_EQ(outcome.results[0].reason, Reason::kControlFailed);
  EXPECT_EQ(outcome.results[1].verdict, Verdict::kNotRun);
  EXPECT_THAT(outcome.results[1].because_en, HasSubstr("it closed the connection"));
  EXPECT_THAT(outcome.trouble, HasSubstr("it closed the connection"));
}

TEST(RunChecks, a_device_that_answers_nothing_after_hello_is_given_up_after_one_clause) {
  ScriptedDut dut;
  dut.device().answers["reset"] = [](const json::object&) -> Result<json::value> {
    return Error{Code::kTimeout, "reset: no answer"};
  };
  dut.device().answers["ping"] = dut.device().answers["reset"];

  const auto outcome =
      run({{"3-11.a", {}, play_nothing, say_pass, 5}, {"3-11.d", {}, play_nothing, say_pass, 5}}, dut);

  EXPECT_EQ(outcome.results[0].verdict, Verdict::kInconclusive);
  EXPECT_EQ(outcome.results[1].verdict, Verdict::kNotRun);
  EXPECT_THAT(outcome.trouble, HasSubstr("does not answer any more"));
}

TEST(RunChecks, a_script_that_hangs_is_given_up) {
  static std::promise<void> release;
  static std::promise<void> gone;
  ScriptedDut dut;
  RunOptions options;
  options.grace = milliseconds{10};
  const auto hangs = [](Stage&) -> Result<void> {
    release.get_future().wait();
    gone.set_value();
    return {};
  };

  const auto outcome =
      run({{"3-11.a", {}, hangs, say_pass, 1}, {"3-11.d", {}, play_nothing, say_pass, 5}}, dut, options);
  release.set_value();
  gone.get_future().wait();

  EXPECT_TRUE(outcome.abandoned);
  EXPECT_EQ(outcome.results[0].verdict, Verdict::kHarnessError);
  EXPECT_EQ(outcome.results[1].verdict, Verdict::kNotRun);
}

TEST(RunChecks, a_stopped_run_says_so) {
  ScriptedDut dut;
  std::atomic<bool> stop{true};
  RunOptions options;
  options.stop = &stop;

  const auto outcome = run({{"3-11.a", {}, play_nothing, say_pass, 5}}, dut, options);

  EXPECT_TRUE(outcome.stopped);
  EXPECT_EQ(outcome.results[0].verdict, Verdict::kNotRun);
}

TEST(RunChecks, a_clause_or_an_item_can_be_selected) {
  ScriptedDut dut;
  const std::vector<Check> checks{{"3-11.a", {}, play_nothing, say_pass, 5},
                                  {"3-11.d", {}, play_nothing, say_pass, 5},
                                  {"3-12", {}, play_nothing, say_pass, 5}};
  RunOptions options;
  options.clauses = {"3-11.d", "3-12"};
  EXPECT_EQ(run(checks, dut, options).results.size(), 2U);
  options.clauses = {"3-11"};
  EXPECT_EQ(run(checks, dut, options).results.size(), 2U);

  EXPECT_TRUE(check_selection(catalogue(), {"3-11", "3-11.d", "3-12"}).ok());
  EXPECT_EQ(check_selection(catalogue(), {"3-1"}).ok(), true);
  EXPECT_EQ(check_selection(catalogue(), {"3-99"}).error().code(), Code::kNotFound);
}

TEST(RunChecks, the_transcript_begins_with_hello_and_holds_what_the_world_saw) {
  ScriptedDut dut;
  Transcript kept;
  RunOptions options;
  options.keep = [&](const std::string&, const Transcript& transcript) -> Result<std::vector<std::string>> {
    kept = transcript;
    return std::vector<std::string>{"evidence/3-11.a/events.jsonl"};
  };

  const auto result = run({{"3-11.a", {}, play_nothing, say_pass, 5}}, dut, options).results.at(0);

  EXPECT_EQ(result.evidence.size(), 1U);
  EXPECT_EQ(kept.events().front().kind, "hello");
  EXPECT_EQ(kept.select(source::kCard, "placed").size(), 1U);
}

TEST(RunChecks, evidence_that_cannot_be_kept_ends_the_run) {
  ScriptedDut dut;
  RunOptions options;
  options.keep = [](const std::string&, const Transcript&) -> Result<std::vector<std::string>> {
    return Error{Code::kExhausted, "no space left"};
  };
  const auto outcome = run(
      {{"3-11.a", {}, play_nothing, say_pass, 5}, {"3-11.d", {}, play_nothing, say_pass, 5}}, dut, options);
  EXPECT_EQ(outcome.results[0].verdict, Verdict::kHarnessError);
  EXPECT_EQ(outcome.results[1].verdict, Verdict::kNotRun);
}

}  // namespace
}  // namespace shogo::conformance
