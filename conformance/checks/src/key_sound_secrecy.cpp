// 1-13.l: whoever hears a key cannot say which digit it was: not by its sound, not by when it comes.
//
// Where the device's time stands still between press and tone (virtual time), whatever differs was made by
// the device. In real time the machine's own unrest is in the latency too: there the tones are judged, and
// the latency only when there is no virtual time.
#include "key_sounds.h"
#include "whole_script.h"
#include <algorithm>
#include <map>

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

struct Part {
  std::string_view name, en, ja;
};
constexpr Part kParts[] = {{kScreenPart, "screen", "画面"}, {kKeypadPart, "keypad", "物理テンキー"}};

}  // namespace

Judgement judge_key_sound_secrecy(const Transcript& transcript, const CheckContext& context) {
  const double p_min = context.number("permutation_p_min");
  const int needed = context.profile == "quick" ? kQuickPressesPerDigit
                                                : static_cast<int>(context.number("presses_per_digit_min"));
  const KeyTrace trace(transcript);
  if (trace.trouble()) return *trace.trouble();
  std::vector<Measurement> measured;
  std::optional<Judgement> bad;
  int parts = 0;
  std::string few;
  for (const Part& part : kParts) {
    const std::vector<KeyPress> presses = trace.presses(part.name);
    if (presses.empty()) continue;
    ++parts;
    const bool movable =
        std::any_of(presses.begin(), presses.end(), [](const KeyPress& press) { return !press.real_time; });
    std::vector<sound::Observed> sounds, times;
    std::map<char, int> heard;
    char dialled = 0;
    for (const KeyPress& press : presses) {
      if (press.heard == nullptr || press.key.size() != 1) continue;
      ++heard[press.key[0]];
      sounds.push_back(by_sound(press));
      if (press.real_time != movable) times.push_back(by_time(press));
      if (dialled == 0) dialled = sound::dialled_digit(press.heard->sound);
    }
    for (char digit = '0'; digit <= '9'; ++digit)
      if (heard[digit] < needed) few = fmt::format("{} {} times on the {}", digit, heard[digit], part.en);
    const sound::Guess tone = sound::guess_labels(sounds), time = sound::guess_labels(times);
    const std::string limit = fmt::format("> {:g}", p_min);
    measured.push_back({fmt::format("p_by_sound: {}", part.name), tone.p, "p_value", limit,
                        static_cast<std::int64_t>(sounds.size())});
    measured.push_back({fmt::format("p_by_time: {}", part.name), time.p, "p_value", limit,
                        static_cast<std::int64_t>(times.size())});
    measured.push_back({fmt::format("guessed_by_sound: {}", part.name), tone.right, "ratio", "",
                        static_cast<std::int64_t>(sounds.size())});
    measured.push_back({fmt::format("guessed_by_time: {}", part.name), time.right, "ratio", "",
                        static_cast<std::int64_t>(times.size())});
    if (bad) continue;
    if (dialled != 0)
      bad = fail(
          fmt::format("the {} sounds the tones of a telephone's keys (\"{}\" was heard)", part.en, dialled),
          fmt::format("{}のキー音がDTMFである（「{}」を検出）", part.ja, dialled));
    else if (tone.p <= p_min)
      bad =
          fail(fmt::format("the sound of a key of the {} tells its digit: {:.0f} % guessed right, p = {:.3f}",
                           part.en, 100 * tone.right, tone.p),
               fmt::format("{}のキー音から数字が分かる（正答{:.0f}%、p={:.3f}）", part.ja, 100 * tone.right,
                           tone.p));
    else if (time.p <= p_min)
      bad =
          fail(fmt::format("when the sound of a key of the {} comes tells its digit: {:.0f} % guessed right, "
                           "p = {:.3f}",
                           part.en, 100 * time.right, time.p),
               fmt::format("{}のキー音の鳴る時刻から数字が分かる（正答{:.0f}%、p={:.3f}）", part.ja,
                           100 * time.right, time.p));
  }
  Judgement judgement;
  if (bad) {
    judgement = *std::move(bad);
  } else if (parts == 0 || !few.empty()) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("each digit must have been heard {} times; {}", needed, parts == 0 ? "none was" : few),
        fmt::format("各数字のキー音が{}回ずつ必要だが、足りない", needed));
  } else {
    judgement = pass("neither the sound of a key nor its moment tells the digit better than chance does",
                     "キー音からも鳴る時刻からも、偶然以上に数字を当てられない");
  }
  judgement.measurements = std::move(measured);
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
