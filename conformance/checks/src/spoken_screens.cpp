// 1-13.h: every page speaks, and what stands on it is said. 1-13.b: staff are told of a fault, also when
// nobody is there.
#include "spoken_pages.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

struct Fault {
  std::string_view step, en, ja;
};
constexpr Fault kFaults[] = {{"fault_idle", "while nobody operates", "待機中"},
                             {"fault_served", "during operation", "操作中"}};

bool tells_staff(std::string_view text) {
  return text.find("職員") != std::string_view::npos || text.find("staff") != std::string_view::npos ||
         text.find("受付") != std::string_view::npos || text.find("reception") != std::string_view::npos;
}

}  // namespace

Judgement judge_spoken_faults(const Transcript& transcript, const CheckContext& context) {
  const double limit_s = context.number("staff_message_delay_max");
  const std::vector<SpokenPage> pages = spoken_pages(transcript);
  if (auto deaf = cannot_hear(transcript, pages)) return *std::move(deaf);
  std::vector<Measurement> measured;
  std::optional<Judgement> bad;
  int given = 0;
  for (const Fault& fault : kFaults) {
    std::optional<Nanoseconds> since;
    for (const Event* event : transcript.select(source::kHarness, "fault"))
      if (text_of(event->data, "step") == fault.step)
        since = Nanoseconds(integer_of(event->data, "t_fault_ns", 0));
    const SpokenPage* page = nullptr;
    for (const SpokenPage& one : pages)
      if (one.step == fault.step) page = &one;
    if (!since || page == nullptr) continue;
    ++given;
    const bool told =
        page->words_after && std::any_of(page->phrases.begin(), page->phrases.end(),
                                         [](const Phrase& p) { return p.heard && tells_staff(p.text); });
    const double delay =
        page->words_after ? std::chrono::duration<double>(page->shown + *page->words_after - *since).count()
                          : -1;
    measured.push_back({fmt::format("staff_message_delay: {}", fault.step), delay, "s",
                        fmt::format("<= {:g} s", limit_s), 1});
    if (bad) continue;
    if (!page->words_after)
      bad =
          fail(fmt::format("{}: no words are heard", fault.en), fmt::format("{}：音声が流れない", fault.ja));
    else if (!told)
      bad = fail(fmt::format("{}: nothing that is said is for the staff", fault.en),
                 fmt::format("{}：職員に向けた言葉がない", fault.ja));
    else if (delay > limit_s)
      bad = fail(fmt::format("{}: the message begins after {:.1f} s", fault.en, delay),
                 fmt::format("{}：{:.1f}秒後に流れ始めた", fault.ja, delay));
  }
  Judgement judgement =
      bad ? *std::move(bad)
      : given < 2
          ? inconclusive(Reason::kControlFailed,
                         "the control did not hold: a fault was not given, or no page came of it",
                         "対照が成立しない：故障を与えられないか、画面が変わらない")
          : pass(fmt::format("staff are told in words within {:g} s, with and without a patient", limit_s),
                 fmt::format("操作中も待機中も、{:g}秒以内に職員向けの音声が流れた", limit_s));
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_spoken_screens(const Transcript& transcript, const CheckContext& context) {
  const double needed = context.number("voiced_strings_min");
  const std::vector<SpokenPage> pages = spoken_pages(transcript);
  if (auto deaf = cannot_hear(transcript, pages)) return *std::move(deaf);
  std::int64_t strings = 0, voiced = 0;
  std::string mute, unsaid;
  bool pin = false, method = false;
  for (const SpokenPage& page : pages) {
    bool any = false;
    for (const Phrase& phrase : page.phrases) {
      if (!phrase.shown) continue;
      any = any || phrase.heard;
      if (page.waits) continue;  // it must speak, but it had no time for all of it
      ++strings;
      voiced += phrase.heard ? 1 : 0;
      if (!phrase.heard && unsaid.size() < 120)
        unsaid += fmt::format("{}{}: \"{}\"", unsaid.empty() ? "" : ", ", page.name(), phrase.text);
    }
    if (!any) mute += (mute.empty() ? "" : ", ") + page.name();
    pin = pin || page.state == "pin";
    method = method || page.state == "method";
  }
  const double share = strings == 0 ? 0 : 100.0 * static_cast<double>(voiced) / static_cast<double>(strings);
  Judgement judgement;
  if (!mute.empty()) {
    judgement = fail(fmt::format("nothing is said on: {}", mute), fmt::format("音声のない画面：{}", mute));
  } else if (share < needed) {
    judgement = fail(fmt::format("{:.1f} % of the texts are said ({})", share, unsaid),
                     fmt::format("読み上げられた文字列は{:.1f}%（{}）", share, unsaid));
  } else if (!pin || !method) {
    judgement =
        inconclusive(Reason::kControlFailed, "the walk did not come to the choice of method and the PIN page",
                     "本人確認方法の選択画面と暗証番号画面まで進めなかった");
  } else {
    judgement = pass(fmt::format("each of {} pages speaks, and {:.1f} % of {} texts are said", pages.size(),
                                 share, strings),
                     fmt::format("{}画面すべてに音声があり、文字列{}件の{:.1f}%が読み上げられた",
                                 pages.size(), strings, share));
  }
  judgement.measurements = {{"voiced_strings", share, "%", fmt::format(">= {:g} %", needed), strings}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
