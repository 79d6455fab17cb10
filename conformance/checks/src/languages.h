// Four languages: 1-22.a on the screens (the walk of screen_walk.h shows each page in every language), 1-22.b
// in speech.
#pragma once

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// Those that the document names beside Japanese.
inline constexpr std::string_view kNamedLanguages[] = {"en", "zh", "ko"};

Judgement judge_language_screens(const Transcript& transcript, const CheckContext& context);

/// Event kinds of the script of 1-22.b: a page that was listened to in one language, and a phrase of it that
/// was looked for in what was heard, with the language of the recording it was compared with.
inline constexpr std::string_view kSpokenIn = "spoken_in", kPhraseIn = "phrase_in";
/// In the profile quick so much of each page is heard (in virtual time), enough for a heading and its
/// sentence; in the others each page says all it has to say.
inline constexpr milliseconds kQuickListen{9'000};
Result<void> stimulate_spoken_languages(Stage& stage);
Judgement judge_spoken_languages(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
