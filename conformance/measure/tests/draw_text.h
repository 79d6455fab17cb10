// Text as devices draw it, for the tests of what is read from pixels. TTF_Init() comes first.
#pragma once

#include <algorithm>
#include <cmath>

#include <SDL2/SDL_ttf.h>

#include <shogo/conformance/contrast.h>

namespace shogo::conformance {

/// `text` at a place on a fraction of nothing, as a device would blend it: ink over ground by coverage.
inline Image draw_text(const char* font_file, int size_px, const char* text, Rgb ink, Rgb ground,
                       long face = 0) {
  Image image{600, 4 * size_px, 3, {}};
  for (int i = 0; i < image.width * image.height; ++i)
    image.pixels.insert(image.pixels.end(), ground.begin(), ground.end());
  TTF_Font* font = TTF_OpenFontIndex(font_file, size_px, face);
  if (font == nullptr) return image;
  SDL_Surface* surface = TTF_RenderUTF8_Blended(font, text, SDL_Color{255, 255, 255, 255});
  for (int y = 0; y < std::min(surface->h, image.height - 8); ++y) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(
        static_cast<const std::uint8_t*>(surface->pixels) + y * surface->pitch);
    for (int x = 0; x < std::min(surface->w, image.width - 8); ++x) {
      const double coverage = static_cast<double>(row[x] >> 24) / 255;
      for (std::size_t c = 0; c < 3; ++c)
        image.pixels[static_cast<std::size_t>((y + 8) * image.width + x + 8) * 3 + c] =
            static_cast<std::uint8_t>(std::lround(ground[c] + (ink[c] - ground[c]) * coverage));
    }
  }
  SDL_FreeSurface(surface);
  TTF_CloseFont(font);
  return image;
}

}  // namespace shogo::conformance
