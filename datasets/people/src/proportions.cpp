#include "proportions.h"

#include <algorithm>
#include <array>

namespace shogo::people {
namespace {

/// Share of the way from what the axes made to what the person is to have: the rest keeps what is odd alive.
constexpr float kLength = 0.85F, kWidth = 0.8F, kInner = 0.8F;
constexpr float kSeam = -67.5F;

/// Mean of where the front of the face near a place at rest has gone.
float height_near(const HeadModel& head, const std::vector<Vec3>& shape, float x, float y, float z_from) {
  float sum = 0, all = 1e-6F;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = head.rest()[i];
    if (p.z < z_from) continue;
    const float share = 1 - (square(std::abs(p.x) - x) + square(p.y - y)) / square(4.5F);
    if (share <= 0) continue;
    sum += share * (shape[i].y - p.y + y), all += share;
  }
  return sum / all;
}

}  // namespace

FaceLines lines_of(const HeadModel& head, const std::vector<Vec3>& shape) {
  FaceLines out{};
  const std::vector<Vec3>& rest = head.rest();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const Vec3 p = rest[i];
    const float wide = 2 * std::abs(shape[i].x);
    // Before the ears.
    if (p.y < -15 && p.y > -45 && p.z > -55) out.cheek = std::max(out.cheek, wide);
    if (p.y < -72 && p.y > -92 && p.z > -60) out.jaw = std::max(out.jaw, wide);
    if (p.y < -132 && p.y > -148) out.neck = std::max(out.neck, wide);
    if (p.y > 40) out.skull = std::max(out.skull, wide);
    if (std::abs(p.x) < 12 && p.z > -35 && p.y > -118) out.chin = std::min(out.chin, shape[i].y);
    out.top = std::max(out.top, shape[i].y);
  }
  out.nose_foot = height_near(head, shape, 0, -48.5F, 20);
  out.seam = height_near(head, shape, 0, kSeam, 20);
  out.corners = height_near(head, shape, 23, kSeam, 5) - out.seam;
  return out;
}

void settle_proportions(const HeadModel& head, const Proportions& wish, std::vector<Vec3>& shape) {
  const std::vector<Vec3>& rest = head.rest();
  FaceLines is = lines_of(head, shape);
  if (is.cheek < 60 || is.jaw < 40 || is.chin > -50) return;
  // The lids keep to their balls: the length changes from below them.
  constexpr float kFrom = -15;
  const float tall = clamp(1 + kLength * ((-wish.face_mm - kFrom) / (is.chin - kFrom) - 1), 0.86F, 1.2F);
  const auto longer = [&](float y) {
    return y > kFrom ? y : y > is.chin ? kFrom + (y - kFrom) * tall : y + (is.chin - kFrom) * (tall - 1);
  };
  for (Vec3& p : shape) p.y = longer(p.y);
  is.nose_foot = longer(is.nose_foot), is.seam = longer(is.seam), is.chin = kFrom + (is.chin - kFrom) * tall;
  // Nose and mouth between eyes and chin.
  const float foot_wish = is.chin * wish.nose;
  const float foot_by = clamp(kInner * (foot_wish - is.nose_foot), -7, 7);
  const float seam_wish = mix(is.nose_foot + foot_by, is.chin, wish.mouth);
  const float seam_by = clamp(kInner * (seam_wish - is.seam), -7, 7);
  // A mouth at rest is level or nearly so; drawn down it would look bitter.
  constexpr float kLevel = 0.9F;
  const float corners = std::max(wish.corners_mm, kLevel + 0.35F * (wish.corners_mm - kLevel));
  const float corner_by = clamp(corners - is.corners, -4, 5);
  // Widths: half the way would leave boxes, the whole way dolls.
  const float wide = clamp(1 + kWidth * (wish.cheek_mm / is.cheek - 1), 0.84F, 1.1F),
              narrow = clamp(1 + kWidth * (is.cheek * wide * wish.jaw / is.jaw - 1), 0.8F, 1.15F),
              neck = is.neck < 50 ? 1 : clamp(1 + kWidth * (wish.neck_mm / is.neck - 1), 0.75F, 1.12F);
  const float ear_from = 0.5F * wish.cheek_mm + 6;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = rest[i];
    const float front = smooth(-40, 0, p.z) * smooth(62, 30, std::abs(p.x));
    if (front > 0) {
      const float foot = smooth(-16, -46, p.y) * smooth(-66, -51, p.y),
                  seam = smooth(-51, -66, p.y) * smooth(-108, -76, p.y);
      shape[i].y += front * (foot * foot_by + seam * seam_by);
      // The corners, and what lies beside them.
      const float beside =
          smooth(18, 2, std::sqrt(square(0.8F * (std::abs(p.x) - 25)) + square(p.y - kSeam)));
      shape[i].y += front * beside * corner_by;
    }
    // The scale runs from the jaw's through the cheeks' to none at the temples; eyes, nose and mouth keep
    // their places.
    const float low = smooth(-38, -80, p.y);
    const float scale = mix(mix(1.F, wide, smooth(30, -18, p.y)), narrow, low);
    const float share = smooth(-150, -100, p.y) *
                        smooth(mix(44.F, 18.F, low), mix(62.F, 46.F, low), std::abs(p.x)) *
                        smooth(-125, -75, p.z);
    shape[i].x *= 1 + share * (scale - 1);
    // Ears lie along the head and end in a lobe; those of the head model stand off like plates.
    const float off = std::abs(shape[i].x) - ear_from;
    if (off > 0 && p.y < 40 && p.y > -80 && p.z > -140) {
      const float ear = smooth(70, 78, std::abs(p.x)) * smooth(40, 25, p.y);
      shape[i].x -= (shape[i].x > 0 ? off : -off) * ear * mix(0.25F, 0.5F, smooth(-12, -36, p.y));
    }
    // The neck, down to where the shoulders begin.
    const float throat = smooth(-100, -128, p.y) * smooth(-190, -158, p.y);
    shape[i].x *= 1 + throat * (neck - 1);
  }
}

void settle_lips(const HeadModel& head, float bow_mm, std::vector<Vec3>& shape) {
  const std::vector<Vec3>& rest = head.rest();
  // Where the red of both lips ends, on the head at rest (FaceMarks::lips).
  constexpr float kTop = -60.5F, kFoot = -77;
  const float seam = height_near(head, shape, 0, kSeam, 20),
              upper = height_near(head, shape, 5, kTop, 15) - seam,
              lower = seam - height_near(head, shape, 0, kFoot, 15);
  if (upper < 1 || lower < 1) return;
  const float upper_wish = clamp(upper, 4.8F, 7.6F),
              lower_wish = clamp(lower, std::max(7.4F, 1.2F * upper_wish), 11.5F);
  const float up = clamp(upper_wish - upper, -3, 3), down = clamp(lower_wish - lower, -3, 3);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = rest[i];
    const float side = std::abs(p.x), front = smooth(-15, 0, p.z);
    if (front <= 0 || side > 28) continue;
    const float share = front * smooth(28, 6, side);
    shape[i].y += share * up * smooth(kSeam, kTop, p.y) * smooth(-49, -59, p.y);
    shape[i].y -= share * down * smooth(kSeam, kFoot, p.y) * smooth(-95, -79, p.y);
    const float dip = square(std::max(0.F, 1 - square(side / 7.5F))),
                rise = square(std::max(0.F, 1 - square((side - 10) / 8)));
    shape[i].y += front * bow_mm * (0.4F * rise - dip) * smooth(10, 2, std::abs(p.y - kSeam));
  }
}

}  // namespace shogo::people
