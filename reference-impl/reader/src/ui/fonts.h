// Fonts by language: BIZ UDPGothic for Japanese and English, with Noto Sans CJK for glyphs it lacks (𠮷);
// Chinese and Korean in their own face of Noto Sans CJK, because the same character is written otherwise
// there (直, 骨, 认). Sizes are the height of a line of text in pixels as people measure it: the height of a
// kanji's body.
#pragma once

#include "ui/messages.h"
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <shogo/base/result.h>

struct _TTF_Font;

namespace shogo::reader {

class Font {
 public:
  /// `ascent`: from a line's top to its base line, in pixels: one for every language, so that a page keeps
  /// its place.
  Font(_TTF_Font* first, _TTF_Font* second, int ascent, double size_px)
      : first_(first), second_(second), ascent_(ascent), size_px_(size_px) {}
  [[nodiscard]] double size_px() const { return size_px_; }
  /// Width of one line in pixels.
  [[nodiscard]] double width(std::string_view utf8) const;
  /// Calls `pixel` for every covered pixel relative to the line's top left corner; returns the width. Safe
  /// with any bytes.
  double draw(std::string_view utf8,
              const std::function<void(int x, int y, std::uint8_t coverage)>& pixel) const;
  /// Whether one of the two fonts has every glyph of the text.
  [[nodiscard]] bool has_all(std::string_view utf8) const;

 private:
  _TTF_Font* first_;
  _TTF_Font* second_;
  int ascent_;
  double size_px_;
};

/// Which fonts a text is set in; kJapaneseAlone: without what helps out where a glyph is missing.
enum class FontSet { kByLanguage, kJapaneseAlone };

/// Opens fonts once for each size. Not for more than one thread.
class Fonts {
 public:
  static Result<std::unique_ptr<Fonts>> open();
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;
  const Font& get(double size_px, bool bold, Language language = Language::kJapanese,
                  FontSet set = FontSet::kByLanguage);

 private:
  struct Face {
    std::string path;  ///< empty: not installed
    long index = 0;    ///< within a collection
  };
  Fonts() = default;
  _TTF_Font* open(const Face& face, int size);
  std::map<std::tuple<int, bool, Language, FontSet>, std::unique_ptr<Font>> fonts_;
  std::vector<_TTF_Font*> handles_;
  Face japanese_[2];                 ///< regular, bold
  std::map<Language, Face> cjk_[2];  ///< the same, by the language whose forms it has
};

/// Code points of UTF-8; malformed bytes become U+FFFD.
[[nodiscard]] std::u32string decode_utf8(std::string_view utf8);
[[nodiscard]] std::string encode_utf8(std::u32string_view text);

}  // namespace shogo::reader
