// 1-22.a: the screens in English, Chinese and Korean, as far as the device offers them: every text is there
// in the chosen language, no character is a replacement box, none is cut off. The walk over the screens shows
// each in every language; the first language, the device's own, is the control: what is found there by the
// same rules is the rules' fault.
#include "languages.h"
#include "letters.h"
#include "screen_text.h"
#include "whole_script.h"
#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

/// The least width of type, in shares of its size: condensed to two thirds it still passes.
constexpr double kHan = 0.66, kHangul = 0.58, kKana = 0.45, kLatin = 0.16;
/// So many different characters that all look the same are none of them.
constexpr int kFewKinds = 3;

double least_width_mm(const SeenText& text, const Letters& letters) {
  return text.em_mm *
         (kHan * letters.han + kHangul * letters.hangul + kKana * letters.kana + kLatin * letters.latin);
}

enum class Trouble { kNone, kMissing, kOtherLanguage, kReplaced, kCut };

/// The same text on the page in the device's own language; null: it is not there.
using Originals = std::map<std::string, const SeenText*>;
std::string place_of(const SeenText& text) {
  return text.screen + "|" + text.id;
}

/// How many letters may look like a box; among Han characters there is always one more than a list knows.
int boxes_in(const Letters& letters) {
  return letters.boxes + (letters.han > 0 ? 1 : 0);
}

/// Shapes that look like boxes and are no letters: pictures on a button, the same in every language.
int pictures_on(const SeenText* original) {
  if (original == nullptr || !original->shapes) return 0;
  return std::max(0, original->shapes->framed - boxes_in(letters_of(original->text, original->lang)));
}

Trouble look_at(const SeenText& text, const SeenText* original) {
  const Letters letters = letters_of(text.text, text.lang);
  if (letters.lost) return Trouble::kReplaced;
  const bool a_name = original != nullptr && original->text == text.text;
  const Fits fit = is_language_name(text.text) ? Fits::kYes : fits(letters, text.lang);
  if (letters.any() && (fit == Fits::kNo || (fit == Fits::kName && !a_name))) return Trouble::kOtherLanguage;
  if (text.shapes) {
    const GlyphShapes& shapes = *text.shapes;
    // What is a picture on a button, only another language tells.
    const int pictures = original == nullptr || original->lang != text.lang ? pictures_on(original)
                         : text.button                                      ? shapes.framed
                                                                            : 0;
    if (letters.wide() > 0 && shapes.framed > boxes_in(letters) + pictures) return Trouble::kReplaced;
    if (letters.kinds >= kFewKinds && shapes.tall >= kFewKinds && shapes.distinct == 1)
      return Trouble::kReplaced;
  }
  if (text.cut || text.width_mm < least_width_mm(text, letters)) return Trouble::kCut;
  return Trouble::kNone;
}

struct Found {
  std::vector<std::string> missing, other, replaced, cut;
  int texts = 0, open = 0;
  std::set<std::string> screens, states;
  [[nodiscard]] std::size_t troubles() const {
    return missing.size() + other.size() + replaced.size() + cut.size();
  }
  void add(Trouble trouble, const std::string& where) {
    if (trouble == Trouble::kMissing) missing.push_back(where);
    if (trouble == Trouble::kOtherLanguage) other.push_back(where);
    if (trouble == Trouble::kReplaced) replaced.push_back(where);
    if (trouble == Trouble::kCut) cut.push_back(where);
  }
};

std::string listed(const std::vector<std::string>& parts) {
  constexpr std::size_t kMost = 3;
  std::string list;
  for (std::size_t i = 0; i < std::min(parts.size(), kMost); ++i) list += (i == 0 ? "" : ", ") + parts[i];
  return parts.size() > kMost ? fmt::format("{} and {} more", list, parts.size() - kMost) : list;
}

std::string all_of(const Found& found, bool ja) {
  std::string list;
  const auto add = [&](const std::vector<std::string>& parts, std::string_view en_words,
                       std::string_view ja_words) {
    if (parts.empty()) return;
    list += fmt::format("{}{}{} {}",
                        list.empty() ? ""
                        : ja         ? "；"
                                     : "; ",
                        ja ? ja_words : en_words, ja ? "：" : ":", listed(parts));
  };
  add(found.missing, "missing", "ない");
  add(found.other, "not in that language", "別の言語");
  add(found.replaced, "replacement glyphs", "代替記号");
  add(found.cut, "cut off", "欠け");
  return list;
}

/// What is wrong with the texts of one language, beside those of the first.
Found look_through(const TextSurvey& survey, const std::string& lang, const Originals& originals) {
  Found found;
  std::set<std::string> places;
  for (const SeenText& text : survey.texts) {
    if (!text.told || text.lang != lang) continue;
    found.screens.insert(text.screen);
    found.states.insert(text.state);
    places.insert(place_of(text));
    ++found.texts;
    const auto original = originals.find(place_of(text));
    const Trouble trouble = look_at(text, original == originals.end() ? nullptr : original->second);
    if (!text.seen && trouble == Trouble::kCut) {
      ++found.open;  // 1-12.a asks why nothing is to be seen there
      continue;
    }
    found.add(trouble, text.where);
  }
  for (const auto& [place, original] : originals) {
    if (found.screens.count(original->screen) == 0 || places.count(place) > 0) continue;
    if (letters_of(original->text, original->lang).any() && !is_language_name(original->text))
      found.add(Trouble::kMissing, fmt::format("{} \"{}\" in {}", original->screen, original->text, lang));
  }
  return found;
}

}  // namespace

Judgement judge_language_screens(const Transcript& transcript, const CheckContext& context) {
  const TextSurvey& survey = texts_of(transcript, context.device);
  if (const std::string gap = survey.too_little(); !gap.empty())
    return inconclusive(Reason::kControlFailed, gap, "巡回が主要な画面に達していない、または記録を読めない");
  if (px_per_mm(context.device) <= 0)
    return inconclusive(Reason::kNoNumber,
                        "hello does not declare the panel's size: pixels have no millimetres",
                        "helloに画面寸法がなく、mmに換算できない");
  const std::string own = survey.texts.empty() ? "" : survey.texts.front().lang;
  Originals originals;
  for (const SeenText& text : survey.texts) {
    if (!text.told || text.lang != own) continue;
    originals.emplace(place_of(text), &text);
  }
  const Found control = look_through(survey, own, originals);
  std::vector<std::string> offered, absent;
  for (const std::string_view named : kNamedLanguages) {
    const auto tag =
        std::find_if(survey.languages.begin(), survey.languages.end(),
                     [&](const std::string& lang) { return lang != own && primary_language(lang) == named; });
    if (tag != survey.languages.end()) offered.push_back(*tag);
    if (tag == survey.languages.end() && primary_language(own) != named) absent.emplace_back(named);
  }
  std::vector<Measurement> measured{
      {"languages_offered", static_cast<double>(offered.size()), "count", "", 3}};
  if (offered.empty()) {
    Judgement none = fail("the screens cannot be switched to English, Chinese or Korean",
                          "英語・中国語・韓国語に切り替えられない");
    none.measurements = std::move(measured);
    return none;
  }
  Found all;
  std::vector<Found> each;
  for (const std::string& lang : offered) {
    const Found& found = each.emplace_back(look_through(survey, lang, originals));
    measured.push_back({fmt::format("texts_wrong: {}", lang), static_cast<double>(found.troubles()), "count",
                        "= 0", found.texts});
    for (const auto part : {&Found::missing, &Found::other, &Found::replaced, &Found::cut})
      (all.*part).insert((all.*part).end(), (found.*part).begin(), (found.*part).end());
    all.texts += found.texts;
    all.open += found.open;
    all.screens.insert(found.screens.begin(), found.screens.end());
  }
  // A screen that one language was seen on, and the three that everybody comes to.
  std::size_t unseen = 0;
  for (const Found& found : each) {
    unseen += all.screens.size() - found.screens.size();
    for (const char* state : {"idle", "method", "pin"}) unseen += found.states.count(state) == 0 ? 1 : 0;
  }
  std::string which;
  for (const std::string& lang : offered) which += (which.empty() ? "" : ", ") + lang;
  Judgement judgement;
  if (control.troubles() > 0) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     fmt::format("the control did not hold: on the pages in {} itself the same rules find {}",
                                 own, all_of(control, false)),
                     fmt::format("対照が成立しない：元の言語（{}）の画面でも同じ規則で見つかる：{}", own,
                                 all_of(control, true)));
  } else if (all.troubles() > 0) {
    judgement = fail(fmt::format("{} of {} texts: {}", all.troubles(), all.texts, all_of(all, false)),
                     fmt::format("文字{}件のうち{}件：{}", all.texts, all.troubles(), all_of(all, true)));
  } else if (unseen > 0 || all.open > 0) {
    judgement =
        inconclusive(Reason::kPartial,
                     fmt::format("{} screens were not seen in every language, {} texts are not to be seen",
                                 unseen, all.open),
                     fmt::format("{}画面は全言語で見られず、文字{}件は画面に見えない", unseen, all.open));
  } else {
    std::string missing_en, missing_ja;
    for (const std::string& lang : absent) {
      missing_en += fmt::format("{}{}", missing_en.empty() ? "; not offered: " : ", ", lang);
      missing_ja += fmt::format("{}{}", missing_ja.empty() ? "。対応していない言語：" : "、", lang);
    }
    judgement = pass(fmt::format("{} texts on {} screens in {}, whole and in their language{}", all.texts,
                                 all.screens.size(), which, missing_en),
                     fmt::format("{}画面の文字{}件（{}）は欠けも代替記号もなく、その言語で書かれている{}",
                                 all.screens.size(), all.texts, which, missing_ja));
  }
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
