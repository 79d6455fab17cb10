#include "scripted_device.h"
#include <mutex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/prove.h>
#include <shogo/conformance/settle.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue().value();
  return loaded;
}

/// The scripted device tells in `ping` which mutant it is; the checks judge that word.
Result<void> ask(Stage& stage) {
  SHOGO_CHECK_OK(stage.call("ping"));
  return {};
}
std::string mutant_in(const Transcript& transcript) {
  for (const Event* answer : transcript.select(source::kDevice, "answer"))
    if (answer->data.at("method") == "ping")
      return std::string(answer->data.at("result").at("mutant").as_string());
  return "";
}
Judgement catches_both(const Transcript& transcript, const CheckContext&) {
  return mutant_in(transcript).starts_with("m.pin.sends") ? fail("short", "短い") : pass("fine", "良い");
}
Judgement catches_one(const Transcript& transcript, const CheckContext&) {
  return mutant_in(transcript) == "m.pin.sends_short" ? fail("short", "短い") : pass("fine", "良い");
}
Judgement catches_double(const Transcript& transcript, const CheckContext&) {
  return mutant_in(transcript) == "m.pin.double_verify" || mutant_in(transcript) == "m.pin.sends_short"
             ? fail("twice", "二重")
             : pass("once", "一度");
}
Judgement always_fails(const Transcript&, const CheckContext&) {
  return fail("always", "常に");
}

Result<std::unique_ptr<DeviceUnderTest>> open_scripted(const DeviceRequest& request) {
  auto dut = std::make_unique<ScriptedDut>();
  dut->device().answers["ping"] = [mutant = request.mutant](const json::object&) {
    return json::value(json::object{{"mutant", mutant}});
  };
  return std::unique_ptr<DeviceUnderTest>(std::move(dut));
}

KillMatrix matrix_of(const std::vector<Check>& checks, const ProveOptions& options = {}) {
  return prove(checks, catalogue(), open_scripted, options).value();
}

TEST(Prove, caught_mutants_are_killed_and_other_clauses_that_caught_them_are_named) {
  ProveOptions options;
  options.ask_others = true;
  const auto matrix =
      matrix_of({{"3-11.a", {}, ask, catches_both, 5}, {"3-11.d", {}, ask, catches_double, 5}}, options);

  ASSERT_EQ(matrix.mutants.size(), 3U);
  EXPECT_THAT(matrix.survivors(), IsEmpty());
  EXPECT_EQ(matrix.mutants[2].id, "m.pin.sends_short");
  EXPECT_THAT(matrix.mutants[2].killed_by, ElementsAre("3-11.a"));
  EXPECT_THAT(matrix.mutants[2].also_killed_by, ElementsAre("3-11.d"));
  EXPECT_THAT(matrix.killed_by("3-11.d"), ElementsAre("m.pin.double_verify"));
}

TEST(Prove, asks_no_other_clause_unless_told_to) {
  const auto matrix =
      matrix_of({{"3-11.a", {}, ask, catches_both, 5}, {"3-11.d", {}, ask, catches_double, 5}});
  EXPECT_THAT(matrix.mutants[2].also_killed_by, IsEmpty());
  EXPECT_FALSE(matrix.mutants[2].others_asked);
}

TEST(Prove, a_mutant_that_nobody_catches_survives) {
  const auto matrix = matrix_of({{"3-11.a", {}, ask, catches_one, 5}});
  EXPECT_THAT(matrix.survivors(), ElementsAre("m.pin.sends_on_timeout"));
}

TEST(Prove, a_check_that_fails_everybody_has_caught_nobody) {
  const auto matrix = matrix_of({{"3-11.a", {}, ask, always_fails, 5}});
  EXPECT_THAT(matrix.baseline_failures, ElementsAre("3-11.a"));
  EXPECT_EQ(matrix.survivors().size(), 2U);
}

TEST(Prove, a_clause_that_this_bench_cannot_judge_has_nothing_to_prove) {
  const auto matrix =
      matrix_of({{"2-1.a", {"windows"}, ask, always_fails, 5}, {"3-11.a", {}, ask, catches_both, 5}});
  EXPECT_THAT(matrix.undecidable, ElementsAre("2-1.a"));
  EXPECT_EQ(matrix.mutants.size(), 2U);
}

TEST(Prove, a_clause_about_a_keypad_meets_the_reader_that_has_one) {
  std::set<std::string> opened;
  std::mutex mutex;
  const OpenDevice open = [&](const DeviceRequest& request) {
    const std::lock_guard lock(mutex);
    opened.insert(request.dut + " " + request.mutant);
    return open_scripted(request);
  };
  const std::vector<Check> checks{{"3-11.d", {}, ask, catches_double, 5},
                                  {"3-11.a", {}, ask, catches_both, 5, {}, kReferenceKeypad}};
  const auto matrix = prove(checks, catalogue(), open, ProveOptions{}).value();
  EXPECT_THAT(matrix.survivors(), IsEmpty());
  EXPECT_THAT(opened,
              ElementsAre("reference ", "reference m.pin.double_verify", "reference:keypad ",
                          "reference:keypad m.pin.sends_on_timeout", "reference:keypad m.pin.sends_short"));
}

TEST(Prove, a_mutant_that_cannot_be_started_survives) {
  const std::vector<Check> checks{{"3-11.a", {}, ask, catches_both, 5}};
  const OpenDevice open = [](const DeviceRequest& request) -> Result<std::unique_ptr<DeviceUnderTest>> {
    if (request.mutant == "m.pin.sends_short") return Error{Code::kNotFound, "no such mutant"};
    return open_scripted(request);
  };
  std::string remark;
  ProveOptions options;
  options.progress = [&](const ProveProgress& step) {
    if (step.mutant == "m.pin.sends_short") remark = step.remark;
  };

  const auto matrix = prove(checks, catalogue(), open, options).value();

  EXPECT_THAT(matrix.survivors(), ElementsAre("m.pin.sends_short"));
  EXPECT_THAT(remark, HasSubstr("no such mutant"));
}

TEST(KillMatrix, what_is_written_reads_back_and_a_file_edited_by_hand_does_not) {
  const auto matrix = matrix_of({{"3-11.a", {}, ask, catches_one, 5}});
  json::object file = to_json(matrix);
  EXPECT_EQ(to_json(parse_kill_matrix(file, "file").value()), file);

  file["mutants"].as_array()[0].as_object()["killed"] = true;
  file["survivors"] = json::array{};
  EXPECT_THAT(parse_kill_matrix(file, "file").error().message(), HasSubstr("contradicts"));
}

TEST(KillMatrix, a_new_proof_of_one_clause_leaves_the_others) {
  const auto old = matrix_of({{"3-11.a", {}, ask, catches_one, 5}, {"3-11.d", {}, ask, catches_double, 5}});
  const auto better = matrix_of({{"3-11.a", {}, ask, catches_both, 5}});

  const auto merged = merge(old, better);

  EXPECT_THAT(merged.survivors(), IsEmpty());
  EXPECT_THAT(merged.killed_by("3-11.d"), ElementsAre("m.pin.double_verify"));
  EXPECT_EQ(to_json(merge(old, old)), to_json(old));
}

}  // namespace
}  // namespace shogo::conformance
