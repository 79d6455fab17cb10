// The part of a portrait that becomes the chip photo: the middle, 3:4.
#pragma once

#include <algorithm>

namespace shogo::camera {

constexpr int kChipWidth = 240, kChipHeight = 320;

struct ChipCut {
  int left, top, width, height;
};
inline ChipCut chip_cut(int width, int height) {
  const int wide = std::min(width, height * kChipWidth / kChipHeight), tall = wide * kChipHeight / kChipWidth;
  return {(width - wide) / 2, (height - tall) / 2, wide, tall};
}

}  // namespace shogo::camera
