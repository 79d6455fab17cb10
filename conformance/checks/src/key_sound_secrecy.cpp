// 1-13.l: whoever hears a key cannot say which digit it was: not by its sound, not by when it comes.
//
// Where the device's time stands still between press and tone (virtual time), whatever differs was made by
// the device. In real time the machine's own unrest is in the latency too: there the tones are judged, and
// the latency only when there is no virtual time.
//
// Chance guesses as well as p says: one good device in a hundred is suspicious. It is heard again, with fresh
// presses, and refused only when these are suspicious too, by the same sense (docs/sound-measurement.md).
#include "key_sounds.h"
#include "whole_script.h"
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include <shogo/sound/guess.h>

namespace shogo::conformance {
namespace {

/// Of the tone, from its onset; softer and louder steps of volume are not its digit.
constexpr std::size_t kSamples = 1'600;

sound::Observed by_sound(const KeyPress& press) {
  sound::Observed observed{press.key[0], std::vector<double>(kSamples, 0.0)};
  const auto& samples = press.heard->sound.samples;
  for (std::size_t i = 0; i < std::min(kSamples, samples.size()); ++i)
    observed.features[i] = samples[i] / 32'768.0;
  return observed;
}

sound::Observed by_time(const KeyPress& press) {
  return {press.key[0], {std::chrono::duration<double, std::milli>(press.heard->begin - press.at).count()}};
}

/// The fewest tones of any digit, and that digit.
std::pair<int, char> fewest(const std::vector<KeyPress>& presses) {
  std::map<char, int> heard;
  for (const KeyPress& press : presses)
    if (press.heard != nullptr && press.key.size() == 1) ++heard[press.key[0]];
  std::pair<int, char> least{heard['0'], '0'};
  for (char digit = '1'; digit <= '9'; ++digit)
    if (heard[digit] < least.first) least = {heard[digit], digit};
  return least;
}

struct Part {
  std::string_view name, en, ja;
};
constexpr Part kParts[] = {{kScreenPart, "screen", "画面"}, {kKeypadPart, "keypad", "物理テンキー"}};

/// What tells the digit, in words.
struct Sense {
  std::string_view name, en, ja;
};
constexpr Sense kSound{"sound", "the sound of a key of the {}", "{}のキー音"},
    kTime{"time", "when the sound of a key of the {} comes", "{}のキー音の鳴る時刻"};

Judgement told(const Part& part, const Sense& sense, const Hearings& heard) {
  const std::string en = fmt::format(fmt::runtime(sense.en), part.en);
  const std::string ja = fmt::format(fmt::runtime(sense.ja), part.ja);
  return fail(
      fmt::format("{} tells its digit: {:.0f} % guessed right, p = {:.3f}; and of fresh presses again: "
                  "{:.0f} %, p = {:.4f}",
                  en, 100 * heard.first.right, heard.first.p, 100 * heard.second->right, heard.second->p),
      fmt::format("{}から数字が分かる（正答{:.0f}%、p={:.3f}。押し直した回も正答{:.0f}%、p={:.4f}）", ja,
                  100 * heard.first.right, heard.first.p, 100 * heard.second->right, heard.second->p));
}

}  // namespace

DigitGuesses guess_digits(const std::vector<KeyPress>& presses, int shuffles) {
  const bool movable =
      std::any_of(presses.begin(), presses.end(), [](const KeyPress& press) { return !press.real_time; });
  std::vector<sound::Observed> sounds, times;
  for (const KeyPress& press : presses) {
    if (press.heard == nullptr || press.key.size() != 1) continue;
    sounds.push_back(by_sound(press));
    if (press.real_time != movable) times.push_back(by_time(press));
  }
  return {guess_labels(sounds, shuffles), guess_labels(times, shuffles),
          static_cast<std::int64_t>(sounds.size()), static_cast<std::int64_t>(times.size())};
}

Judgement judge_key_sound_secrecy(const Transcript& transcript, const CheckContext& context) {
  const double suspicion = context.number("suspicion_p_max"), refusal = context.number("refusal_p_max");
  const int again_needed = static_cast<int>(context.number("presses_again_per_digit"));
  const int needed = context.profile == "quick" ? kQuickPressesPerDigit
                                                : static_cast<int>(context.number("presses_per_digit_min"));
  const KeyTrace trace(transcript);
  if (trace.trouble()) return *trace.trouble();
  std::vector<Measurement> measured;
  std::optional<Judgement> bad;
  int parts = 0;
  std::string few, cleared_en, cleared_ja;
  bool open = false;
  for (const Part& part : kParts) {
    const std::vector<KeyPress> presses = trace.presses(part.name);
    if (presses.empty()) continue;
    ++parts;
    char dialled = 0;
    for (const KeyPress& press : presses)
      if (dialled == 0 && press.heard != nullptr && press.key.size() == 1)
        dialled = sound::dialled_digit(press.heard->sound);
    if (const auto [count, digit] = fewest(presses); count < needed)
      few = fmt::format("{} {} times on the {}", digit, count, part.en);
    const DigitGuesses first = guess_digits(presses);
    Hearings sound{first.by_sound, {}}, time{first.by_time, {}};
    const std::vector<KeyPress> fresh = trace.presses(std::string(part.name) + std::string(kAgain));
    DigitGuesses second;
    if ((sound.suspicious(suspicion) || time.suspicious(suspicion)) && fewest(fresh).first >= again_needed) {
      second = guess_digits(fresh, kRefusalShuffles);
      sound.second = second.by_sound;
      time.second = second.by_time;
    }
    const auto measure = [&](const Sense& sense, const Hearings& heard, std::int64_t n,
                             std::int64_t n_again) {
      measured.push_back({fmt::format("p_by_{}: {}", sense.name, part.name), heard.first.p, "p_value",
                          fmt::format("> {:g}", suspicion), n});
      measured.push_back(
          {fmt::format("guessed_by_{}: {}", sense.name, part.name), heard.first.right, "ratio", "", n});
      if (!heard.suspicious(suspicion) || !heard.second) return;
      measured.push_back({fmt::format("p_again_by_{}: {}", sense.name, part.name), heard.second->p, "p_value",
                          fmt::format("> {:g}", refusal), n_again});
    };
    measure(kSound, sound, first.sounds, second.sounds);
    measure(kTime, time, first.times, second.times);
    if (bad) continue;
    for (const auto& [sense, heard] : {std::pair{&kSound, &sound}, std::pair{&kTime, &time}}) {
      open = open || heard->open(suspicion);
      if (!heard->suspicious(suspicion) || !heard->second || heard->refused(suspicion, refusal)) continue;
      cleared_en =
          fmt::format("; the {} was suspicious at first (p = {:.3f}), fresh presses cleared it (p = {:.3f})",
                      sense->name, heard->first.p, heard->second->p);
      cleared_ja = fmt::format("。最初はp={:.3f}だったが、押し直した回はp={:.3f}で疑いは晴れた",
                               heard->first.p, heard->second->p);
    }
    if (dialled != 0)
      bad = fail(
          fmt::format("the {} sounds the tones of a telephone's keys (\"{}\" was heard)", part.en, dialled),
          fmt::format("{}のキー音がDTMFである（「{}」を検出）", part.ja, dialled));
    else if (sound.refused(suspicion, refusal))
      bad = told(part, kSound, sound);
    else if (time.refused(suspicion, refusal))
      bad = told(part, kTime, time);
  }
  Judgement judgement;
  if (bad) {
    judgement = *std::move(bad);
  } else if (parts == 0 || !few.empty()) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("each digit must have been heard {} times; {}", needed, parts == 0 ? "none was" : few),
        fmt::format("各数字のキー音が{}回ずつ必要だが、足りない", needed));
  } else if (open) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format(
            "the keys sound suspicious (p <= {:g}), which chance does too; {} fresh presses of each digit "
            "must decide, and are not there",
            suspicion, again_needed),
        fmt::format(
            "キー音に疑い（p≦{:g}）があるが偶然でも起きる。判断には各数字{}回の押し直しが必要だが、足りない",
            suspicion, again_needed));
  } else {
    judgement =
        pass("neither the sound of a key nor its moment tells the digit better than chance does" + cleared_en,
             "キー音からも鳴る時刻からも、偶然以上に数字を当てられない" + cleared_ja);
  }
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
