#include "chip_cut.h"
#include "lens.h"
#include <algorithm>

#include <shogo/camera/encode.h>
#include <shogo/camera/maps.h>

namespace shogo::camera {
namespace {

std::uint16_t tenths(float mm) {
  return mm <= 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(std::min(65535.F, mm * 10 + 0.5F));
}

/// Every pixel takes the nearest one of another map.
template <typename Where>
Maps picked(int width, int height, const Where& where) {
  Maps out{width, height, {}, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto [label, depth] = where(x, y);
      out.label.push_back(label);
      out.depth.push_back(depth);
    }
  return out;
}

}  // namespace

const std::vector<std::string_view>& map_labels() {
  static const std::vector<std::string_view> kLabels = {"background", "skin",    "eye",  "teeth",
                                                        "mouth",      "hair",    "brow", "lash",
                                                        "cloth",      "glasses", "mask", "lens"};
  static_assert(static_cast<int>(people::Material::kLens) == 11);
  return kLabels;
}

Maps maps_of(const people::Frame& frame, float distortion) {
  const Lens lens(frame.width, frame.height, distortion);
  return picked(frame.width, frame.height, [&](int x, int y) {
    const auto [sx, sy] = lens.looks_at(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
    const int ix = std::clamp(static_cast<int>(sx), 0, frame.width - 1),
              iy = std::clamp(static_cast<int>(sy), 0, frame.height - 1);
    const std::size_t at =
        static_cast<std::size_t>(iy) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(ix);
    return std::pair(static_cast<std::uint8_t>(frame.material[at]), tenths(frame.depth_mm[at]));
  });
}

Maps chip_maps(const Maps& portrait) {
  const ChipCut cut = chip_cut(portrait.width, portrait.height);
  return picked(kChipWidth, kChipHeight, [&](int x, int y) {
    const int sx = cut.left + (2 * x + 1) * cut.width / (2 * kChipWidth),
              sy = cut.top + (2 * y + 1) * cut.height / (2 * kChipHeight);
    const std::size_t at = static_cast<std::size_t>(sy) * static_cast<std::size_t>(portrait.width) +
                           static_cast<std::size_t>(sx);
    return std::pair(portrait.label[at], portrait.depth[at]);
  });
}

Result<Bytes> encode_labels(const Maps& maps) {
  return encode_png({maps.width, maps.height, 1, maps.label});
}

Result<Bytes> encode_depth(const Maps& maps) {
  return encode_png16(maps.width, maps.height, maps.depth);
}

}  // namespace shogo::camera
