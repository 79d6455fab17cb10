#include "key_sounds.h"

#include "card_trace.h"
#include "clock_agreement.h"
#include "journey.h"
#include "physical_keypad.h"
#include "virtual_time.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <fmt/core.h>

#include <shogo/contract/device_protocol.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/sound/phrase.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
namespace cap = contract::cap;

constexpr sim::Patient kWho = sim::Patient::kValid;
/// Presses are as far apart as a quick finger's; a tone and a little silence have room.
constexpr milliseconds kBetween{110};
/// Where time costs nothing: each tone is a sound of its own, and its moment exact to a sample.
constexpr milliseconds kApart{260};
/// Digits a group holds: a device may send the fourth at once. Then as many are deleted.
constexpr std::size_t kGroup = 3;
constexpr int kQuickReal = 12, kFullReal = 60;  // digits; each is deleted again
constexpr int kFullPressesPerDigit = 20;
/// Of each digit, so far apart that its name could be said.
constexpr int kQuickSlow = 3, kFullSlow = 20;
constexpr milliseconds kWordLong{1'500};
constexpr std::string_view kDigitWords[] = {"ゼロ", "いち", "に",   "さん", "よん",
                                            "ご",   "ろく", "なな", "はち", "きゅう"};

/// How a part's keys are pressed: '0' to '9', or 'x' for delete.
using Press = std::function<Result<void>(char key)>;
/// How time goes on between two presses.
using Pass = std::function<Result<void>()>;

/// Every digit `each` times, or (0) `count` random ones, in random order.
std::string digits_of(Rng& rng, int each, int count) {
  std::string digits;
  for (int i = 0; i < 10 * each; ++i) digits.push_back(static_cast<char>('0' + i % 10));
  for (int i = 0; each == 0 && i < count; ++i)
    digits.push_back(static_cast<char>('0' + static_cast<int>(rng.below(10))));
  rng.shuffle(digits);
  return digits;
}

/// What was pressed so far goes into `pressed`, too: the script itself looks whether it must listen again.
Result<void> press_all(Stage& stage, std::string_view part, bool real_time, std::string_view digits,
                       const Press& press, const Pass& pass, std::vector<KeyPress>& pressed) {
  const auto one = [&](char key) -> Result<void> {
    SHOGO_TRY(const Nanoseconds now, device_now(stage));
    const std::string name = key == 'x' ? std::string("delete") : std::string(1, key);
    stage.record(source::kHarness, "key_press",
                 {{"part", part}, {"key", name}, {"real_time", real_time}, {"t_press_ns", now.count()}});
    pressed.push_back({std::string(part), name, now, real_time, nullptr, 0, 0});
    SHOGO_CHECK_OK(press(key));
    return pass();
  };
  for (std::size_t at = 0; at < digits.size(); at += kGroup) {
    const std::string_view group = digits.substr(at, kGroup);
    for (const char digit : group) SHOGO_CHECK_OK(one(digit));
    for (std::size_t i = 0; i < group.size(); ++i) SHOGO_CHECK_OK(one('x'));
  }
  return {};
}

/// Are the digits' names in what was heard? The search itself is tried on each name first.
Result<void> search_digits(Stage& stage, std::string_view part, const std::vector<sound::Stretch>& heard) {
  const auto voice = contract::VoicePack::open(contract::voice_folder());
  if (!voice.ok()) return {};
  Sound all{sound::kEvidenceRate, {}};
  for (const sound::Stretch& stretch : heard) {
    all.samples.insert(all.samples.end(), stretch.sound.samples.begin(), stretch.sound.samples.end());
    all.samples.resize(all.samples.size() + sound::kEvidenceRate / 10);
  }
  const sound::Spectrogram said(all);
  // A digit's name within a sentence of the device is no digit: 「に」 in 「カードが取り出されました」.
  std::vector<sound::Spectrogram> sentences;
  for (const std::string& text : voice->texts("ja")) {
    const bool number = text.find_first_of("0123456789") != std::string::npos;
    const bool name =
        std::find(std::begin(kDigitWords), std::end(kDigitWords), text) != std::end(kDigitWords);
    if (const auto speech = voice->speech("ja", text); !number && !name && speech.ok())
      sentences.emplace_back(*speech, true);
  }
  for (const std::string_view word : kDigitWords) {
    const auto speech = voice->speech("ja", word);
    if (!speech.ok()) continue;
    const sound::Spectrogram name(*speech, true);
    const auto look = [&](std::string_view in, const sound::Spectrogram& where) {
      stage.record(source::kHarness, kDigitSearch,
                   {{"in", in},
                    {"text", word},
                    {"distance", std::round(1'000 * find_phrase(where, name).distance) / 1'000},
                    {"heard", find_word(where, name, sentences).distance <= sound::kSamePhrase}});
    };
    look("control", sound::Spectrogram(*speech));
    look(part, said);
  }
  return {};
}

std::vector<HeardTone> tones_of(const std::vector<sound::Stretch>& heard) {
  std::vector<HeardStretch> stretches;
  for (const sound::Stretch& stretch : heard)
    stretches.push_back({stretch.begin, stretch.end(), stretch.sound, ""});
  return tones_in(stretches);
}

/// Every digit `each` times, `apart` from each other; in virtual time where it is there.
Result<void> press_each(Stage& stage, std::string_view part, int each, const Press& press, bool movable,
                        milliseconds apart, std::vector<KeyPress>& pressed) {
  const std::string digits = digits_of(stage.rng(), each, 0);
  if (!movable)
    return press_all(
        stage, part, true, digits, press, [&] { return stage.linger(apart); }, pressed);
  SHOGO_TRY(VirtualTime time, VirtualTime::begin(stage));
  SHOGO_CHECK_OK(press_all(
      stage, part, false, digits, press, [&] { return time.advance(stage, apart); }, pressed));
  return time.end(stage);
}

Result<void> play_slow(Stage& stage, Ear& ear, std::string_view part, const Press& press, bool movable) {
  std::vector<KeyPress> pressed;
  SHOGO_CHECK_OK(
      press_each(stage, part, stage.count(kQuickSlow, kFullSlow), press, movable, kWordLong, pressed));
  SHOGO_TRY(std::vector<sound::Stretch> heard, ear.keep());
  const std::vector<HeardTone> tones = tones_of(heard);
  if (guess_by_what_follows(heard_after(std::move(pressed), tones)).p <= kSuspicionP) {
    std::vector<KeyPress> again;
    SHOGO_CHECK_OK(press_each(stage, std::string(part) + std::string(kAgain), kSlowPressesAgain, press,
                              movable, kWordLong, again));
    SHOGO_TRY(const std::vector<sound::Stretch> more, ear.keep());
    heard.insert(heard.end(), more.begin(), more.end());
  }
  return search_digits(stage, part, heard);
}

Result<void> play_part(Stage& stage, Ear& ear, std::string_view part, const Press& press, bool movable) {
  SHOGO_CHECK_OK(ear.let_it_finish());
  SHOGO_TRY(const Frame before, stage.settled_frame());
  const Mark begun = stage.mark();
  SHOGO_CHECK_OK(press('1'));
  const auto shown = stage.frame_after(begun, milliseconds(2'000));
  if (shown.ok()) stage.record(source::kHarness, "keys_felt", {{"part", part}});
  SHOGO_CHECK_OK(press('x'));
  SHOGO_CHECK_OK(stage.linger(2 * kBetween));
  SHOGO_TRY([[maybe_unused]] const std::vector<sound::Stretch> earlier, ear.keep());
  std::vector<KeyPress> pressed;
  SHOGO_CHECK_OK(press_all(
      stage, part, true, digits_of(stage.rng(), 0, stage.count(kQuickReal, kFullReal)), press,
      [&] { return stage.linger(kBetween); }, pressed));
  const milliseconds apart = movable ? kApart : kBetween;
  SHOGO_CHECK_OK(press_each(stage, part, stage.count(kQuickPressesPerDigit, kFullPressesPerDigit), press,
                            movable, apart, pressed));
  SHOGO_TRY(const std::vector<sound::Stretch> heard, ear.keep());
  const std::vector<HeardTone> tones = tones_of(heard);
  const DigitGuesses first = guess_digits(heard_after(std::move(pressed), tones));
  if (std::min(first.by_sound.p, first.by_time.p) > kSuspicionP) return {};
  std::vector<KeyPress> again;
  SHOGO_CHECK_OK(press_each(stage, std::string(part) + std::string(kAgain), kPressesAgain, press, movable,
                            apart, again));
  SHOGO_TRY([[maybe_unused]] const std::vector<sound::Stretch> kept, ear.keep());
  return {};
}

Result<void> touch(Stage& stage, const Box& box) {
  for (const std::string_view phase : {"down", "up"}) {
    json::array points;
    points.push_back(json::array{std::lround(box.center_x()), std::lround(box.center_y())});
    SHOGO_CHECK_OK(
        stage.device().call("touch", {{"points", std::move(points)}, {"phase", phase}}, kAnswerWait));
  }
  return {};
}

}  // namespace

Result<void> stimulate_key_sounds(Stage& stage) {
  const bool movable = stage.device().has(cap::kClockVirtual);
  SHOGO_TRY(Ear ear, Ear::begin(stage));
  SHOGO_CHECK_OK(stage.watch_screen());
  if (movable)
    SHOGO_CHECK_OK(
        play_clock_agreement(stage, stage.profile() == "quick" ? kQuickClockCase : kFullClockCase));
  if (stage.device().has(cap::kSettings)) SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", 600'000}}));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(const PinPad pad, PinPad::find(stage));
  SHOGO_TRY(const UiTree tree, stage.ui_tree());
  // It may be disabled as long as there is nothing to delete.
  const UiNode* erase = nullptr;
  for (const UiNode& node : tree.nodes)
    for (const std::string_view word : {"消す", "削除", "訂正", "Delete", "Clear"})
      if (node.role == "button" && node.text == word) erase = &node;
  if (erase == nullptr)
    return Error{Code::kNotFound, "the PIN page has no key that deletes a digit (消す, Delete)"};
  const Box erase_box{static_cast<double>(erase->x), static_cast<double>(erase->y),
                      static_cast<double>(erase->x + erase->width),
                      static_cast<double>(erase->y + erase->height)};
  const Press on_screen = [&](char key) {
    return touch(stage, key == 'x' ? erase_box : pad.keypad().digit(key - '0').box);
  };
  SHOGO_CHECK_OK(play_part(stage, ear, kScreenPart, on_screen, movable));
  SHOGO_CHECK_OK(play_slow(stage, ear, kSlowScreenPart, on_screen, movable));
  // A device that does not say whether it has a keypad is asked by its clauses; the screen's stay judged.
  const auto there = has_keypad(stage);
  if (there.ok() && *there) {
    const bool in_housing = stage.device().has(cap::kInputKey);
    const Press on_keypad = [&](char key) {
      return press_unseen(stage, key == 'x' ? std::string_view("r4c1") : place_of(key));
    };
    SHOGO_CHECK_OK(play_part(stage, ear, kKeypadPart, on_keypad, movable && in_housing));
    SHOGO_CHECK_OK(play_slow(stage, ear, kSlowKeypadPart, on_keypad, movable && in_housing));
  }
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

std::vector<KeyPress> heard_after(std::vector<KeyPress> presses, const std::vector<HeardTone>& tones) {
  for (std::size_t i = 0; i < presses.size(); ++i) {
    KeyPress& press = presses[i];
    // The last of a row has as long as the others.
    constexpr milliseconds kOwn{1'500};
    Nanoseconds end = press.at + Nanoseconds(kOwn);
    if (i + 1 < presses.size()) end = std::min(end, presses[i + 1].at);
    for (const HeardTone& tone : tones) {
      if (tone.begin < press.at - kOnset || tone.begin >= end - kOnset) continue;
      if (press.heard == nullptr) press.heard = &tone;
      ++press.onsets;
      press.sounding_ms += std::chrono::duration<double, std::milli>(tone.end - tone.begin).count();
    }
  }
  return presses;
}

KeyTrace::KeyTrace(const Transcript& transcript) {
  int unreadable = 0;
  tones_ = tones_in(heard_in(transcript, unreadable));
  for (const Event* event : transcript.select(source::kHarness, "keys_felt"))
    felt_.push_back(text_of(event->data, "part"));
  for (const Event* event : transcript.select(source::kHarness, "key_press")) {
    const boost::json::value* real = event->data.if_contains("real_time");
    presses_.push_back({text_of(event->data, "part"), text_of(event->data, "key"),
                        Nanoseconds(integer_of(event->data, "t_press_ns", -1)),
                        real != nullptr && real->is_bool() && real->get_bool(), nullptr, 0, 0});
  }
  presses_ = heard_after(std::move(presses_), tones_);
  if (!sound_is_whole(transcript) || unreadable > 0)
    trouble_ =
        inconclusive(Reason::kControlFailed, "parts of the recording are missing, so silence says nothing",
                     "録音の一部が欠けており、無音かどうかを判断できない");
  else
    trouble_ = clock_unverified(transcript);
}

std::vector<KeyPress> KeyTrace::presses(std::string_view part) const {
  std::vector<KeyPress> found;
  for (const KeyPress& press : presses_)
    if (press.part == part) found.push_back(press);
  return found;
}

bool KeyTrace::felt(std::string_view part) const {
  return std::find(felt_.begin(), felt_.end(), part) != felt_.end();
}

}  // namespace shogo::conformance
