#include "markup.h"
#include "messages.h"

#include <fmt/format.h>

#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

constexpr std::size_t kIdWidth = 6;
constexpr std::size_t kTitleWidth = 44;
constexpr std::size_t kVerdictWidth = 15;
constexpr std::size_t kReasonWidth = 100;

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kMet:
      return "\x1b[32m";
    case Verdict::kFail:
    case Verdict::kNotMet:
    case Verdict::kHarnessError:
      return "\x1b[31m";
    case Verdict::kInconclusive:
    case Verdict::kWaived:
      return "\x1b[33m";
    case Verdict::kManualPending:
    case Verdict::kNotRun:
    case Verdict::kNotApplicable:
      return "\x1b[2m";
  }
  return "";
}

std::string verdict_column(Verdict verdict, std::size_t width, bool colour) {
  const std::string word = fit(to_string(verdict), width);
  return colour ? fmt::format("{}{}\x1b[0m", colour_of(verdict), word) : word;
}

/// "MANUAL_PENDING 12, NOT_RUN 40": what there is of each verdict.
std::string counts(const Count& count) {
  std::string text;
  for (const auto& [verdict, number] : count.by_verdict) {
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", to_string(verdict), number);
  }
  return text;
}

std::string judged_lines(const Report& report, const TableOptions& options) {
  std::string out;
  for (const JudgedItem& judged : report.items) {
    for (std::size_t i = 0; i < judged.results.size(); ++i) {
      const ClauseResult& result = judged.results[i];
      if (!is_judged(result.verdict)) continue;
      const std::string why =
          plain(options.language == Language::kJa ? result.because_ja : result.because_en);
      const std::string line =
          fmt::format("  {} {} {} {}", fit(result.clause, 8), fit(mark(judged.item.clauses[i].level), 2),
                      verdict_column(result.verdict, 8, options.colour),
                      display_width(why) > kReasonWidth ? fit(why, kReasonWidth) : why);
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
  }
  return out.empty() ? fmt::format("  {}\n", say(options.language, "table.nothing")) : out;
}

}  // namespace

std::string render_table(const Report& report, const TableOptions& options) {
  const Language language = options.language;
  std::string out =
      fmt::format("{}    {}  {} {}\n", fit(say(language, "table.id"), kIdWidth),
                  fit(say(language, "table.title"), kTitleWidth),
                  fit(say(language, "table.verdict"), kVerdictWidth), say(language, "table.clauses"));
  for (const JudgedItem& judged : report.items) {
    std::size_t decided = 0;
    for (const ClauseResult& result : judged.results) decided += is_judged(result.verdict) ? 1U : 0U;
    out += fmt::format("{} {}  {}  {} {:>2}/{}\n", fit(judged.item.id, kIdWidth), mark(judged.item.level),
                       fit(plain(in(language, judged.item.title)), kTitleWidth),
                       verdict_column(judged.verdict, kVerdictWidth, options.colour), decided,
                       judged.results.size());
  }
  const Summary s = summarise(report);
  const Count& mandatory = s.mandatory_items;
  out += "\n";
  out += fmt::format("{} {}. {}\n", say(language, "question.conformant"),
                     message(language, fmt::format("answer.{}", to_string(s.conformity))),
                     say(language, "said.conformant", mandatory.total(), mandatory.of(Verdict::kFail),
                         mandatory.of(Verdict::kPass), mandatory.total() - mandatory.settled()));
  out += fmt::format("{} {}. {}\n", say(language, "question.judged"),
                     say(language, "answer.judged", s.clauses.judged(), s.clauses.total()),
                     say(language, "said.judged", s.mandatory_clauses.judged(), s.mandatory_clauses.total(),
                         s.recommended_clauses.judged(), s.recommended_clauses.total(),
                         s.derived_clauses.judged(), s.derived_clauses.total()));
  out += fmt::format("{} {}. {}\n", say(language, "question.sure"),
                     say(language, "answer.sure", s.proven_clauses, s.clauses.judged()),
                     say(language, "said.sure", s.mutants_killed, s.our_number_clauses));
  out += fmt::format("{}\n", counts(s.clauses));
  out += fmt::format("{}\n\n", say(language, "note.necessary"));
  out += fmt::format("{}\n{}", say(language, "table.judged"), judged_lines(report, options));
  return out;
}

std::string render_list(const Catalogue& catalogue, Language language) {
  std::string out = say(language, "list.head", catalogue.clause_count()) + "\n";
  for (const Item& item : catalogue.items()) {
    out += fmt::format("\n{} {} {}\n", fit(item.id, kIdWidth), mark(item.level), in(language, item.title));
    for (const Clause& clause : item.clauses) {
      out += fmt::format("  {} {} {} {} {}\n", fit(clause.id, 8), fit(mark(clause.level), 2),
                         fit(to_string(clause.parts), 6), fit(to_string(clause.tier), 3),
                         in(language, clause.text));
    }
  }
  return out;
}

json::object list_json(const Catalogue& catalogue) {
  json::array items;
  for (const Item& item : catalogue.items()) {
    json::array clauses;
    for (const Clause& clause : item.clauses) clauses.push_back(to_json(clause));
    json::object each;
    each["id"] = item.id;
    each["group"] = item.group;
    each["title"] = to_json(item.title);
    each["paraphrase"] = to_json(item.paraphrase);
    each["level"] = to_string(item.level);
    each["changed_in"] = item.changed_in.empty() ? json::value() : json::value(item.changed_in);
    each["clauses"] = std::move(clauses);
    items.push_back(std::move(each));
  }
  json::object object;
  object["schema"] = "urn:shogo:list:1";
  object["catalogue_sha256"] = catalogue.sha256();
  object["items"] = std::move(items);
  return object;
}

}  // namespace shogo::conformance
