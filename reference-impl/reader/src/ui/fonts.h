// Fonts: BIZ UDPGothic, and Noto Sans CJK for glyphs it lacks (𠮷, Hangul, simplified forms). Sizes are the
// height of a line of text in pixels as people measure it: the height of a kanji's body.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

struct _TTF_Font;

namespace shogo::reader {

class Font {
 public:
  Font(_TTF_Font* first, _TTF_Font* second, double size_px)
      : first_(first), second_(second), size_px_(size_px) {}
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
  double size_px_;
};

/// Opens fonts once for each size. Not for more than one thread.
class Fonts {
 public:
  static Result<std::unique_ptr<Fonts>> open();
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;
  const Font& get(double size_px, bool bold);

 private:
  Fonts() = default;
  std::map<std::pair<int, bool>, std::unique_ptr<Font>> fonts_;
  std::vector<_TTF_Font*> handles_;
  std::string regular_, bold_, fallback_, fallback_bold_;
};

/// Code points of UTF-8; malformed bytes become U+FFFD.
[[nodiscard]] std::u32string decode_utf8(std::string_view utf8);
[[nodiscard]] std::string encode_utf8(std::u32string_view text);

}  // namespace shogo::reader
