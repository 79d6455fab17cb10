// 1-13.f: no key of a PIN is answered with the digit's name, on the screen or on a physical keypad. Two
// independent looks: recordings of the ten digits are searched for in what was heard, and whatever follows a
// key must be the same for every digit.
#include "card_trace.h"
#include "key_sounds.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

#include <shogo/sound/guess.h>

namespace shogo::conformance {

Judgement judge_spoken_digits(const Transcript& transcript, const CheckContext& context) {
  constexpr double kP = 0.01;
  const double allowed = context.number("spoken_digits");
  const KeyTrace trace(transcript);
  if (trace.trouble()) return *trace.trouble();
  int looked = 0, spotted = 0, control = 0;
  std::string words;
  for (const Event* event : transcript.select(source::kHarness, kDigitSearch)) {
    const boost::json::value* heard = event->data.if_contains("heard");
    const bool found = heard != nullptr && heard->is_bool() && heard->get_bool();
    if (text_of(event->data, "in") == "control") {
      control += found ? 1 : 0;
      continue;
    }
    ++looked;
    if (!found) continue;
    ++spotted;
    words += (words.empty() ? "" : ", ") + text_of(event->data, "text");
  }
  std::int64_t n = 0;
  double lowest_p = 1;
  bool felt = false;
  for (const std::string_view part : {kSlowScreenPart, kSlowKeypadPart}) {
    std::vector<sound::Observed> followed;
    for (const KeyPress& press : trace.presses(part)) {
      if (press.key.size() != 1) continue;
      ++n;
      felt = true;
      followed.push_back({press.key[0], {static_cast<double>(press.onsets), press.sounding_ms}});
    }
    lowest_p = std::min(lowest_p, sound::guess_labels(followed).p);
  }
  Judgement judgement;
  if (!felt || !trace.felt(kScreenPart)) {
    judgement = inconclusive(Reason::kControlFailed, "the control did not hold: no key was seen to be felt",
                             "対照が成立しない：キーが反応したことを確かめられない");
  } else if (lowest_p <= kP) {
    judgement = fail(fmt::format("what is heard after a key differs by its digit (p = {:.3f}){}", lowest_p,
                                 words.empty() ? "" : "; heard: " + words),
                     fmt::format("キーを押した後の音が数字によって異なる（p={:.3f}）{}", lowest_p,
                                 words.empty() ? "" : "。検出：" + words));
  } else if (spotted > allowed) {
    judgement =
        fail(fmt::format("spoken digits are heard: {}", words), fmt::format("数字の発声を検出：{}", words));
  } else if (looked == 0) {
    judgement =
        inconclusive(Reason::kToolUnavailable,
                     "there are no recordings of spoken digits to compare with; ci/voice-pack makes them",
                     "比べる数字の録音がない。ci/voice-packで作成できる");
  } else if (control < 10) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("the control did not hold: the search finds {} of 10 digits that are said", control),
        fmt::format("対照が成立しない：発声した10個の数字のうち{}個しか検出できない", control));
  } else {
    judgement = pass(fmt::format("after {} keys no digit is said, and what is heard is the same for each", n),
                     fmt::format("{}回のキー操作で数字の発声はなく、音はどの数字でも同じだった", n));
  }
  judgement.measurements = {
      {"spoken_digits", static_cast<double>(spotted), "count", fmt::format("= {:g}", allowed), n},
      {"p_by_what_follows", lowest_p, "p_value", fmt::format("> {:g}", kP), n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
