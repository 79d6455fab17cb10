#include "ui/fonts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <SDL2/SDL_ttf.h>
#include <fmt/core.h>

namespace shogo::reader {
namespace {

// Where Debian and Ubuntu put them: regular, bold.
constexpr const char* kJapanese[] = {"/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf",
                                     "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf"};
constexpr const char* kCjk[] = {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
                                "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"};
/// Whose forms of a character a face of the collection has.
constexpr std::pair<Language, std::string_view> kForms[] = {{Language::kJapanese, "Noto Sans CJK JP"},
                                                            {Language::kChinese, "Noto Sans CJK SC"},
                                                            {Language::kKorean, "Noto Sans CJK KR"}};

bool exists(const char* path) {
  std::error_code ec;
  return std::filesystem::exists(path, ec);
}

/// The place of each face in the collection, by its name: another edition may have them in another order.
std::map<Language, long> faces_of(const char* path) {
  std::map<Language, long> faces;
  long count = 1;
  for (long i = 0; i < count; ++i) {
    TTF_Font* font = TTF_OpenFontIndex(path, 12, i);
    if (font == nullptr) break;
    count = TTF_FontFaces(font);
    const char* family = TTF_FontFaceFamilyName(font);
    for (const auto& [language, name] : kForms)
      if (family != nullptr && family == name) faces.emplace(language, i);
    TTF_CloseFont(font);
  }
  return faces;
}

/// Runs of the text that one font can show, in order.
template <typename Visit>
void runs(std::u32string_view text, TTF_Font* first, TTF_Font* second, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    TTF_Font* font = TTF_GlyphIsProvided32(first, text[at]) != 0 || second == nullptr ? first : second;
    std::size_t end = at + 1;
    while (end < text.size() &&
           (TTF_GlyphIsProvided32(first, text[end]) != 0 || second == nullptr ? first : second) == font)
      ++end;
    visit(font, encode_utf8(text.substr(at, end - at)));
    at = end;
  }
}

}  // namespace

std::u32string decode_utf8(std::string_view utf8) {
  std::u32string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    std::size_t length = lead < 0x80                   ? 1
                         : lead >= 0xC2 && lead < 0xE0 ? 2
                         : lead >= 0xE0 && lead < 0xF0 ? 3
                         : lead >= 0xF0 && lead < 0xF5 ? 4
                                                       : 0;
    char32_t c = length == 1 ? lead : length == 0 ? 0xFFFD : lead & (0x7F >> length);
    bool good = length != 0 && i + length <= utf8.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      const auto next = static_cast<unsigned char>(utf8[i + k]);
      good = (next & 0xC0) == 0x80;
      c = c << 6 | (next & 0x3F);
    }
    constexpr char32_t kShortest[] = {0, 0, 0x80, 0x800, 0x10000};
    good = good && c >= kShortest[length] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    out.push_back(good ? c : 0xFFFD);
    i += good ? length : 1;
  }
  return out;
}

std::string encode_utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
      out.push_back(static_cast<char>(0xC0 | c >> 6));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | c >> 12));
      out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    } else {
      out.push_back(static_cast<char>(0xF0 | c >> 18));
      out.push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
      out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
    }
  }
  return out;
}

double Font::width(std::string_view utf8) const {
  double total = 0;
  runs(decode_utf8(utf8), first_, second_, [&](TTF_Font* font, const std::string& run) {
    int w = 0;
    int h = 0;
    TTF_SizeUTF8(font, run.c_str(), &w, &h);
    total += w;
  });
  return total;
}

bool Font::has_all(std::string_view utf8) const {
  const std::u32string text = decode_utf8(utf8);
  return std::all_of(text.begin(), text.end(), [&](char32_t c) {
    return TTF_GlyphIsProvided32(first_, c) != 0 ||
           (second_ != nullptr && TTF_GlyphIsProvided32(second_, c) != 0);
  });
}

double Font::draw(std::string_view utf8, const std::function<void(int, int, std::uint8_t)>& pixel) const {
  double pen = 0;
  runs(decode_utf8(utf8), first_, second_, [&](TTF_Font* font, const std::string& run) {
    SDL_Surface* surface = TTF_RenderUTF8_Blended(font, run.c_str(), SDL_Color{255, 255, 255, 255});
    if (surface == nullptr) return;
    // Whatever the font, it stands on the line's one base line.
    const int drop = ascent_ - TTF_FontAscent(font);
    for (int y = 0; y < surface->h; ++y) {
      const auto* row = reinterpret_cast<const std::uint32_t*>(
          static_cast<const std::uint8_t*>(surface->pixels) + y * surface->pitch);
      for (int x = 0; x < surface->w; ++x) {
        const auto coverage = static_cast<std::uint8_t>(row[x] >> 24);
        if (coverage != 0) pixel(static_cast<int>(pen) + x, y + drop, coverage);
      }
    }
    pen += surface->w;
    SDL_FreeSurface(surface);
  });
  return pen;
}

Result<std::unique_ptr<Fonts>> Fonts::open() {
  if (TTF_Init() != 0)
    return Error{Code::kUnavailable, fmt::format("SDL_ttf does not start: {}", TTF_GetError())};
  auto fonts = std::unique_ptr<Fonts>(new Fonts);
  for (const std::size_t weight : {0U, 1U}) {
    for (const auto& [language, index] : faces_of(kCjk[weight]))
      fonts->cjk_[weight][language] = {kCjk[weight], index};
    fonts->japanese_[weight] =
        exists(kJapanese[weight]) ? Face{kJapanese[weight], 0} : fonts->cjk_[weight][Language::kJapanese];
    if (fonts->japanese_[weight].path.empty())
      return Error{
          Code::kNotFound,
          "no Japanese font: install fonts-morisawa-bizud-gothic and fonts-noto-cjk (ci/setup does)"};
  }
  return fonts;
}

Fonts::~Fonts() {
  fonts_.clear();
  for (TTF_Font* handle : handles_) TTF_CloseFont(handle);
  TTF_Quit();
}

TTF_Font* Fonts::open(const Face& face, int size) {
  if (face.path.empty()) return nullptr;
  TTF_Font* handle = TTF_OpenFontIndex(face.path.c_str(), size, face.index);
  if (handle != nullptr) handles_.push_back(handle);
  return handle;
}

const Font& Fonts::get(double size_px, bool bold, Language language, FontSet set) {
  const int size = std::max(1, static_cast<int>(std::lround(size_px)));
  auto& slot = fonts_[{size, bold, language, set}];
  if (!slot) {
    TTF_Font* japanese = open(japanese_[bold ? 1 : 0], size);
    const int ascent = TTF_FontAscent(japanese);
    if (set == FontSet::kJapaneseAlone) {
      slot = std::make_unique<Font>(japanese, nullptr, ascent, size);
      return *slot;
    }
    const auto& faces = cjk_[bold ? 1 : 0];
    const bool own = language == Language::kChinese || language == Language::kKorean;
    const auto face = faces.find(own ? language : Language::kJapanese);
    TTF_Font* cjk = face == faces.end() ? nullptr : open(face->second, size);
    slot = own && cjk != nullptr ? std::make_unique<Font>(cjk, japanese, ascent, size)
                                 : std::make_unique<Font>(japanese, cjk, ascent, size);
  }
  return *slot;
}

}  // namespace shogo::reader
