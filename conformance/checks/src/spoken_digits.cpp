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
namespace {

std::int64_t digits_in(const std::vector<KeyPress>& presses) {
  return std::count_if(presses.begin(), presses.end(),
                       [](const KeyPress& press) { return press.key.size() == 1; });
}

}  // namespace

sound::Guess guess_by_what_follows(const std::vector<KeyPress>& presses, int shuffles) {
  std::vector<sound::Observed> followed;
  for (const KeyPress& press : presses)
    if (press.key.size() == 1)
      followed.push_back({press.key[0], {static_cast<double>(press.onsets), press.sounding_ms}});
  return guess_labels(followed, shuffles);
}

Judgement judge_spoken_digits(const Transcript& transcript, const CheckContext& context) {
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
  Hearings followed;  // of the part that is most suspicious
  for (const std::string_view part : {kSlowScreenPart, kSlowKeypadPart}) {
    const std::vector<KeyPress> presses = trace.presses(part);
    const std::vector<KeyPress> fresh = trace.presses(std::string(part) + std::string(kAgain));
    n += digits_in(presses) + digits_in(fresh);
    Hearings hearings{guess_by_what_follows(presses), {}};
    if (hearings.suspicious(kSuspicionP) && digits_in(fresh) >= 10 * kSlowPressesAgain)
      hearings.second = guess_by_what_follows(fresh, kRefusalShuffles);
    const auto worse = [](const Hearings& a, const Hearings& b) {
      const auto rank = [](const Hearings& h) {
        return std::pair(!h.refused(kSuspicionP, kRefusalP), !h.open(kSuspicionP));
      };
      return rank(a) < rank(b);
    };
    if (part == kSlowScreenPart || worse(hearings, followed)) followed = hearings;
  }
  Judgement judgement;
  if (n == 0 || !trace.felt(kScreenPart)) {
    judgement = inconclusive(Reason::kControlFailed, "the control did not hold: no key was seen to be felt",
                             "対照が成立しない：キーが反応したことを確かめられない");
  } else if (followed.refused(kSuspicionP, kRefusalP)) {
    judgement = fail(
        fmt::format("what is heard after a key differs by its digit (p = {:.3f}, of fresh presses {:.4f}){}",
                    followed.first.p, followed.second->p, words.empty() ? "" : "; heard: " + words),
        fmt::format("キーを押した後の音が数字によって異なる（p={:.3f}、押し直した回はp={:.4f}）{}",
                    followed.first.p, followed.second->p, words.empty() ? "" : "。検出：" + words));
  } else if (spotted > allowed) {
    judgement =
        fail(fmt::format("spoken digits are heard: {}", words), fmt::format("数字の発声を検出：{}", words));
  } else if (followed.open(kSuspicionP)) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format(
            "what is heard after a key seems to differ by its digit (p = {:.3f}), which chance does too; "
            "fresh presses must decide, and are not there",
            followed.first.p),
        fmt::format("キーを押した後の音が数字で異なる疑い（p={:.3f}）があるが、判断に必要な押し直しがない",
                    followed.first.p));
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
      {"p_by_what_follows", followed.first.p, "p_value", fmt::format("> {:g}", kSuspicionP), n}};
  if (followed.suspicious(kSuspicionP) && followed.second)
    judgement.measurements.push_back(
        {"p_again_by_what_follows", followed.second->p, "p_value", fmt::format("> {:g}", kRefusalP), n});
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
