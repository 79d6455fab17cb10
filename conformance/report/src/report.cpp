#include <algorithm>
#include <set>
#include <utility>

#include <fmt/core.h>

#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

Result<void> check_result(const Clause& clause, const ClauseResult& result) {
  const auto wrong = [&](std::string_view problem) {
    return Error{Code::kInternal, fmt::format("result of {}: {}", clause.id, problem)};
  };
  if (result.verdict == Verdict::kInconclusive && result.reason == Reason::kNone)
    return wrong("INCONCLUSIVE needs a reason");
  if (is_judged(result.verdict) && (result.because_en.empty() || result.because_ja.empty()))
    return wrong("a judgement needs its reasoning in both languages");
  for (const std::string& path : result.evidence) {
    if (!path.starts_with("evidence/")) return wrong(fmt::format("\"{}\" does not lie in evidence/", path));
  }
  for (const std::string& mutant : result.mutants_killed) {
    if (std::find(clause.mutants.begin(), clause.mutants.end(), mutant) == clause.mutants.end())
      return wrong(fmt::format("\"{}\" is no mutant of this clause", mutant));
  }
  return {};
}

}  // namespace

ClauseResult result_of(std::string clause, const Judgement& judgement) {
  ClauseResult result;
  result.clause = std::move(clause);
  result.verdict = judgement.verdict;
  result.reason = judgement.reason;
  result.because_en = judgement.because_en;
  result.because_ja = judgement.because_ja;
  result.measurements = judgement.measurements;
  return result;
}

Result<Report> build_report(const Catalogue& catalogue, std::vector<ClauseResult> results, RunInfo info) {
  std::map<std::string, ClauseResult> by_clause;
  for (ClauseResult& result : results) {
    if (catalogue.clause(result.clause) == nullptr)
      return Error{Code::kNotFound, fmt::format("the catalogue has no clause \"{}\"", result.clause)};
    std::string id = result.clause;
    if (!by_clause.emplace(id, std::move(result)).second)
      return Error{Code::kInternal, fmt::format("two results for clause {}", id)};
  }

  Report report;
  report.info = std::move(info);
  report.catalogue_sha256 = catalogue.sha256();
  report.source = catalogue.source();
  for (const Item& item : catalogue.items()) {
    JudgedItem judged;
    judged.item = item;
    std::vector<Verdict> verdicts;
    for (const Clause& clause : item.clauses) {
      const auto found = by_clause.find(clause.id);
      ClauseResult result =
          found == by_clause.end() ? result_of(clause.id, default_verdict(clause)) : found->second;
      result.verdict = to_level(result.verdict, clause.level);
      SHOGO_CHECK_OK(check_result(clause, result));
      verdicts.push_back(result.verdict);
      judged.results.push_back(std::move(result));
    }
    judged.verdict = roll_up(item, verdicts);
    report.items.push_back(std::move(judged));
  }
  return report;
}

int Count::total() const {
  int sum = 0;
  for (const auto& [verdict, count] : by_verdict) sum += count;
  return sum;
}

int Count::judged() const {
  int sum = 0;
  for (const auto& [verdict, count] : by_verdict) sum += is_judged(verdict) ? count : 0;
  return sum;
}

int Count::settled() const {
  int sum = 0;
  for (const auto& [verdict, count] : by_verdict) sum += is_settled(verdict) ? count : 0;
  return sum;
}

int Count::of(Verdict verdict) const {
  const auto found = by_verdict.find(verdict);
  return found == by_verdict.end() ? 0 : found->second;
}

std::string_view to_string(Conformity conformity) {
  switch (conformity) {
    case Conformity::kNo:
      return "no";
    case Conformity::kUndecided:
      return "undecided";
    case Conformity::kYes:
      return "yes";
  }
  return "?";
}

Summary summarise(const Report& report) {
  Summary summary;
  std::set<std::string> killed;
  for (const JudgedItem& judged : report.items) {
    ++summary.items.by_verdict[judged.verdict];
    ++(judged.item.level == Level::kMandatory ? summary.mandatory_items : summary.recommended_items)
          .by_verdict[judged.verdict];
    for (std::size_t i = 0; i < judged.results.size(); ++i) {
      const Clause& clause = judged.item.clauses[i];
      const ClauseResult& result = judged.results[i];
      ++summary.clauses.by_verdict[result.verdict];
      Count* of_level = &summary.derived_clauses;
      if (clause.level == Level::kMandatory) of_level = &summary.mandatory_clauses;
      if (clause.level == Level::kRecommended) of_level = &summary.recommended_clauses;
      ++of_level->by_verdict[result.verdict];
      killed.insert(result.mutants_killed.begin(), result.mutants_killed.end());
      if (!is_judged(result.verdict)) continue;
      if (!result.mutants_killed.empty()) ++summary.proven_clauses;
      if (result.simulated) ++summary.simulated_clauses;
      if (std::any_of(clause.numbers.begin(), clause.numbers.end(),
                      [](const Number& number) { return number.ours; }))
        ++summary.our_number_clauses;
    }
  }
  summary.mutants_killed = static_cast<int>(killed.size());
  // Over clauses, not items: a conditional ○ clause of a recommended item (a keypad that is present) counts
  // as well.
  if (summary.mandatory_clauses.of(Verdict::kFail) > 0)
    summary.conformity = Conformity::kNo;
  else if (summary.mandatory_clauses.settled() == summary.mandatory_clauses.total())
    summary.conformity = Conformity::kYes;
  return summary;
}

bool anything_undecided(const Report& report) {
  const Summary summary = summarise(report);
  return summary.clauses.settled() != summary.clauses.total();
}

int exit_code(const Report& report, bool strict) {
  const Summary summary = summarise(report);
  if (summary.clauses.of(Verdict::kFail) > 0) return 1;
  if (summary.clauses.of(Verdict::kHarnessError) > 0) return 2;
  return strict && anything_undecided(report) ? 3 : 0;
}

std::map<std::string, std::string> render_pages(const Report& report) {
  return {{"report.ja.html", render_html(report, Language::kJa)},
          {"report.en.html", render_html(report, Language::kEn)},
          {"junit.xml", render_junit(report)}};
}

}  // namespace shogo::conformance
