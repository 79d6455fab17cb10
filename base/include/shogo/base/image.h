// Image: 8-bit pixels, rows top to bottom without padding, channels interleaved (1 grey, 3 RGB, 4 RGBA).
#pragma once

#include <shogo/base/bytes.h>

namespace shogo {

struct Image {
  int width = 0;
  int height = 0;
  int channels = 3;
  Bytes pixels;  ///< width * height * channels bytes

  [[nodiscard]] bool valid() const {
    return width > 0 && height > 0 && channels > 0 &&
           pixels.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                                static_cast<std::size_t>(channels);
  }
  [[nodiscard]] const std::uint8_t* at(int x, int y) const {
    return &pixels[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x)) *
                   static_cast<std::size_t>(channels)];
  }
};

}  // namespace shogo
