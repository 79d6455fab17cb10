// Report: what one run says of all 69 items. report.json is its only source; the pages (HTML, JUnit, terminal
// table) are made from the Report alone, so `shogo report DIR` makes them again from an archive. Everything
// here is a pure function.
//
//   build_report(catalogue, results, info)  ->  Report  ->  to_json  ->  DIR/report.json
//                                               ^  parse_report  <-----------'
//   render_html(report, kJa), render_junit(report), render_table(report, options)
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>
#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

inline constexpr std::string_view kReportSchema = "urn:shogo:report:1";

enum class Language { kJa, kEn };

/// What the runner says of one clause. build_report turns PASS and FAIL into MET and NOT_MET where the
/// clause's level asks for it.
struct ClauseResult {
  std::string clause;
  Verdict verdict = Verdict::kNotRun;
  Reason reason = Reason::kNone;
  std::string because_en, because_ja;
  std::vector<Measurement> measurements;
  std::vector<std::string> evidence;  ///< "evidence/3-11.a/events.jsonl", as Bundle::evidence_of gives them
  std::vector<std::string>
      mutants_killed;     ///< of the catalogue's mutants of this clause, by this build's check
  bool simulated = true;  ///< rests on simulated components
  std::int64_t duration_ms =
      -1;  ///< shown by the progress line only; not in report.json, which is the same per seed
};

/// The result of a clause from its judge's answer.
[[nodiscard]] ClauseResult result_of(std::string clause, const Judgement& judgement);

struct RunInfo {
  std::uint64_t seed = 0;
  std::string dut;      ///< "reference" or "ws://HOST:PORT"
  std::string profile;  ///< "quick"
  std::string tool_version, tool_commit;
  json::object device;  ///< what the device said of itself (to_json(Hello)); may be empty
};

struct JudgedItem {
  Item item;
  Verdict verdict = Verdict::kNotRun;
  std::vector<ClauseResult> results;  ///< one a clause, in the order of item.clauses
};

/// How many of a kind, by verdict.
struct Count {
  std::map<Verdict, int> by_verdict;
  [[nodiscard]] int total() const;
  [[nodiscard]] int judged() const;   ///< PASS, FAIL, MET, NOT_MET
  [[nodiscard]] int settled() const;  ///< judged, not applicable or waived
  [[nodiscard]] int of(Verdict verdict) const;
};

enum class Conformity {
  kNo,         ///< at least one mandatory clause FAILs
  kUndecided,  ///< none fails, but not every mandatory clause is settled
  kYes,        ///< every mandatory clause is PASS, NOT_APPLICABLE or WAIVED
};
[[nodiscard]] std::string_view to_string(Conformity conformity);

struct Summary {
  Conformity conformity = Conformity::kUndecided;
  Count items, mandatory_items, recommended_items;
  Count clauses, mandatory_clauses, recommended_clauses, derived_clauses;
  int proven_clauses = 0;      ///< judged clauses whose check killed at least one mutant in this build
  int mutants_killed = 0;      ///< different ones
  int simulated_clauses = 0;   ///< judged clauses that rest on simulated components
  int our_number_clauses = 0;  ///< judged clauses that hold against a number of our own (†)
};

struct Report {
  RunInfo info;
  std::string catalogue_sha256;
  CatalogueSource source;
  std::vector<JudgedItem> items;
};

/// Clauses without a result get default_verdict(). Errors: a clause the catalogue does not have, two results
/// for one clause, INCONCLUSIVE without a reason, evidence outside evidence/.
[[nodiscard]] Result<Report> build_report(const Catalogue& catalogue, std::vector<ClauseResult> results,
                                          RunInfo info);
[[nodiscard]] Summary summarise(const Report& report);

[[nodiscard]] json::object to_json(const Report& report);
/// Strict: 69 items in order, known words, item verdicts that follow from their clauses' (a report.json
/// edited by hand is refused).
[[nodiscard]] Result<Report> parse_report(const json::value& value, const std::string& where);

/// One self-contained page. Links to evidence and to the other language are relative to DIR.
[[nodiscard]] std::string render_html(const Report& report, Language language);
[[nodiscard]] std::string render_junit(const Report& report);
/// {"report.ja.html", "report.en.html", "junit.xml"}: for Bundle::finish.
[[nodiscard]] std::map<std::string, std::string> render_pages(const Report& report);

struct TableOptions {
  Language language = Language::kEn;
  bool colour = false;
};
/// For a terminal: 69 rows, a summary, then the clauses that were judged.
[[nodiscard]] std::string render_table(const Report& report, const TableOptions& options);
/// `shogo list`: the catalogue for people, and for programs.
[[nodiscard]] std::string render_list(const Catalogue& catalogue, Language language);
[[nodiscard]] json::object list_json(const Catalogue& catalogue);

/// Does `shogo run` leave something undecided (--strict, exit 3)?
[[nodiscard]] bool anything_undecided(const Report& report);
/// 1: a mandatory clause FAILs; 2: a HARNESS_ERROR; 3: undecided and `strict`; else 0.
[[nodiscard]] int exit_code(const Report& report, bool strict);

}  // namespace shogo::conformance
