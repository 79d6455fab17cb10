#include <algorithm>

#include <fmt/core.h>

#include <shogo/conformance/bundle.h>
#include <shogo/conformance/rejudge.h>
#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>
#include <shogo/conformance/settle.h>

namespace shogo::conformance {
namespace {

std::string verdict_text(Verdict verdict, Reason reason) {
  const std::string text(to_string(verdict));
  return reason == Reason::kNone ? text : fmt::format("{}({})", text, to_string(reason));
}

bool has_transcript(const ClauseResult& result, const Check& check) {
  return std::find(result.evidence.begin(), result.evidence.end(),
                   fmt::format("evidence/{}/events.jsonl", check.case_name())) != result.evidence.end();
}

Result<Hello> recorded_hello(const Transcript& transcript, const std::filesystem::path& folder) {
  const auto hellos = transcript.select(source::kDevice, "hello");
  if (hellos.empty())
    return Error{Code::kCorrupt, folder.string() + ": no hello of a device in events.jsonl"};
  return parse_hello(hellos.front()->data);
}

}  // namespace

Result<RejudgeOutcome> rejudge(std::span<const Check> checks, const std::filesystem::path& bundle) {
  // The manifest first: on changed evidence no judge is asked at all.
  SHOGO_TRY(const json::value value, load_verified_report(bundle));
  SHOGO_TRY(const Report report, parse_report(value, (bundle / "report.json").string()));

  RejudgeOutcome outcome;
  for (const JudgedItem& judged : report.items) {
    for (std::size_t i = 0; i < judged.results.size(); ++i) {
      const ClauseResult& archived = judged.results[i];
      const Clause& clause = judged.item.clauses[i];
      const auto check = std::find_if(checks.begin(), checks.end(),
                                      [&](const Check& candidate) { return candidate.clause == clause.id; });
      if (check == checks.end() || !has_transcript(archived, *check)) {
        if (is_judged(archived.verdict)) outcome.unchecked.push_back(clause.id);
        continue;
      }
      const std::filesystem::path folder = bundle / "evidence" / check->case_name();
      SHOGO_TRY(const Transcript transcript, Transcript::load(folder));
      SHOGO_TRY(const Hello hello, recorded_hello(transcript, folder));
      const std::set<std::string> killed(archived.mutants_killed.begin(), archived.mutants_killed.end());
      const Judgement now =
          settle(*check, clause, transcript, make_context(clause, hello, report.info.profile), killed);
      outcome.rejudged.push_back(clause.id);
      if (now.verdict != archived.verdict || now.reason != archived.reason)
        outcome.differences.push_back({clause.id, verdict_text(archived.verdict, archived.reason),
                                       verdict_text(now.verdict, now.reason)});
    }
  }
  return outcome;
}

}  // namespace shogo::conformance
