#include "markup.h"
#include "messages.h"
#include "palette.h"
#include "sample.h"
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::conformance {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kRoom = fs::path(SHOGO_SOURCE_DIR) / "conformance/report";

std::size_t occurrences(const std::string& text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + wanted.size()))
    ++count;
  return count;
}

// WCAG 2.1 relative luminance and contrast ratio.
double luminance(std::string_view colour) {
  const auto channel = [&](std::size_t at) {
    const double c = static_cast<double>(std::stoi(std::string(colour.substr(at, 2)), nullptr, 16)) / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
double contrast(std::string_view a, std::string_view b) {
  const double high = std::max(luminance(a), luminance(b));
  const double low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

TEST(Palette, every_verdict_is_read_at_4_5_to_1_and_told_apart_without_colour) {
  std::set<std::string_view> ja, en;
  for (const Look& each : kLooks) {
    EXPECT_GE(contrast(each.ink, each.ground), 4.5) << to_string(each.verdict);
    ja.insert(each.letter_ja);
    en.insert(each.letter_en);
  }
  EXPECT_EQ(ja.size(), kLooks.size());
  EXPECT_EQ(en.size(), kLooks.size());
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21.0, 0.01);
}

TEST(Palette, the_style_sheets_own_inks_reach_4_5_to_1_on_white) {
  const std::string css = read_text(kRoom / "data/report.css").value();
  for (const char* name : {"--ink", "--soft", "--accent"}) {
    const std::regex form(std::string(name) + R"(: (#[0-9a-f]{6});)");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(css, found, form)) << name;
    EXPECT_GE(contrast(found[1].str(), "#ffffff"), 4.5) << name;
  }
}

TEST(Messages, both_languages_are_complete_and_take_the_same_values) {
  const json::value table = load_json(kRoom / "data/messages.json").value();
  const std::regex place(R"(\{[0-9]\})");
  for (const auto& [key, words] : table.as_object()) {
    std::set<std::string> places[2];
    int i = 0;
    for (const char* language : {"ja", "en"}) {
      const std::string text(words.at(language).as_string());
      EXPECT_FALSE(text.empty()) << std::string(key);
      for (std::sregex_iterator at(text.begin(), text.end(), place), end; at != end; ++at)
        places[i].insert(at->str());
      ++i;
    }
    EXPECT_EQ(places[0], places[1]) << std::string(key);
  }
}

TEST(Messages, the_table_holds_exactly_what_the_code_names) {
  std::set<std::string> named;
  const std::regex literal("\"([a-z]+\\.[a-z_]+)\"");
  for (const auto& entry : fs::directory_iterator(kRoom / "src")) {
    const std::string code = read_text(entry.path()).value();
    for (std::sregex_iterator at(code.begin(), code.end(), literal), end; at != end; ++at)
      named.insert((*at)[1].str());
  }
  for (const char* asset : {"report.css", "report.js", "junit.xml", "messages.json", "messages.h",
                            "palette.h", "markup.h", "html_clause.h"})
    named.erase(asset);
  std::erase_if(named, [](const std::string& each) { return each.ends_with(".h"); });
  // Made at run time from a word.
  for (const Look& each : kLooks) named.insert(fmt::format("verdict.{}", to_string(each.verdict)));
  for (const Level level : {Level::kMandatory, Level::kRecommended, Level::kDerived})
    named.insert(fmt::format("level.{}", to_string(level)));
  for (const Conformity each : {Conformity::kNo, Conformity::kUndecided, Conformity::kYes})
    named.insert(fmt::format("answer.{}", to_string(each)));
  for (int group = 1; group <= 5; ++group) named.insert(fmt::format("group.{}", group));
  const json::value table = load_json(kRoom / "data/messages.json").value();
  std::set<std::string> there;
  for (const auto& [key, words] : table.as_object()) there.insert(std::string(key));
  EXPECT_EQ(there, named);
}

TEST(Messages, an_unknown_key_is_a_programming_error) {
  EXPECT_THROW((void)message(Language::kJa, "no.such"), std::logic_error);
}

class HtmlPage : public ::testing::TestWithParam<Language> {};

TEST_P(HtmlPage, has_69_cells_in_document_order_and_every_clause) {
  const std::string page = render_html(sample_report(), GetParam());
  std::size_t at = 0;
  for (const std::string& id : document_order()) {
    const std::size_t found = page.find(fmt::format("href=\"#i-{}\"", id), at);
    ASSERT_NE(found, std::string::npos) << id;
    at = found;
    EXPECT_EQ(occurrences(page, fmt::format("id=\"i-{}\"", id)), 1U);
  }
  EXPECT_EQ(occurrences(page, "class=\"cell "), 69U);
  EXPECT_EQ(occurrences(page, "<section class=\"clause\""), 184U);
}

TEST_P(HtmlPage, asks_nothing_of_the_network) {
  const std::string page = render_html(sample_report(), GetParam());
  for (const char* outside : {"http://", "https://", "src=\"//", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
}

// BIZ UDPGothic 1.05, which Debian ships, has the glyphs of U+2264 and U+2265 swapped: "at least" would be
// read as "at most".
TEST_P(HtmlPage, uses_no_sign_that_a_common_font_turns_round) {
  const std::string page = render_html(sample_report(), GetParam());
  EXPECT_THAT(page, HasSubstr("&gt;= 10 mm"));
  EXPECT_THAT(page, Not(HasSubstr("\xE2\x89\xA4")));
  EXPECT_THAT(page, Not(HasSubstr("\xE2\x89\xA5")));
}

TEST_P(HtmlPage, says_what_a_pass_means_and_both_texts_of_a_requirement) {
  const Report report = sample_report();
  const std::string page = render_html(report, GetParam());
  EXPECT_THAT(page,
              HasSubstr(GetParam() == Language::kJa ? "十分条件ではない" : "necessary, not sufficient"));
  EXPECT_THAT(page, HasSubstr(escape(report.items[0].item.clauses[0].text.ja)));
  EXPECT_THAT(page, HasSubstr(escape(report.items[0].item.clauses[0].text.en)));
  EXPECT_THAT(page, HasSubstr("<img src=\"evidence/3-10.i/pin-0001.svg\""));
  EXPECT_THAT(page, HasSubstr(GetParam() == Language::kJa ? "report.en.html" : "report.ja.html"));
}

TEST_P(HtmlPage, given_a_hostile_device_then_its_words_stay_words) {
  const Catalogue catalogue = load_catalogue().value();
  const std::string attack = "\"><script>alert(1)</script><img src=x onerror='a'>";
  std::vector<ClauseResult> results = sample_results(catalogue);
  for (ClauseResult& each : results) {
    each.because_en = each.because_ja = attack;
    each.measurements = {{attack, 1, attack, attack, 1}};
    each.evidence = {"evidence/" + attack + ".png"};
  }
  RunInfo info = sample_info();
  info.dut = info.profile = info.tool_commit = info.tool_version = attack;
  info.device = {{"model", attack}};
  const Report report = build_report(catalogue, results, info).value();
  const std::string page = render_html(report, GetParam());
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(render_junit(report), Not(HasSubstr("<script>")));
}

INSTANTIATE_TEST_SUITE_P(Languages, HtmlPage, ::testing::Values(Language::kJa, Language::kEn));

TEST(Junit, an_undecided_clause_is_never_a_pass) {
  const Report report = sample_report();
  const std::string xml = render_junit(report);
  const Summary s = summarise(report);
  const int passed = s.clauses.of(Verdict::kPass) + s.clauses.of(Verdict::kMet);
  EXPECT_EQ(occurrences(xml, "></testcase>"), 184U);
  EXPECT_EQ(static_cast<int>(occurrences(xml, "\"></testcase>")), passed);
  EXPECT_EQ(static_cast<int>(occurrences(xml, "<failure ")), s.clauses.of(Verdict::kFail));
  EXPECT_EQ(static_cast<int>(occurrences(xml, "<error ")), s.clauses.of(Verdict::kHarnessError));
  EXPECT_THAT(xml, HasSubstr("INCONCLUSIVE(NO_CHANNEL)"));
}

TEST(Table, has_69_rows_of_one_width_in_both_languages) {
  for (const Language language : {Language::kJa, Language::kEn}) {
    const std::string table = render_table(sample_report(), {language, false});
    EXPECT_THAT(table, Not(HasSubstr("\x1b")));
    std::size_t row = 0;
    std::size_t start = table.find('\n') + 1;
    for (; row < 69; ++row) {
      const std::string line = table.substr(start, table.find('\n', start) - start);
      EXPECT_EQ(line.rfind(document_order()[row] + " ", 0), 0U) << line;
      const std::size_t slash = line.rfind('/');
      EXPECT_EQ(display_width(line.substr(0, slash)), 6U + 1 + 1 + 2 + 44 + 2 + 15 + 1 + 2) << line;
      start = table.find('\n', start) + 1;
    }
    EXPECT_EQ(table[start], '\n') << "a blank line follows the 69th row";
    EXPECT_THAT(table, HasSubstr("3-10.i"));
  }
}

TEST(Table, colours_only_when_asked_and_always_ends_them) {
  const std::string table = render_table(sample_report(), {Language::kEn, true});
  EXPECT_GT(occurrences(table, "\x1b["), 69U);
  EXPECT_EQ(occurrences(table, "\x1b[") % 2, 0U);
  EXPECT_EQ(occurrences(table, "\x1b[0m") * 2, occurrences(table, "\x1b["));
}

TEST(List, names_every_clause) {
  const Catalogue catalogue = load_catalogue().value();
  const std::string list = render_list(catalogue, Language::kJa);
  EXPECT_EQ(occurrences(list, "\n  "), 184U);
  const json::value machine = list_json(catalogue);
  EXPECT_EQ(machine.at("items").as_array().size(), 69U);
}

}  // namespace
}  // namespace shogo::conformance
