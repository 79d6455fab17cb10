// Every text a patient reads, in every language, from one table (data/messages.json).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::reader {

/// In the order in which the language button goes round; the first is what the next patient meets. A new one
/// is a line in kLanguages and a column of words in data/messages.json: nothing else asks which languages
/// there are.
enum class Language { kJapanese, kEnglish, kChinese, kKorean };
inline constexpr std::pair<Language, std::string_view> kLanguages[] = {{Language::kJapanese, "ja"},
                                                                       {Language::kEnglish, "en"},
                                                                       {Language::kChinese, "zh"},
                                                                       {Language::kKorean, "ko"}};
[[nodiscard]] std::string_view code_of(Language language);
/// The one that follows among those in `offered` (in the order of kLanguages, round and round); `language`
/// itself when there is no other.
[[nodiscard]] Language next_after(Language language, const std::vector<Language>& offered);
[[nodiscard]] std::vector<Language> all_languages();

struct ScreenText {
  std::string title, body;
  std::string number;  ///< of an error, small, for the staff; empty for other screens
};

class Messages {
 public:
  static Result<Messages> load(std::string_view text, std::string_view where);
  static const Messages& built_in();
  /// Throws std::out_of_range for an unknown key: a programming error, found by the completeness test.
  [[nodiscard]] const std::string& word(std::string_view key, Language language) const;
  [[nodiscard]] const ScreenText& screen(std::string_view name, Language language) const;
  [[nodiscard]] bool has_screen(std::string_view name) const {
    return screens_.count(std::string(name)) != 0;
  }

 private:
  std::map<std::string, std::map<Language, std::string>> words_;
  std::map<std::string, std::map<Language, ScreenText>> screens_;
};

}  // namespace shogo::reader
