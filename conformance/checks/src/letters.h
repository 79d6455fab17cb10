// In which language a text can be, by the letters it is written with (1-22.a): kana are Japanese, Hangul is
// Korean, and Chinese is Han characters that the code table of its country has. Nothing is understood, so
// Han characters that both countries write alike count for both. Pure.
#pragma once

#include <string>
#include <string_view>

namespace shogo::conformance {

struct Letters {
  int kana = 0, han = 0, hangul = 0, latin = 0;
  int boxes = 0;       ///< of them, those that are drawn as a closed box: 口, 日, 国, 마
  int kinds = 0;       ///< different ones among kana, Han and Hangul
  bool lost = false;   ///< U+FFFD, or bytes that are no UTF-8
  bool alien = false;  ///< Han characters outside the code table of `lang`
  [[nodiscard]] int wide() const { return kana + han + hangul; }
  [[nodiscard]] bool any() const { return wide() + latin > 0; }
};
/// `lang`: BCP 47, as a device tells it: "zh" and "zh-CN" are simplified (GB 2312), "zh-TW", "zh-HK" and
/// "zh-Hant" traditional (Big5); other languages have no table.
[[nodiscard]] Letters letters_of(std::string_view text, std::string_view lang);

/// "zh" of "zh-CN".
[[nodiscard]] std::string primary_language(std::string_view lang);
/// A language's name for itself: it stands on the pages of the others, in its own letters.
[[nodiscard]] bool is_language_name(std::string_view text);

enum class Fits { kYes, kNo, kName };  ///< kName: Latin letters alone, right for a name only
/// Whether a text of these letters can be of the language. Japanese takes everything.
[[nodiscard]] Fits fits(const Letters& letters, std::string_view lang);

}  // namespace shogo::conformance
