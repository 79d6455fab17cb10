#include "letters.h"

#include <algorithm>
#include <iconv.h>
#include <iterator>
#include <memory>
#include <set>

namespace shogo::conformance {
namespace {

/// Characters that a typeface draws as one closed box. Those that are near it count, too: too many spoil
/// nothing but a defect in one of themselves.
constexpr std::u32string_view kBoxes =
    U"口ロ日目田回国囗四図団因困固囲圏園圓國圍圖围图团园圆囚曰白自由甲申旦且皿西酉百面□■明暗時时晴晚映昨間间"
    U"問问門门閉闭開聞闻";

/// Code points; U+FFFD for what is none.
std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    bool good = length > 0 && i + length <= utf8.size();
    char32_t c = length <= 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; good && k < length; ++k) {
      const auto next = static_cast<unsigned char>(utf8[i + k]);
      good = (next & 0xC0) == 0x80;
      c = c << 6 | (next & 0x3FU);
    }
    out.push_back(good ? c : U'\uFFFD');
    i += good ? length : 1;
  }
  return out;
}

std::string utf8_of(char32_t c) {
  std::string out;
  if (c < 0x10000) {
    out = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
           static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    out = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
           static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
  return out;
}

/// Whether a code table has a character. Without the table (a system without iconv's) it has all of them:
/// kana and Hangul still tell languages apart.
class CodeTable {
 public:
  explicit CodeTable(const char* name) : handle_(::iconv_open(name, "UTF-8")) {}
  ~CodeTable() {
    if (there()) ::iconv_close(handle_);
  }
  CodeTable(const CodeTable&) = delete;
  CodeTable& operator=(const CodeTable&) = delete;
  [[nodiscard]] bool has(char32_t c) {
    if (!there()) return true;
    std::string in = utf8_of(c);
    char out[8];
    char* from = in.data();
    char* to = out;
    std::size_t left = in.size(), room = sizeof out;
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    return ::iconv(handle_, &from, &left, &to, &room) == 0 && left == 0;
  }

 private:
  // iconv_open's own sign of failure is a pointer of -1.
  [[nodiscard]] bool there() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  iconv_t handle_;
};

const char* table_of(std::string_view lang) {
  if (primary_language(lang) != "zh") return nullptr;
  for (const char* part : {"Hant", "TW", "HK", "MO"})
    if (lang.find(part) != std::string_view::npos) return "BIG5";
  return "GB2312";
}

}  // namespace

Letters letters_of(std::string_view text, std::string_view lang) {
  Letters found;
  std::set<char32_t> kinds;
  std::unique_ptr<CodeTable> table;
  if (const char* name = table_of(lang)) table = std::make_unique<CodeTable>(name);
  for (const char32_t c : code_points(text)) {
    const bool kana =
        (c >= 0x3041 && c <= 0x30FA) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0xFF66 && c <= 0xFF9D);
    const bool han =
        (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
    const bool hangul =
        (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF) || (c >= 0x3131 && c <= 0x318E);
    found.kana += kana ? 1 : 0;
    found.han += han ? 1 : 0;
    found.hangul += hangul ? 1 : 0;
    found.latin += (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x24F) ? 1 : 0;
    found.lost = found.lost || c == 0xFFFD;
    if (kana || han || hangul) kinds.insert(c);
    if (han && table && !table->has(c)) found.alien = true;
    // Syllables with ㅁ, at the beginning or at the end.
    constexpr char32_t kFirst = 0xAC00, kVowels = 21, kEnds = 28, kInitialM = 6, kFinalM = 16;
    const bool syllable = c >= kFirst && c <= 0xD7A3;
    const bool with_m =
        syllable && ((c - kFirst) / (kVowels * kEnds) == kInitialM || (c - kFirst) % kEnds == kFinalM);
    found.boxes += with_m || kBoxes.find(c) != std::u32string_view::npos ? 1 : 0;
  }
  found.kinds = static_cast<int>(kinds.size());
  return found;
}

std::string primary_language(std::string_view lang) {
  return std::string(lang.substr(0, lang.find_first_of("-_")));
}

bool is_language_name(std::string_view text) {
  constexpr std::string_view kNames[] = {"日本語", "English", "中文",     "简体中文", "繁體中文", "繁体中文",
                                         "汉语",   "한국어",  "Language", "言語",     "ja",       "en"};
  return std::find(std::begin(kNames), std::end(kNames), text) != std::end(kNames);
}

Fits fits(const Letters& letters, std::string_view lang) {
  const std::string language = primary_language(lang);
  if (language == "en") return letters.wide() > 0 ? Fits::kNo : Fits::kYes;
  if (language == "zh") {
    if (letters.kana > 0 || letters.hangul > 0 || letters.alien) return Fits::kNo;
    return letters.han > 0 ? Fits::kYes : Fits::kName;
  }
  if (language == "ko") {
    if (letters.kana > 0 || letters.han > 0) return Fits::kNo;
    return letters.hangul > 0 ? Fits::kYes : Fits::kName;
  }
  return Fits::kYes;
}

}  // namespace shogo::conformance
