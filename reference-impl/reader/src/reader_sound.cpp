// What the reader lets be heard (1-13).
#include "reader.h"
#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace shogo::reader {
namespace {

/// Between two texts: they are not one sentence.
constexpr milliseconds kPause{350};

}  // namespace

void Reader::listen(bool somebody) {
  listened_ = somebody;
  speaker_.clear();
}

void Reader::key_sounds(char digit, bool physical) {
  const KeySound key = hooks_.key_sound(digit, physical);
  if (listened_ && key.sound != nullptr) speaker_.tone(*key.sound, clock_.now() + key.after);
  if (const std::string words = hooks_.says_of_key(digit); !words.empty())
    say({words}, Speaker::Urgency::kAfter, language_);
}

void Reader::hand_out_sound() {
  for (const Heard& piece : speaker_.pump(clock_.now())) outlets_.heard(piece);
}

void Reader::announce(Speaker::Urgency urgency) {
  const JourneyState& now = journey_.state(state_);
  const bool identified = std::exchange(just_identified_, false);
  // Gone before a word of it could be said.
  if (now.state == contract::State::kWiping || !listened_) return;
  Announcement said{announcement(page_, messages_, language_, keypad_there_), false, language_};
  // 1-13.a: the questions that may follow are no answer to whether it was right.
  if (identified) said.texts.insert(said.texts.begin(), messages_.word("say_identified", language_));
  hooks_.announce(said, now, page_);
  if (said.beep) speaker_.tone(key_tone(), clock_.now());
  say(said.texts, urgency, said.language);
}

void Reader::say(const std::vector<std::string>& texts, Speaker::Urgency urgency, Language language) {
  if (!listened_ || !voice_ || hooks_.says_elsewhere(texts, language, outlets_.send)) return;
  for (const std::string& text : texts) {
    auto speech = voice_->speech(code_of(language), text);
    if (!speech.ok()) {
      if (!unspoken_)
        log_.write("unspoken", {{"screen", PublicText::from_table(journey_.state(state_).screen)}});
      unspoken_ = true;
      continue;
    }
    Sound sound = resampled(*speech, kSpeakerRate);
    sound.samples.resize(sound.samples.size() + kSpeakerRate * kPause.count() / 1'000);
    (void)speaker_.say(sound, urgency, clock_.now());
    urgency = Speaker::Urgency::kAfter;
  }
}

void Reader::set_volume(int step) {
  const std::int64_t to = std::clamp<std::int64_t>(step, kMinVolume, kMaxVolume);
  // Kept over a restart like whatever else staff set (1-13.e).
  (void)change(fmt::format(R"({{"volume":{}}})", to));
  log_.write("volume", {{"step", to}});
}

}  // namespace shogo::reader
