#include "sample.h"
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

using ::testing::HasSubstr;

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue().value();
  return loaded;
}

ClauseResult result(const char* clause, Verdict verdict, Reason reason = Reason::kNone) {
  ClauseResult made;
  made.clause = clause;
  made.verdict = verdict;
  made.reason = reason;
  made.because_en = "because";
  made.because_ja = "理由";
  return made;
}

Report report_of(std::vector<ClauseResult> results) {
  return build_report(catalogue(), std::move(results), sample_info()).value();
}

const JudgedItem& item(const Report& report, std::string_view id) {
  for (const JudgedItem& each : report.items) {
    if (each.item.id == id) return each;
  }
  throw std::out_of_range(std::string(id));
}

TEST(Report, lists_all_69_items_and_184_clauses_when_nothing_ran) {
  const Report report = report_of({});
  EXPECT_EQ(report.items.size(), 69U);
  const Summary summary = summarise(report);
  EXPECT_EQ(summary.clauses.total(), 184);
  EXPECT_EQ(summary.clauses.judged(), 0);
  EXPECT_EQ(summary.mandatory_items.total() + summary.recommended_items.total(), 69);
  EXPECT_EQ(summary.mandatory_items.total(), 65);
  EXPECT_EQ(summary.conformity, Conformity::kUndecided);
  EXPECT_TRUE(anything_undecided(report));
}

TEST(Report, the_sample_shows_every_verdict) {
  std::set<Verdict> clauses, items;
  const Report report = sample_report();
  for (const JudgedItem& judged : report.items) {
    items.insert(judged.verdict);
    for (const ClauseResult& each : judged.results) clauses.insert(each.verdict);
  }
  EXPECT_EQ(clauses.size(), 10U);
  EXPECT_EQ(items.size(), 10U);
}

TEST(Report, pass_and_fail_take_the_words_of_the_clauses_level) {
  const Report report = report_of(
      {result("3-12", Verdict::kFail), result("1-8.b", Verdict::kPass), result("3-10.h", Verdict::kPass)});
  EXPECT_EQ(item(report, "3-12").verdict, Verdict::kNotMet);
  EXPECT_EQ(item(report, "1-8").results[1].verdict, Verdict::kMet);
  EXPECT_EQ(item(report, "3-10").verdict, Verdict::kNotRun) << "one passed clause does not pass the item";
}

TEST(Report, refuses_results_that_make_no_sense) {
  const auto refusal = [](std::vector<ClauseResult> results) {
    const auto built = build_report(catalogue(), std::move(results), sample_info());
    return built.ok() ? std::string("accepted") : built.error().describe();
  };
  EXPECT_THAT(refusal({result("9-9", Verdict::kPass)}), HasSubstr("9-9"));
  EXPECT_THAT(refusal({result("3-12", Verdict::kPass), result("3-12", Verdict::kFail)}),
              HasSubstr("two results"));
  EXPECT_THAT(refusal({result("3-12", Verdict::kInconclusive)}), HasSubstr("reason"));
  ClauseResult silent = result("3-12", Verdict::kPass);
  silent.because_ja.clear();
  EXPECT_THAT(refusal({silent}), HasSubstr("both languages"));
  ClauseResult outside = result("3-12", Verdict::kPass);
  outside.evidence = {"../../etc/passwd"};
  EXPECT_THAT(refusal({outside}), HasSubstr("evidence/"));
  ClauseResult foreign = result("3-12", Verdict::kPass);
  foreign.mutants_killed = {"m.pin.double_verify"};
  EXPECT_THAT(refusal({foreign}), HasSubstr("m.pin.double_verify"));
}

TEST(Conformity, one_failed_mandatory_clause_is_enough_for_no_even_in_a_recommended_item) {
  EXPECT_EQ(summarise(report_of({result("3-10.f", Verdict::kFail)})).conformity, Conformity::kNo);
  EXPECT_EQ(summarise(report_of({result("1-14.b", Verdict::kFail)})).conformity, Conformity::kNo);
  EXPECT_EQ(summarise(report_of({result("3-12", Verdict::kFail)})).conformity, Conformity::kUndecided);
}

TEST(Conformity, yes_needs_every_mandatory_clause) {
  std::vector<ClauseResult> results;
  for (const Item& each : catalogue().items()) {
    for (const Clause& clause : each.clauses) {
      if (clause.level == Level::kMandatory) results.push_back(result(clause.id.c_str(), Verdict::kPass));
    }
  }
  EXPECT_EQ(summarise(report_of(results)).conformity, Conformity::kYes);
  for (const Verdict undecided : {Verdict::kNotRun, Verdict::kManualPending, Verdict::kHarnessError}) {
    results.back().verdict = undecided;
    EXPECT_EQ(summarise(report_of(results)).conformity, Conformity::kUndecided) << to_string(undecided);
  }
  results.back().verdict = Verdict::kNotApplicable;
  EXPECT_EQ(summarise(report_of(results)).conformity, Conformity::kYes);
}

TEST(ExitCode, follows_the_worst_verdict) {
  EXPECT_EQ(exit_code(report_of({}), false), 0);
  EXPECT_EQ(exit_code(report_of({}), true), 3);
  EXPECT_EQ(exit_code(report_of({result("2-5", Verdict::kHarnessError)}), true), 2);
  EXPECT_EQ(
      exit_code(report_of({result("2-5", Verdict::kHarnessError), result("3-10.f", Verdict::kFail)}), true),
      1);
  EXPECT_EQ(exit_code(report_of({result("3-12", Verdict::kFail)}), false), 0) << "NOT_MET is no FAIL";
}

TEST(ReportJson, written_and_read_again_is_the_same) {
  const json::value written = to_json(sample_report());
  const auto text = pretty_json(written);
  const auto back = parse_report(parse_json(text, "report.json").value(), "report.json");
  ASSERT_TRUE(back.ok()) << back.error().describe();
  EXPECT_EQ(pretty_json(json::value(to_json(*back))), text);
  EXPECT_EQ(render_html(*back, Language::kJa), render_html(sample_report(), Language::kJa));
}

TEST(ReportJson, the_largest_seed_survives) {
  RunInfo info = sample_info();
  info.seed = UINT64_MAX;
  const Report report = build_report(catalogue(), {}, info).value();
  const auto back = parse_report(parse_json(pretty_json(json::value(to_json(report))), "r").value(), "r");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->info.seed, UINT64_MAX);
}

TEST(ReportJson, given_a_hand_on_the_verdicts_when_read_then_it_is_refused) {
  const std::string text = pretty_json(json::value(to_json(report_of({result("3-12", Verdict::kFail)}))));
  const auto edited = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    const auto read = parse_report(parse_json(changed, "report.json").value(), "report.json");
    return read.ok() ? std::string("accepted") : read.error().describe();
  };
  EXPECT_EQ(edited("reference", "ws://1"), "accepted");
  EXPECT_THAT(edited("\"verdict\": \"NOT_RUN\"", "\"verdict\": \"PASS\""), HasSubstr("does not follow"));
  EXPECT_THAT(edited("\"NOT_MET\": 1", "\"NOT_MET\": 0"), HasSubstr("summary"));
  EXPECT_THAT(edited("\"id\": \"1-2\"", "\"id\": \"1-3\""), HasSubstr("order"));
  EXPECT_THAT(edited("urn:shogo:report:1", "urn:shogo:report:9"), HasSubstr("schema"));
  EXPECT_THAT(edited("\"seed\": 20260101", "\"seed\": -1"), HasSubstr("seed"));
}

}  // namespace
}  // namespace shogo::conformance
