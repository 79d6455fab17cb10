#include "scripted_device.h"
#include <fstream>

#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/conformance/bundle.h>
#include <shogo/conformance/rejudge.h>
#include <shogo/conformance/run.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

Result<void> play_nothing(Stage& stage) {
  stage.note("digits", {{"count", 3}});
  return {};
}
Judgement say_pass(const Transcript& transcript, const CheckContext& context) {
  const auto digits = transcript.select(source::kStimulus, "digits");
  if (digits.size() == 1 && context.number("pin_digits") == 4) return pass("all right", "問題なし");
  return fail("the transcript is not the one that was recorded", "記録が異なる");
}
Judgement say_fail(const Transcript&, const CheckContext&) {
  return fail("wrong", "誤り");
}

class RejudgeTest : public testing::Test {
 protected:
  RejudgeTest() : folder(TemporaryFolder::create("rejudge").value()), bundle_path(folder.path() / "out") {
    const Catalogue catalogue = load_catalogue().value();
    Bundle bundle = Bundle::create(bundle_path).value();
    KillMatrix proof;
    for (const char* id : {"m.pin.sends_short", "m.pin.sends_on_timeout"})
      proof.mutants.push_back({id, {"3-11.a"}, true, {"3-11.a"}, {}});
    ScriptedDut dut;
    RunOptions options;
    options.proof = &proof;
    options.keep = [&](const std::string& clause,
                       const Transcript& transcript) -> Result<std::vector<std::string>> {
      SHOGO_TRY(const std::filesystem::path evidence, bundle.evidence_folder(clause));
      SHOGO_CHECK_OK(transcript.save(evidence));
      return bundle.evidence_of(clause);
    };
    const std::vector<Check> checks{{"3-11.a", {}, play_nothing, say_pass, 5},
                                    {"3-11.b", {"screen.frames"}, play_nothing, say_pass, 5}};
    RunOutcome outcome = run_checks(checks, catalogue, dut, options);
    EXPECT_EQ(outcome.results.at(0).verdict, Verdict::kPass);
    const Report report =
        build_report(catalogue, std::move(outcome.results), {1, "reference", "quick", "0", "0", {}}).value();
    EXPECT_TRUE(bundle.finish(to_json(report), render_pages(report)).ok());
  }

  TemporaryFolder folder;
  std::filesystem::path bundle_path;
};

TEST_F(RejudgeTest, the_same_judges_say_the_same) {
  const std::vector<Check> checks{{"3-11.a", {}, play_nothing, say_pass, 5},
                                  {"3-11.b", {"screen.frames"}, play_nothing, say_pass, 5}};

  const auto outcome = rejudge(checks, bundle_path);

  ASSERT_TRUE(outcome.ok()) << outcome.error().describe();
  EXPECT_EQ(outcome->rejudged.size(), 2U);
  EXPECT_TRUE(outcome->differences.empty());
  EXPECT_TRUE(outcome->unchecked.empty());
}

TEST_F(RejudgeTest, a_judge_that_says_something_else_is_a_difference) {
  const auto outcome =
      rejudge(std::vector<Check>{{"3-11.a", {}, play_nothing, say_fail, 5}}, bundle_path).value();

  ASSERT_EQ(outcome.differences.size(), 1U);
  EXPECT_EQ(outcome.differences[0].archived, "PASS");
  EXPECT_EQ(outcome.differences[0].now, "FAIL");
}

TEST_F(RejudgeTest, a_judged_clause_without_a_check_is_told) {
  EXPECT_EQ(rejudge({}, bundle_path).value().unchecked, std::vector<std::string>{"3-11.a"});
}

TEST_F(RejudgeTest, any_changed_byte_of_evidence_is_refused) {
  for (const char* name : {"evidence/3-11.a/events.jsonl", "evidence/3-11.a/times.jsonl", "report.json"}) {
    const std::filesystem::path file = bundle_path / name;
    const std::string before = read_text(file).value();
    for (const std::size_t at : {std::size_t{0}, before.size() / 2, before.size() - 1}) {
      std::string changed = before;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      ASSERT_TRUE(write_text(file, changed).ok());
      EXPECT_FALSE(rejudge(std::vector<Check>{{"3-11.a", {}, play_nothing, say_pass, 5}}, bundle_path).ok())
          << name << " at " << at;
    }
    ASSERT_TRUE(write_text(file, before).ok());
  }
}

}  // namespace
}  // namespace shogo::conformance
