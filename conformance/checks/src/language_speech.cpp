// 1-22.b: every page speaks in the language that was chosen on it, as far as the device offers English,
// Chinese and Korean. Which language a page speaks is which recordings of its own texts are heard in it: a
// closed set. Whether anything is words at all, the samples say.
#include "card_trace.h"
#include "languages.h"
#include "letters.h"
#include "sound_trace.h"
#include "spoken_pages.h"
#include "whole_script.h"
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

struct Page {
  std::string state, screen, lang, own;
  bool words = false;  ///< speech was heard while it stood there
  bool unrecorded = false;
  std::map<std::string, int> heard;  ///< texts of the page, by the language of the recording
  [[nodiscard]] std::string name() const { return screen + "." + lang; }
  [[nodiscard]] int in(const std::string& language) const {
    const auto found = heard.find(language);
    return found == heard.end() ? 0 : found->second;
  }
  /// The languages it speaks, apart from the chosen one.
  [[nodiscard]] std::string others() const {
    std::string list;
    for (const auto& [language, count] : heard)
      if (language != lang && count > 0) list += (list.empty() ? "" : ", ") + language;
    return list;
  }
};

bool flag_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<Page> pages_of(const Transcript& transcript, int& unreadable) {
  std::vector<Page> pages;
  const std::vector<HeardStretch> all = heard_in(transcript, unreadable);
  for (const Event* event : transcript.select(source::kHarness, kSpokenIn)) {
    Page page{text_of(event->data, "state"),
              text_of(event->data, "screen"),
              text_of(event->data, "lang"),
              text_of(event->data, "own"),
              false,
              false,
              {}};
    const Nanoseconds shown{integer_of(event->data, "t_shown_ns", 0)},
        left{integer_of(event->data, "t_left_ns", 0)};
    for (const HeardStretch& stretch : all) {
      if (page.words || stretch.end <= shown || stretch.begin > left) continue;
      for (const sound::Sounding& sounding : sound::soundings(stretch.sound))
        page.words =
            page.words || (sounding.kind == sound::Kind::kSpeech && stretch.begin + sounding.end > shown);
    }
    for (const Event* told : transcript.select(source::kHarness, kPhraseIn)) {
      if (integer_of(told->data, "page", -2) != integer_of(event->data, "page", -1)) continue;
      if (!flag_of(told->data, "recorded") && text_of(told->data, "lang") == page.lang)
        page.unrecorded = true;
      if (flag_of(told->data, "heard") && page.words) ++page.heard[text_of(told->data, "lang")];
    }
    pages.push_back(std::move(page));
  }
  return pages;
}

std::string listed(const std::vector<std::string>& parts) {
  constexpr std::size_t kMost = 4;
  std::string list;
  for (std::size_t i = 0; i < std::min(parts.size(), kMost); ++i) list += (i == 0 ? "" : ", ") + parts[i];
  return parts.size() > kMost ? fmt::format("{} and {} more", list, parts.size() - kMost) : list;
}

}  // namespace

Judgement judge_spoken_languages(const Transcript& transcript, const CheckContext& context) {
  if (!transcript.select(source::kStimulus, kNoRecordings).empty())
    return inconclusive(Reason::kToolUnavailable,
                        "there are no recordings to compare with what is heard; ci/voice-pack makes them",
                        "聞こえた音声と比べる録音がない。ci/voice-packで作成できる");
  int unreadable = 0;
  const std::vector<Page> pages = pages_of(transcript, unreadable);
  if (pages.empty() || unreadable > 0 || !sound_is_whole(transcript))
    return inconclusive(Reason::kControlFailed, "the recording is not whole, so silence says nothing",
                        "録音が欠けており、無音かどうかを判断できない");
  std::vector<std::string> wrong, silent, unknown, unrecorded, control;
  std::map<std::string, std::set<std::string>> states;  // by language, where it was heard
  std::set<std::string> own_states;
  std::int64_t n = 0;
  for (const Page& page : pages) {
    const std::string language = primary_language(page.lang);
    if (page.lang == page.own) {
      // The control: the ear knows the page's own language, and no other, when it hears it.
      own_states.insert(page.state);
      if (page.unrecorded)
        unrecorded.push_back(page.name());
      else if (page.in(page.lang) == 0 || !page.others().empty())
        control.push_back(page.name());
      continue;
    }
    if (std::find(std::begin(kNamedLanguages), std::end(kNamedLanguages), language) ==
        std::end(kNamedLanguages))
      continue;
    ++n;
    states[language].insert(page.state);
    if (!page.others().empty())
      wrong.push_back(fmt::format("{} speaks {}", page.name(), page.others()));
    else if (!page.words)
      silent.push_back(page.name());
    else if (page.in(page.lang) == 0)
      (page.unrecorded ? unrecorded : unknown).push_back(page.name());
  }
  std::string offered, missing_en, missing_ja;
  for (const std::string_view named : kNamedLanguages) {
    const bool there = states.count(std::string(named)) > 0;
    if (there) offered += fmt::format("{}{}", offered.empty() ? "" : ", ", named);
    if (there || primary_language(pages.front().own) == named) continue;
    missing_en += fmt::format("{}{}", missing_en.empty() ? "; not offered: " : ", ", named);
    missing_ja += fmt::format("{}{}", missing_ja.empty() ? "。対応していない言語：" : "、", named);
  }
  bool everywhere = true;
  for (const char* state : {"idle", "method", "pin"}) {
    everywhere = everywhere && own_states.count(state) > 0;
    for (const auto& [language, seen] : states) everywhere = everywhere && seen.count(state) > 0;
  }
  Judgement judgement;
  if (states.empty()) {
    judgement = fail("the guidance cannot be switched to English, Chinese or Korean",
                     "音声案内を英語・中国語・韓国語に切り替えられない");
  } else if (!control.empty()) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("the control did not hold: the device's own language is not recognised on: {}",
                    listed(control)),
        fmt::format("対照が成立しない：元の言語を聞き分けられない画面：{}", listed(control)));
  } else if (!wrong.empty() || !silent.empty()) {
    judgement = fail(fmt::format("{} of {} pages: {}{}{}", wrong.size() + silent.size(), n, listed(wrong),
                                 wrong.empty() || silent.empty() ? "" : "; ",
                                 silent.empty() ? "" : "without words: " + listed(silent)),
                     fmt::format("{}画面のうち{}画面：{}{}{}", n, wrong.size() + silent.size(), listed(wrong),
                                 wrong.empty() || silent.empty() ? "" : "；",
                                 silent.empty() ? "" : "音声なし：" + listed(silent)));
  } else if (!unrecorded.empty()) {
    judgement =
        inconclusive(Reason::kToolUnavailable,
                     fmt::format("there are no recordings of the texts of: {}; ci/voice-pack makes them",
                                 listed(unrecorded)),
                     fmt::format("文言の録音がない画面：{}。ci/voice-packで作成できる", listed(unrecorded)));
  } else if (!unknown.empty() || !everywhere) {
    judgement =
        inconclusive(Reason::kPartial,
                     unknown.empty() ? "the walk did not come to idle, method and PIN page in every language"
                                     : fmt::format("words of no known recording on: {}", listed(unknown)),
                     unknown.empty() ? "全言語で待機・方法選択・暗証番号の画面まで進めなかった"
                                     : fmt::format("どの録音とも一致しない音声の画面：{}", listed(unknown)));
  } else {
    const bool quick = context.profile == "quick" && !transcript.select(source::kHarness, "advance").empty();
    const auto heard_s = std::chrono::duration_cast<std::chrono::seconds>(kQuickListen).count();
    const std::string only_en = quick ? fmt::format("; of each, the first {} s were heard", heard_s) : "";
    const std::string only_ja = quick ? fmt::format("。各画面の最初の{}秒を聞いた", heard_s) : "";
    judgement = pass(
        fmt::format("{} pages speak the language chosen on them ({}){}{}", n, offered, missing_en, only_en),
        fmt::format("{}画面の音声案内が選んだ言語（{}）と一致した{}{}", n, offered, missing_ja, only_ja));
  }
  judgement.measurements = {
      {"pages_in_another_language", static_cast<double>(wrong.size()), "count", "= 0", n},
      {"pages_without_words", static_cast<double>(silent.size()), "count", "= 0", n},
      {"languages_spoken", static_cast<double>(states.size()), "count", "", 3}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
