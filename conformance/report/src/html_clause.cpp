#include "html_clause.h"

#include "html_measurement.h"
#include "markup.h"
#include "messages.h"
#include "palette.h"
#include <algorithm>

#include <fmt/format.h>

#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

/// More screenshots than this are links: a page must open at once.
constexpr std::size_t kThumbnails = 8;

bool is_image(std::string_view path) {
  return path.ends_with(".png") || path.ends_with(".jpg") || path.ends_with(".svg");
}

std::string_view leaf(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string both(const Bilingual& text, Language language) {
  return fmt::format("{}<span class=\"other\" lang=\"{}\">{}</span>", escape(in(language, text)),
                     code(other(language)), escape(in(other(language), text)));
}

std::string row(std::string_view term, const std::string& definition) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape(term), definition);
}

std::string evidence_links(const ClauseResult& result, Language language) {
  std::string shots;
  std::string files;
  std::size_t images = 0;
  for (const std::string& path : result.evidence) {
    if (is_image(path) && ++images <= kThumbnails)
      shots +=
          fmt::format("<li><a href=\"{0}\"><img src=\"{0}\" alt=\"{1}\" loading=\"lazy\"/>{1}</a></li>\n",
                      link(path), escape(leaf(path)));
    else
      files += fmt::format("<li><a href=\"{}\">{}</a></li>\n", link(path), escape(leaf(path)));
  }
  std::string out;
  if (!shots.empty()) out += "<ul class=\"shots\">\n" + shots + "</ul>";
  if (images > kThumbnails)
    out += "<p>" + escape(say(language, "evidence.more", images - kThumbnails)) + "</p>";
  if (!files.empty()) out += "<ul class=\"plain inline\">\n" + files + "</ul>";
  return out;
}

std::string measurements(const ClauseResult& result, Language language) {
  std::string rows;
  for (const Measurement& each : result.measurements) rows += measurement_row(each);
  return fmt::format(
      "<table class=\"measures\"><thead><tr><th>{}</th><th class=\"num\">{}</th><th>{}</th><th>{}</th><th "
      "class=\"num\">{}</th></tr></thead>\n<tbody>{}</tbody></table>",
      escape(say(language, "measure.name")), escape(say(language, "measure.value")),
      escape(say(language, "measure.limit")), escape(say(language, "measure.plot")),
      escape(say(language, "measure.n")), rows);
}

std::string numbers(const Clause& clause, Language language) {
  std::string list;
  for (const Number& each : clause.numbers) {
    const std::string ours = each.ours ? fmt::format(" † {}", escape(say(language, "origin.shogo"))) : "";
    list += fmt::format("<li><code>{}</code> {} {} {}<span class=\"ours\">{}</span></li>\n",
                        escape(each.name), escape(each.op), number_text(each.value), escape(each.unit), ours);
  }
  return "<ul class=\"plain inline\">\n" + list + "</ul>";
}

std::string mutants(const Clause& clause, const ClauseResult& result, Language language) {
  std::string list;
  for (const std::string& each : clause.mutants) {
    const bool killed = std::find(result.mutants_killed.begin(), result.mutants_killed.end(), each) !=
                        result.mutants_killed.end();
    list +=
        fmt::format("<li>{} <code>{}</code> <span class=\"other\" style=\"display:inline\">{}</span></li>\n",
                    killed ? "✓" : "○", escape(each),
                    escape(say(language, killed ? "clause.mutant_killed" : "clause.mutant_untried")));
  }
  return "<ul class=\"plain inline\">\n" + list + "</ul>";
}

std::string because(const ClauseResult& result, Language language) {
  const Bilingual text{result.because_ja, result.because_en};
  if (text.ja.empty() && text.en.empty()) return {};
  return row(say(language, "clause.because"), "<div class=\"because\">" + both(text, language) + "</div>");
}

std::string meta(const Clause& clause, Language language) {
  std::string out =
      fmt::format("<span class=\"id\">{}</span><span>{} {}</span><span>{}</span>", escape(clause.id),
                  mark(clause.level), escape(level_word(language, clause.level)),
                  escape(say(language, "clause.class", to_string(clause.parts))));
  if (clause.tier != Tier::kNone)
    out += "<span>" + escape(say(language, "clause.tier", to_string(clause.tier))) + "</span>";
  if (!clause.changed_in.empty())
    out += "<span>" + escape(say(language, "clause.changed", clause.changed_in)) + "</span>";
  return out;
}

std::string html_clause(const Clause& clause, const ClauseResult& result, Language language) {
  std::string verdict = badge(language, result.verdict);
  if (result.reason != Reason::kNone)
    verdict += fmt::format("<span class=\"reason mono\">{}</span>", escape(to_string(result.reason)));
  if (result.simulated && is_judged(result.verdict))
    verdict += fmt::format("<span class=\"sim\">{}</span>", escape(say(language, "clause.simulated")));

  std::string details = because(result, language);
  if (!result.measurements.empty())
    details += row(say(language, "clause.measurements"), measurements(result, language));
  if (!result.evidence.empty())
    details += row(say(language, "clause.evidence"), evidence_links(result, language));
  details += row(say(language, "clause.mutants"), mutants(clause, result, language));
  details += row(say(language, "clause.criterion"), both(clause.criterion, language));
  if (!clause.numbers.empty()) details += row(say(language, "clause.numbers"), numbers(clause, language));
  if (clause.applies_if) details += row(say(language, "clause.applies"), both(*clause.applies_if, language));
  details += row(say(language, "clause.procedure"), both(clause.procedure, language));
  if (result.evidence.empty())
    details += row(say(language, "clause.evidence_wanted"), both(clause.evidence, language));

  return fmt::format(
      "<section class=\"clause\" id=\"c-{0}\" data-verdict=\"{1}\">\n<div class=\"meta\">{2}</div>\n<div>\n"
      "<p class=\"verdict\">{3}</p>\n<p>{4}</p>\n<p class=\"other\" "
      "lang=\"{5}\">{6}</p>\n<dl>\n{7}</dl>\n</div>\n</section>\n",
      escape(clause.id), to_string(result.verdict), meta(clause, language), verdict,
      escape(in(language, clause.text)), code(other(language)), escape(in(other(language), clause.text)),
      details);
}

}  // namespace

std::string badge(Language language, Verdict verdict) {
  const std::string_view word = to_string(verdict);
  const std::string local =
      language == Language::kJa ? fmt::format(" {}", escape(verdict_word(language, verdict))) : "";
  return fmt::format("<span class=\"v v-{0}\"><b>{1}</b><span class=\"word\">{0}</span>{2}</span>", word,
                     letter(language, verdict), local);
}

std::string html_item(const JudgedItem& judged, Language language) {
  const Item& item = judged.item;
  const auto decided = std::count_if(judged.results.begin(), judged.results.end(),
                                     [](const ClauseResult& result) { return is_judged(result.verdict); });
  std::string out = fmt::format(
      "<article class=\"item\" id=\"i-{0}\">\n<header><h3><span class=\"no\">{0}</span>{1}<span "
      "class=\"other\" "
      "lang=\"{2}\">{3}</span></h3>\n<span>{4} {5}</span>{6}<span class=\"other\">{7}</span></header>\n",
      escape(item.id), escape(in(language, item.title)), code(other(language)),
      escape(in(other(language), item.title)), mark(item.level), escape(level_word(language, item.level)),
      badge(language, judged.verdict), escape(say(language, "item.clauses", decided, judged.results.size())));
  out += fmt::format("<p class=\"about\">{}</p>\n<p class=\"about other\" lang=\"{}\">{}</p>\n",
                     escape(in(language, item.paraphrase)), code(other(language)),
                     escape(in(other(language), item.paraphrase)));
  for (std::size_t i = 0; i < judged.results.size(); ++i)
    out += html_clause(item.clauses[i], judged.results[i], language);
  return out + "</article>\n";
}

}  // namespace shogo::conformance
