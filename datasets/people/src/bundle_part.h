// How a strand covers samples: its width along it, and the hairs of a bundle one beside the other.
#pragma once

#include "raster.h"
#include <algorithm>
#include <cstdint>

#include <shogo/people/figure.h>
#include <shogo/people/noise.h>

namespace shogo::people {

/// A strand is thinner than a sample when far away: it is drawn so wide instead (samples), and sparser or
/// paler.
constexpr float kThinnest = 1.15F;
struct StrandPoint {
  ScreenPoint at;
  float wide = 0;  ///< samples
  /// Share of what is drawn that is hair.
  [[nodiscard]] float cover() const { return std::min(1.F, wide * (1 / kThinnest)); }
};

/// Hairs of a bundle draw together towards the tip.
inline float bundle_width(float along) {
  return (1.25F - 0.25F * smooth(0, 0.2F, along)) * (1 - 0.62F * smooth(0.45F, 1, along));
}

/// One hair, by millimetres from its root: fine and pale where it leaves the skin.
inline float single_width(float grown) {
  return 0.22F + 0.78F * smooth(0, 10, grown);
}

/// Share of the light that a place of a strand gets which is `grown` millimetres from its root.
inline float root_light(float grown, float length_mm) {
  return 0.6F + 0.4F * smooth(0, std::min(25.F, 0.6F * length_mm), grown);
}

/// Which hair of a bundle covers a sample.
class BundlePart {
 public:
  /// Between `from` and `to` of the strand.
  BundlePart(const Strand& strand, std::uint32_t hairs, float from, float to)
      : key_(strand.key),
        hairs_(static_cast<float>(hairs)),
        length_(strand.length_mm),
        from_(from * length_),
        to_(to * length_),
        ragged_root_(std::min(4.F, 0.25F * length_) * (1.F / 255)),
        ragged_tip_(std::min(28.F, 0.5F * length_) * (1.F / (255 * 255))),
        whole_(from_ > ragged_root_ * 255 && length_ - to_ > ragged_tip_ * 255 * 255) {}
  /// 1 + which hair, or 0 where it shows through between them.
  std::uint32_t operator()(int /*x*/, int /*y*/, float side, float part) const {
    const auto hair = static_cast<std::uint32_t>(clamp(side, 0, 0.9999F) * hairs_);
    if (whole_) return hair + 1;
    // Hairs start and end one after the other: no edge is a line.
    const std::uint32_t own = hash32(key_, hair);
    const auto first = static_cast<float>(own & 255U), last = static_cast<float>((own >> 8) & 255U);
    const float grown = mix(from_, to_, part), left = length_ - grown;
    return grown >= ragged_root_ * first && left >= ragged_tip_ * last * last ? hair + 1 : 0;
  }

 private:
  std::uint32_t key_;
  float hairs_, length_, from_, to_;  ///< millimetres, but for the number of hairs
  float ragged_root_, ragged_tip_;
  bool whole_;  ///< neither starts nor ends here
};

}  // namespace shogo::people
