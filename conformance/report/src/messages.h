// The words of every page, in both languages: data/messages.json.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <shogo/conformance/report.h>

namespace shogo::conformance {

/// The text of a key. An unknown key is a programming error (std::logic_error); a test compares the keys that
/// the code names with those of the table.
[[nodiscard]] std::string_view message(Language language, std::string_view key);

/// The text with {0}, {1}, … filled in.
template <typename... Args>
[[nodiscard]] std::string say(Language language, std::string_view key, const Args&... args) {
  return fmt::format(fmt::runtime(message(language, key)), args...);
}

[[nodiscard]] inline Language other(Language language) {
  return language == Language::kJa ? Language::kEn : Language::kJa;
}
[[nodiscard]] inline std::string_view code(Language language) {
  return language == Language::kJa ? "ja" : "en";
}
[[nodiscard]] inline const std::string& in(Language language, const Bilingual& text) {
  return language == Language::kJa ? text.ja : text.en;
}
/// ○, −, ＊
[[nodiscard]] std::string_view mark(Level level);
[[nodiscard]] std::string_view level_word(Language language, Level level);
[[nodiscard]] std::string_view verdict_word(Language language, Verdict verdict);

}  // namespace shogo::conformance
