#include "html_clause.h"
#include "html_measurement.h"
#include "markup.h"
#include "messages.h"
#include "palette.h"
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <shogo/base/embedded.h>
#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::embedded_shogo_report {
std::span<const EmbeddedFile> files();
}

namespace shogo::conformance {
namespace {

std::string asset(std::string_view name) {
  return std::string(
      find_embedded(embedded_shogo_report::files(), fmt::format("report/{}", name)).value_or(""));
}

std::string palette_css() {
  std::string css;
  for (const Look& each : kLooks)
    css += fmt::format(".v-{} {{ color: {}; background: {}; border-color: {}; }}\n", to_string(each.verdict),
                       each.ink, each.ground, each.border);
  return css;
}

std::string page_name(Language language) {
  return fmt::format("report.{}.html", code(language));
}

std::string answer(std::string_view question, std::string_view says, const std::string& meter,
                   std::string_view sentence, std::string_view extra_class) {
  return fmt::format("<section class=\"answer{}\"><h2>{}</h2><p class=\"says\">{}</p>{}<p>{}</p></section>\n",
                     extra_class, escape(question), escape(says), meter, escape(sentence));
}

std::string meter(int part, int whole) {
  const double percent = whole == 0 ? 0 : 100.0 * part / whole;
  return fmt::format("<div class=\"meter\"><i style=\"width:{:.1f}%\"></i></div>", percent);
}

std::string answers(const Summary& s, Language language) {
  const Count& mandatory = s.mandatory_items;
  const int open = mandatory.total() - mandatory.settled();
  std::string out = "<div class=\"answers\">\n";
  out += answer(say(language, "question.conformant"),
                message(language, fmt::format("answer.{}", to_string(s.conformity))),
                meter(mandatory.settled(), mandatory.total()),
                say(language, "said.conformant", mandatory.total(), mandatory.of(Verdict::kFail),
                    mandatory.of(Verdict::kPass), open),
                s.conformity == Conformity::kNo ? " no" : "");
  out += answer(say(language, "question.judged"),
                say(language, "answer.judged", s.clauses.judged(), s.clauses.total()),
                meter(s.clauses.judged(), s.clauses.total()),
                say(language, "said.judged", s.mandatory_clauses.judged(), s.mandatory_clauses.total(),
                    s.recommended_clauses.judged(), s.recommended_clauses.total(), s.derived_clauses.judged(),
                    s.derived_clauses.total()),
                "");
  out += answer(say(language, "question.sure"),
                say(language, "answer.sure", s.proven_clauses, s.clauses.judged()),
                meter(s.proven_clauses, s.clauses.judged()),
                say(language, "said.sure", s.mutants_killed, s.our_number_clauses), "");
  return out + "</div>\n";
}

std::string bar(const Report& report, Language language) {
  std::string out = "<div class=\"bar\">\n";
  for (int group = 1; group <= 5; ++group) {
    std::string cells;
    int count = 0;
    for (const JudgedItem& judged : report.items) {
      if (judged.item.group != group) continue;
      ++count;
      const std::string_view id = judged.item.id;
      cells += fmt::format(
          "<li><a class=\"cell v-{0}\" href=\"#i-{1}\" title=\"{1} {2}: {0}\" aria-label=\"{1} {2}: "
          "{0}\">{3}</a><span "
          "class=\"n\">{4}</span></li>\n",
          to_string(judged.verdict), escape(id), escape(in(language, judged.item.title)),
          letter(language, judged.verdict), escape(id.substr(2)));
    }
    out += fmt::format(
        "<div class=\"group\" style=\"flex:{0} {0} 0\"><span class=\"group-name\"><b>{1}</b> "
        "{2}</span><ol>\n{3}</ol></div>\n",
        count, group, escape(message(language, fmt::format("group.{}", group))), cells);
  }
  return out + "</div>\n";
}

std::string legend(const Summary& summary, Language language) {
  std::string out = "<ul class=\"legend\">\n";
  for (const Look& each : kLooks) {
    const int count = summary.items.of(each.verdict);
    if (count == 0) continue;
    out += fmt::format(
        "<li><span class=\"chip v-{0}\">{1}</span>{0} – {2} <span class=\"count\">{3}</span></li>\n",
        to_string(each.verdict), letter(language, each.verdict), escape(verdict_word(language, each.verdict)),
        count);
  }
  return out + fmt::format("</ul>\n<p class=\"caption\">{}</p>\n", escape(say(language, "bar.caption")));
}

std::string notes(const Summary& s, Language language) {
  std::string list;
  for (const std::string& note :
       {say(language, "note.necessary"),
        say(language, "note.simulated", s.clauses.judged(), s.simulated_clauses), say(language, "note.ours"),
        say(language, "note.undecided"), say(language, "note.level")})
    list += "<li>" + escape(note) + "</li>\n";
  return fmt::format("<section class=\"notes\"><h2 class=\"section\">{}</h2><ul>\n{}</ul></section>\n",
                     escape(say(language, "note.title")), list);
}

std::string device_text(const RunInfo& info) {
  std::string text;
  for (const char* key : {"model", "firmware", "serial"}) {
    const json::value* value = info.device.if_contains(key);
    if (value == nullptr || !value->is_string() || value->as_string().empty()) continue;
    if (!text.empty()) text += ", ";
    text += std::string_view(value->as_string());
  }
  return text;
}

std::string facts(const Report& report, Language language) {
  const auto fact = [&](std::string_view key, const std::string& value) {
    return fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape(message(language, key)), value);
  };
  const RunInfo& info = report.info;
  std::string list;
  list += fact("fact.dut",
               escape(info.dut) + (device_text(info).empty() ? "" : "<br/>" + escape(device_text(info))));
  list += fact("fact.profile", escape(info.profile));
  list += fact("fact.seed", fmt::format("{}", info.seed));
  list += fact("fact.tool", escape(info.tool_version) + " <code>" + escape(info.tool_commit) + "</code>");
  list += fact("fact.source", escape(say(language, "fact.source_value", in(language, report.source.title),
                                         report.source.version, report.source.date)));
  list += fact("fact.catalogue", "<code>" + escape(report.catalogue_sha256) + "</code>");
  return fmt::format("<section class=\"facts\"><h2 class=\"section\">{}</h2><dl>\n{}</dl></section>\n",
                     escape(say(language, "fact.title")), list);
}

/// The measurement that stands nearest to its limit speaks for the clause.
std::string key_measurement(const ClauseResult& result) {
  const Measurement* nearest = nullptr;
  double least = 0;
  for (const Measurement& each : result.measurements) {
    const auto limit = limit_value(each.limit);
    if (!limit) continue;
    const double distance = std::abs(each.value - *limit) / std::max(std::abs(*limit), 1e-9);
    if (nearest != nullptr && distance >= least) continue;
    nearest = &each;
    least = distance;
  }
  if (nearest == nullptr) return {};
  return fmt::format("{} {} ({}, n = {})", number_text(nearest->value), nearest->unit, nearest->limit,
                     nearest->n);
}

std::string judged_table(const Report& report, Language language) {
  std::string rows;
  for (const JudgedItem& judged : report.items) {
    for (std::size_t i = 0; i < judged.results.size(); ++i) {
      const ClauseResult& result = judged.results[i];
      const Clause& clause = judged.item.clauses[i];
      if (!is_judged(result.verdict)) continue;
      rows += fmt::format("<tr><td>{} <a href=\"#c-{}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                          mark(clause.level), escape(clause.id), escape(clause.id),
                          escape(in(language, clause.text)), badge(language, result.verdict),
                          escape(key_measurement(result)));
    }
  }
  if (rows.empty()) rows = fmt::format("<tr><td>{}</td></tr>\n", escape(say(language, "judged.none")));
  return fmt::format(
      "<section class=\"judged\"><h2 class=\"section\">{}</h2><table><tbody>\n{}</tbody></table></section>\n",
      escape(say(language, "judged.title")), rows);
}

std::string filters(const Summary& summary, Language language) {
  std::string out = fmt::format(
      "<div class=\"filters\" hidden=\"hidden\" role=\"group\" aria-label=\"{0}\"><span>{0}</span>\n<button "
      "type=\"button\" "
      "data-show=\"all\" aria-pressed=\"true\">{1}</button>\n<button type=\"button\" data-show=\"judged\" "
      "aria-pressed=\"false\">{2}</button>\n",
      escape(say(language, "filter.label")), escape(say(language, "filter.all")),
      escape(say(language, "filter.judged")));
  for (const Look& each : kLooks) {
    const int count = summary.clauses.of(each.verdict);
    if (count == 0) continue;
    out += fmt::format("<button type=\"button\" data-show=\"{0}\" aria-pressed=\"false\">{0} {1}</button>\n",
                       to_string(each.verdict), count);
  }
  return out + "</div>\n";
}

std::string groups(const Report& report, Language language) {
  std::string out;
  for (int group = 1; group <= 5; ++group) {
    std::string items;
    int count = 0;
    for (const JudgedItem& judged : report.items) {
      if (judged.item.group != group) continue;
      items += html_item(judged, language);
      ++count;
    }
    out += fmt::format("<h2 class=\"group-title\">{} {}<small>{}</small></h2>\n", group,
                       escape(message(language, fmt::format("group.{}", group))),
                       escape(say(language, "group.items", count)));
    out += items;
  }
  return out;
}

}  // namespace

std::string render_html(const Report& report, Language language) {
  const Summary summary = summarise(report);
  const std::string title = say(language, "page.title");
  std::string page = "<!DOCTYPE html>\n";
  page += fmt::format("<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n", code(language));
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page +=
      fmt::format("<meta name=\"description\" content=\"{}\"/>\n", escape(say(language, "page.description")));
  page += fmt::format("<title>{} – {} – shogo</title>\n", escape(title), escape(report.info.dut));
  page += "<style>\n" + asset("report.css") + palette_css() + "</style>\n</head>\n<body>\n";
  page += fmt::format(
      "<div class=\"top\"><span class=\"brand\">照合 shogo</span><a class=\"language\" href=\"{}\" "
      "lang=\"{}\" hreflang=\"{}\">{}</a></div>\n",
      page_name(other(language)), code(other(language)), code(other(language)),
      escape(say(language, "page.other")));
  page += "<main>\n";
  page += fmt::format("<h1>{}<span class=\"dut\">{}</span></h1>\n", escape(title),
                      escape(device_text(report.info).empty() ? report.info.dut : device_text(report.info)));
  page += answers(summary, language) + bar(report, language) + legend(summary, language);
  page += "<div class=\"two\">\n" + notes(summary, language) + facts(report, language) + "</div>\n";
  page += judged_table(report, language) + filters(summary, language) + groups(report, language);
  page += fmt::format("<footer>{}</footer>\n</main>\n<script>\n{}</script>\n</body>\n</html>\n",
                      escape(say(language, "note.necessary")), asset("report.js"));
  return page;
}

}  // namespace shogo::conformance
