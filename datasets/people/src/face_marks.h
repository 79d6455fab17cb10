// Where things are on the face of the head at rest (front view; millimetres from midway between the eyes).
// Both heads are laid out alike, so one set serves.
#pragma once

#include <shogo/people/person.h>

namespace shogo::people {

struct FaceMarks {
  static constexpr float kEyeX = 31;
  static constexpr float kBrowInner = 11, kBrowLength = 41, kBrowY = 18;
  static constexpr float kMouthY = -70, kMouthHalf = 25;

  /// Height of the brow's middle line; `t` runs from its inner (0) to its outer end (1): up to the peak,
  /// level there, and down to the tail.
  [[nodiscard]] static float brow_line(const Brows& brows, float t) {
    const float rise = 1.1F + 5.4F * brows.arch, fall = 0.4F + 6.5F * brows.tail_drop;
    const float s = t / brows.peak, q = (t - brows.peak) / (1 - brows.peak);
    return kBrowY + brows.height_mm + (t < brows.peak ? rise * s * (2 - s) : rise - fall * q * q) +
           brows.slope * 40 * t;
  }
  /// Share of lip red.
  [[nodiscard]] static float lips(Vec3 p);
  /// The line where the lips touch, 0 … 1; it fades before the corners.
  [[nodiscard]] static float lip_seam(Vec3 p);
  /// Height of the upper lid's edge, `side` millimetres from the middle (19 to 44).
  [[nodiscard]] static float upper_lid(float side);
  /// Where light comes through both lips, 0 … 1: wider than the seam, corners and all.
  [[nodiscard]] static float around_seam(Vec3 p);
  /// The fold between the brows and the bridge of the nose, 0 … 1.
  [[nodiscard]] static float nose_root(Vec3 p);
  /// How far in front the mouth's opening lies.
  [[nodiscard]] static float mouth_front(float x) { return 27.3F - 0.0185F * x * x; }
  /// Behind the lips.
  [[nodiscard]] static bool inside_mouth(Vec3 p);
  /// Inside a nostril, 0 … 1.
  [[nodiscard]] static float nostril(Vec3 p);
  /// Where a man's beard grows.
  [[nodiscard]] static float beard(Vec3 p);
};

}  // namespace shogo::people
