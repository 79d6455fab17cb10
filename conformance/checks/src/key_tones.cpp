// 1-13.d and 1-13.i: every press of a key gives a short tone, at once, and no words.
#include "key_sounds.h"
#include "physical_keypad.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

double ms(Nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

struct Tally {
  int silent = 0, late = 0, doubled = 0, words = 0, noises = 0, long_ones = 0;
  double latest_ms = 0, longest_ms = 0;
};

Tally tally_of(const std::vector<KeyPress>& presses, double latency_max_ms, double length_max_ms) {
  Tally tally;
  for (const KeyPress& press : presses) {
    if (press.heard == nullptr) {
      ++tally.silent;
      continue;
    }
    const double latency = ms(press.heard->begin - press.at);
    const double length = ms(press.heard->end - press.heard->begin);
    tally.latest_ms = std::max(tally.latest_ms, latency);
    tally.longest_ms = std::max(tally.longest_ms, length);
    if (latency > latency_max_ms) ++tally.late;
    if (press.onsets > 1) ++tally.doubled;
    if (press.heard->kind == sound::Kind::kSpeech) ++tally.words;
    if (press.heard->kind == sound::Kind::kNoise) ++tally.noises;
    if (length > length_max_ms) ++tally.long_ones;
  }
  return tally;
}

Judgement no_control(std::string_view en, std::string_view ja) {
  return inconclusive(Reason::kControlFailed, fmt::format("the control did not hold: {}", en),
                      fmt::format("対照が成立しない：{}", ja));
}

}  // namespace

Judgement judge_screen_key_tones(const Transcript& transcript, const CheckContext& context) {
  const double latency_max = context.number("latency_max"), length_max = context.number("tone_length_max");
  const auto needed = static_cast<std::size_t>(context.number("presses"));
  const KeyTrace trace(transcript);
  if (trace.trouble()) return *trace.trouble();
  const std::vector<KeyPress> presses = trace.presses(kScreenPart);
  const auto n = static_cast<std::int64_t>(presses.size());
  const Tally tally = tally_of(presses, latency_max, length_max);
  const int real = static_cast<int>(
      std::count_if(presses.begin(), presses.end(), [](const KeyPress& press) { return press.real_time; }));
  Judgement judgement;
  if (!trace.felt(kScreenPart) || real == 0) {
    judgement = no_control("no key of the screen was seen to be felt in real time",
                           "実時間で画面のキーが反応したことを確かめられない");
  } else if (tally.silent > 0) {
    judgement = fail(fmt::format("{} of {} presses gave no sound", tally.silent, n),
                     fmt::format("{}回のうち{}回、音が鳴らない", n, tally.silent));
  } else if (tally.words > 0) {
    judgement = fail(fmt::format("{} of {} presses were answered in words", tally.words, n),
                     fmt::format("{}回のうち{}回、音声が流れた", n, tally.words));
  } else if (tally.noises > 0 || tally.long_ones > 0 || tally.doubled > 0) {
    judgement = fail(
        fmt::format("{} sounds are no tone, {} are longer than {:g} ms, {} presses gave more than one sound",
                    tally.noises, tally.long_ones, length_max, tally.doubled),
        fmt::format("単純な電子音でないもの{}回、{:g}ミリ秒を超えるもの{}回、二重に鳴ったもの{}回",
                    tally.noises, length_max, tally.long_ones, tally.doubled));
  } else if (tally.late > 0) {
    judgement = fail(fmt::format("{} of {} tones came later than {:g} ms", tally.late, n, latency_max),
                     fmt::format("{}回のうち{}回、{:g}ミリ秒より遅れて鳴った", n, tally.late, latency_max));
  } else if (presses.size() < needed) {
    judgement = no_control(fmt::format("{} presses, {} needed", n, needed),
                           fmt::format("{}回しか押していない（必要は{}回）", n, needed));
  } else {
    judgement = pass(
        fmt::format("each of {} presses gave one tone, at the latest after {:.0f} ms", n, tally.latest_ms),
        fmt::format("{}回すべてで電子音が1回ずつ鳴り、遅れは最大{:.0f}ミリ秒", n, tally.latest_ms));
  }
  judgement.measurements = {
      {"onsets", static_cast<double>(n - tally.silent), "count", fmt::format("= {}", n), n},
      {"latency", tally.latest_ms, "ms", fmt::format("<= {:g} ms", latency_max), n},
      {"tone_length", tally.longest_ms, "ms", fmt::format("<= {:g} ms", length_max), n},
  };
  return only_if_whole(std::move(judgement), transcript);
}

Judgement judge_keypad_tones(const Transcript& transcript, const CheckContext& context) {
  if (auto none = without_keypad(context)) return *std::move(none);
  const auto needed = static_cast<std::size_t>(context.number("presses"));
  const KeyTrace trace(transcript);
  if (trace.trouble()) return *trace.trouble();
  const std::vector<KeyPress> presses = trace.presses(kKeypadPart);
  const auto n = static_cast<std::int64_t>(presses.size());
  const auto silent = std::count_if(presses.begin(), presses.end(),
                                    [](const KeyPress& press) { return press.heard == nullptr; });
  Judgement judgement;
  if (!trace.felt(kKeypadPart)) {
    judgement =
        no_control("no key of the keypad was seen to be felt", "テンキーが反応したことを確かめられない");
  } else if (silent > 0) {
    judgement = fail(fmt::format("{} of {} presses gave no sound", silent, n),
                     fmt::format("{}回のうち{}回、音が鳴らない", n, silent));
  } else if (presses.size() < needed) {
    judgement = no_control(fmt::format("{} presses, {} needed", n, needed),
                           fmt::format("{}回しか押していない（必要は{}回）", n, needed));
  } else {
    judgement =
        pass(fmt::format("each of {} presses was heard", n), fmt::format("{}回すべてで音が鳴った", n));
  }
  judgement.measurements = {{"onsets", static_cast<double>(n - silent), "count", fmt::format("= {}", n), n}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
