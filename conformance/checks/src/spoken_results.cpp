// 1-13.a: success and failure are told in words of the right meaning, soon. 1-13.c: every notice says what to
// do.
#include "spoken_pages.h"
#include "whole_script.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

double seconds(Nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// The first page of a step on which its answer must be told.
const SpokenPage* answer_of(const std::vector<SpokenPage>& pages, std::string_view step) {
  const SpokenPage* answer = nullptr;
  for (const SpokenPage& page : pages) {
    if (page.step != step) continue;
    const bool before = page.state == "idle" || page.state == "method" ||
                        (page.state == "pin" && page.substate != "wrong_pin");
    if (!before) return &page;
    if (answer == nullptr) answer = &page;
  }
  return nullptr;
}

/// The phrase of a result that fits best; the others may be parts of it.
const Phrase* told_on(const SpokenPage& page) {
  const Phrase* told = nullptr;
  for (const Phrase& phrase : page.phrases) {
    if (!phrase.heard || meaning_of(phrase.text) == Meaning::kNone) continue;
    const bool contains = told != nullptr && phrase.text.size() > told->text.size() &&
                          phrase.begin <= told->begin && phrase.end >= told->end;
    if (told == nullptr || contains || phrase.end <= told->begin) told = &phrase;
  }
  return told;
}

}  // namespace

Judgement judge_spoken_results(const Transcript& transcript, const CheckContext& context) {
  const Nanoseconds limit{static_cast<std::int64_t>(context.number("speech_delay_max") * 1e9)};
  const std::vector<SpokenPage> pages = spoken_pages(transcript);
  if (auto deaf = cannot_hear(transcript, pages)) return *std::move(deaf);
  std::vector<Measurement> measured;
  std::optional<Judgement> bad;
  std::string missing;
  int told = 0;
  bool seen[2][2] = {};
  for (const Step& step : steps_of(transcript)) {
    const std::string method = text_of(step.data, "method");
    if (method != "pin" && method != "phone") continue;
    const bool ok = text_of(step.data, "expected") == "ok";
    const SpokenPage* page = answer_of(pages, step.name());
    // The control: the device was asked, and gave the answer that card and server ask for.
    bool answered = page != nullptr && page->is_notice();
    for (const Event* event : step.select(source::kDevice, "result"))
      answered = answered || text_of(event->data, "outcome") == (ok ? "ok" : "ng");
    if (page == nullptr || !answered) {
      missing += (missing.empty() ? "" : ", ") + step.name();
      continue;
    }
    seen[method == "phone"][ok] = true;
    ++told;
    const Phrase* phrase = told_on(*page);
    const double delay = phrase == nullptr ? -1 : seconds(phrase->begin - page->shown);
    measured.push_back({fmt::format("speech_delay: {}", step.name()), delay, "s",
                        fmt::format("<= {:g} s", seconds(limit)), 1});
    if (bad) continue;
    if (!page->words_after) {
      bad = fail(fmt::format("{}: no words are heard", step.name()),
                 fmt::format("{}：音声が流れない", step.name()));
    } else if (phrase == nullptr) {
      bad = fail(fmt::format("{}: words are heard, but none that tell the result", step.name()),
                 fmt::format("{}：結果を知らせる言葉がない", step.name()));
    } else if (meaning_of(phrase->text) != (ok ? Meaning::kSuccess : Meaning::kFailure)) {
      bad = fail(fmt::format("{}: \"{}\" is said, which is wrong", step.name(), phrase->text),
                 fmt::format("{}：「{}」と、誤った結果が流れた", step.name(), phrase->text));
    } else if (phrase->begin - page->shown > limit) {
      bad = fail(fmt::format("{}: the result is told after {:.1f} s", step.name(), delay),
                 fmt::format("{}：結果が{:.1f}秒後に知らされた", step.name(), delay));
    }
  }
  Judgement judgement;
  if (bad) {
    judgement = *std::move(bad);
  } else if (!missing.empty() || told == 0 || !seen[0][0] || !seen[0][1]) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("the control did not hold: the device gave no answer ({})", missing),
                             fmt::format("対照が成立しない：機器が結果を返していない（{}）", missing));
  } else {
    judgement = pass(fmt::format("{} results were told in words of the right meaning", told),
                     fmt::format("{}件の結果が、正しい意味の言葉で知らされた", told));
  }
  judgement.measurements = std::move(measured);
  const int given = 1 + (seen[1][0] && seen[1][1] ? 1 : 0);
  return partial(only_if_whole(std::move(judgement), transcript), given, 3,
                 given == 2 ? "face authentication (this bench has none yet)" : "phone, face authentication",
                 given == 2 ? "顔認証（試験台が未対応）" : "スマートフォン、顔認証");
}

Judgement judge_spoken_instructions(const Transcript& transcript, const CheckContext& context) {
  const double allowed = context.number("notices_without_words");
  const std::vector<SpokenPage> pages = spoken_pages(transcript);
  if (auto deaf = cannot_hear(transcript, pages)) return *std::move(deaf);
  int notices = 0, wordless = 0;
  std::string first_en, first_ja;
  bool good = false, bad = false, fault = false;
  for (const SpokenPage& page : pages) {
    if (!page.is_notice()) continue;
    ++notices;
    good = good || page.state == "result_ok";
    bad = bad || page.state == "result_ng" || page.state == "error" || page.substate == "wrong_pin";
    fault = fault || page.state == "out_of_service";
    bool instructed = false;
    for (const Phrase& phrase : page.phrases)
      instructed = instructed || (phrase.heard && phrase.shown && is_instruction(phrase.text));
    if (instructed) continue;
    ++wordless;
    if (!first_en.empty()) continue;
    first_en = fmt::format("{}: {}", page.name(),
                           page.words_after ? "no sentence says what to do" : "no words are heard");
    first_ja = fmt::format("{}：{}", page.name(),
                           page.words_after ? "次にすべきことを示す言葉がない" : "音声が流れない");
  }
  Judgement judgement;
  if (wordless > allowed) {
    judgement =
        fail(fmt::format("{} of {} notices lack a spoken instruction ({})", wordless, notices, first_en),
             fmt::format("{}件の通知のうち{}件に音声の指示がない（{}）", notices, wordless, first_ja));
  } else if (!good || !bad || !fault) {
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the control did not hold: a success, a failure and an error must all have been shown",
                     "対照が成立しない：成功・失敗・エラーの通知がそろっていない");
  } else {
    judgement = pass(fmt::format("each of {} notices says in words what to do", notices),
                     fmt::format("{}件の通知すべてに、言葉による指示がある", notices));
  }
  judgement.measurements = {{"notices_without_words", static_cast<double>(wordless), "count",
                             fmt::format("= {:g}", allowed), notices}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
