#include "text_drawing.h"

#include <algorithm>
#include <array>
#include <ft2build.h>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include FT_FREETYPE_H

namespace shogo::sim {
namespace {

// Where Debian and Ubuntu put them.
constexpr std::array<const char*, 2> kFonts{"/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Regular.ttf",
                                            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"};
constexpr int kSmallest_px = 8;
constexpr char32_t kNoCharacter = 0xFFFD;

bool selects_variation(char32_t c) {
  return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

/// Names come from our own generator or from a person's own profile: what is no UTF-8 shows as U+FFFD.
std::u32string decode(const std::string& utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<std::uint8_t>(utf8[at++]);
    const int more = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : -1;
    char32_t c = more == 0 ? lead : more < 0 ? kNoCharacter : lead & (0x3FU >> more);
    for (int i = 0; i < more; ++i) {
      if (at >= utf8.size() || (static_cast<std::uint8_t>(utf8[at]) & 0xC0) != 0x80) {
        c = kNoCharacter;
        break;
      }
      c = c << 6 | (static_cast<std::uint8_t>(utf8[at++]) & 0x3FU);
    }
    out.push_back(c);
  }
  return out;
}

/// A character in one size, as pixels: hinting it again for every card would cost more than all the drawing.
struct Glyph {
  bool blank = false;
  int advance = 0;
  int left = 0, top = 0;
  std::vector<std::pair<int, int>> ink;  ///< (column, row) of every black pixel
};
/// Code point, variation selector, size.
using GlyphKey = std::tuple<char32_t, char32_t, int>;
/// Names and addresses use the same few hundred characters; whoever feeds in all of Unicode begins anew.
constexpr std::size_t kMostGlyphs = 4'096;

/// Owns library and fonts for the life of the program; FreeType's faces serve one thread at a time.
class Typesetter {
 public:
  static Result<Typesetter*> get() {
    static Typesetter typesetter;
    if (!typesetter.problem_.empty()) return Error{Code::kUnavailable, typesetter.problem_};
    return &typesetter;
  }

  Image draw(const std::string& utf8, int width, int height, int most_px) {
    const std::lock_guard lock(mutex_);
    if (glyphs_.size() > kMostGlyphs) glyphs_.clear();
    const std::u32string text = decode(utf8);
    int px = std::max(most_px, kSmallest_px);
    std::vector<Line> lines;
    for (;; --px) {
      lines = set(text, width, px);
      if (px == kSmallest_px || static_cast<int>(lines.size()) * line_height(px) <= height) break;
    }
    Image image{width, height, 1, Bytes(static_cast<std::size_t>(width * height), 0xFF)};
    int baseline = px * 22 / 25;  // Japanese type sits on 0.88 of its square
    for (const auto& line : lines) {
      int x = 0;
      for (const Glyph* glyph : line) {
        stamp(image, *glyph, x, baseline);
        x += glyph->advance;
      }
      baseline += line_height(px);
    }
    return image;
  }

 private:
  using Line = std::vector<const Glyph*>;

  Typesetter() {
    if (FT_Init_FreeType(&library_) != 0) {
      problem_ = "FreeType does not start";
      return;
    }
    for (std::size_t i = 0; i < kFonts.size(); ++i)
      if (FT_New_Face(library_, kFonts[i], 0, &faces_[i]) != 0)
        problem_ = fmt::format(
            "cannot open the font {}: install the packages fonts-morisawa-bizud-gothic and "
            "fonts-noto-cjk",
            kFonts[i]);
  }
  ~Typesetter() { FT_Done_FreeType(library_); }

  static int line_height(int px) { return px + px / 8; }

  const Glyph& find(char32_t c, char32_t variation, int px) {
    const GlyphKey key{c, variation, px};
    if (const auto known = glyphs_.find(key); known != glyphs_.end()) return known->second;
    return glyphs_.emplace(key, load(c, variation, px)).first->second;
  }

  Glyph load(char32_t c, char32_t variation, int px) {
    Glyph glyph;
    glyph.blank = c == U' ' || c == U'\u3000';
    FT_Face face = faces_[0];
    FT_UInt index = 0;  // the box of an unknown character
    for (FT_Face candidate : faces_) {
      const FT_UInt plain = FT_Get_Char_Index(candidate, c);
      const FT_UInt varied = variation == 0 ? 0 : FT_Face_GetCharVariantIndex(candidate, c, variation);
      if (plain == 0 && varied == 0) continue;
      face = candidate;
      index = varied != 0 ? varied : plain;
      if (variation == 0 || varied != 0) break;  // else the next font may know the variant
    }
    FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(px));
    if (FT_Load_Glyph(face, index, FT_LOAD_TARGET_MONO) != 0) return glyph;
    const FT_GlyphSlot slot = face->glyph;
    glyph.advance = static_cast<int>(slot->advance.x >> 6);
    if (glyph.blank || FT_Render_Glyph(slot, FT_RENDER_MODE_MONO) != 0) return glyph;
    glyph.left = slot->bitmap_left;
    glyph.top = slot->bitmap_top;
    const FT_Bitmap& bits = slot->bitmap;
    for (int row = 0; row < static_cast<int>(bits.rows); ++row)
      for (int column = 0; column < static_cast<int>(bits.width); ++column)
        if ((bits.buffer[row * bits.pitch + column / 8] >> (7 - column % 8) & 1) != 0)
          glyph.ink.emplace_back(column, row);
    return glyph;
  }

  /// Breaks at a blank where the line has one, else anywhere, as Japanese does.
  std::vector<Line> set(const std::u32string& text, int width, int px) {
    std::vector<Line> lines(1);
    int x = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool varied = i + 1 < text.size() && selects_variation(text[i + 1]);
      const Glyph& glyph = find(text[i], varied ? text[i + 1] : 0, px);
      if (varied) ++i;
      if (x + glyph.advance > width && !lines.back().empty()) {
        Line& full = lines.back();
        const auto blank = std::find_if(full.rbegin(), full.rend(), [](const Glyph* g) { return g->blank; });
        Line next(blank.base(), full.end());
        if (blank == full.rend()) next.clear();
        full.resize(full.size() - next.size());
        x = 0;
        for (const Glyph* moved : next) x += moved->advance;
        lines.push_back(std::move(next));
      }
      lines.back().push_back(&glyph);
      x += glyph.advance;
    }
    return lines;
  }

  static void stamp(Image& image, const Glyph& glyph, int x, int baseline) {
    for (const auto& [column, row] : glyph.ink) {
      const int to_x = x + glyph.left + column, to_y = baseline - glyph.top + row;
      if (to_x < 0 || to_x >= image.width || to_y < 0 || to_y >= image.height) continue;
      image.pixels[static_cast<std::size_t>(to_y * image.width + to_x)] = 0;
    }
  }

  std::mutex mutex_;
  FT_Library library_ = nullptr;
  std::array<FT_Face, kFonts.size()> faces_{};
  std::map<GlyphKey, Glyph> glyphs_;  ///< its elements stay where they are
  std::string problem_;
};

}  // namespace

Result<Image> draw_text(const std::string& utf8, int width, int height, int most_px) {
  SHOGO_TRY(Typesetter * typesetter, Typesetter::get());
  return typesetter->draw(utf8, width, height, most_px);
}

}  // namespace shogo::sim
