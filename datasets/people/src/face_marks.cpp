#include "face_marks.h"

#include <algorithm>

namespace shogo::people {

float FaceMarks::lips(Vec3 p) {
  const float side = std::abs(p.x);
  // Behind the rims too: the chart shows there what is just inside.
  if (p.z < -60 || side > kMouthHalf + 1) return 0;
  // Cupid's bow above, whose peaks stand beside the philtrum; below a bowl that is full nearly to the
  // corners, where both meet.
  const float t = std::min(1.F, side / (kMouthHalf + 0.3F)), t2 = t * t;
  const float above = -67.4F + (1 - t2) * (1 - 0.2F * t2) * (6.7F + 2.4F * smooth(0, 0.32F, t)),
              below = -67.6F - (1 - t2 * mix(1.F, t, 0.6F)) * (9.6F - 1.6F * t);
  // The border is soft, but a border, softest below the middle and at the corners.
  const float soft = 1.3F + 0.6F * t2;
  return std::min(smooth(-0.7F, 0.9F, above - p.y), smooth(-soft, soft, p.y - below)) *
         smooth(kMouthHalf + 1, kMouthHalf - 1.5F, side);
}

float FaceMarks::lip_seam(Vec3 p) {
  if (p.z < -60 || std::abs(p.x) > kMouthHalf + 1) return 0;
  return smooth(2.3F, 0.2F, std::abs(p.y + 67.5F)) * smooth(kMouthHalf - 1, kMouthHalf - 9, std::abs(p.x));
}

float FaceMarks::around_seam(Vec3 p) {
  return smooth(6.5F, 1.5F, std::abs(p.y + 67.5F)) * smooth(kMouthHalf + 6, kMouthHalf + 1, std::abs(p.x)) *
         smooth(-25, -10, p.z);
}

float FaceMarks::nose_root(Vec3 p) {
  return smooth(18, 8, std::abs(p.x)) * smooth(-4, 3, p.y) * smooth(18, 9, p.y) * smooth(-20, -5, p.z);
}

float FaceMarks::upper_lid(float side) {
  return 4.55F - 0.028F * square(side - 33);
}

bool FaceMarks::inside_mouth(Vec3 p) {
  const float t = std::abs(p.x) / kMouthHalf;
  return t < 1 && std::abs(p.y + 67.5F) < 1 + 11 * (1 - t * t) && p.z > -40 && p.z < mouth_front(p.x);
}

float FaceMarks::nostril(Vec3 p) {
  const float side = std::abs(p.x);
  const Vec3 d{(side - 9.2F) / 4.2F, (p.y + 42.2F) / 2.3F, (p.z - 30.6F) / 4.4F};
  return smooth(1.25F, 0.6F, length(d));
}

float FaceMarks::beard(Vec3 p) {
  const float side = std::abs(p.x);
  const float jaw = smooth(-48, -62, p.y + 0.35F * std::max(0.F, side - 25)) * smooth(-152, -128, p.y);
  const float whiskers = smooth(40, 58, side) * smooth(-5, -35, p.y) * smooth(-60, -25, p.z);
  const float moustache = smooth(30, 20, side) * smooth(-44, -52, p.y) * smooth(-72, -64, p.y);
  const float below_lip = smooth(26, 16, side) * smooth(-78, -84, p.y);
  const float mouth = smooth(32, 27, side) * smooth(-84, -80, p.y) * smooth(-58, -63, p.y);
  return clamp01(std::max(
             {jaw * smooth(18, 30, side), jaw * smooth(-86, -92, p.y), whiskers, moustache, below_lip})) *
         (1 - 0.85F * mouth) * (1 - 0.95F * lips(p)) * smooth(-70, -30, p.z);
}

}  // namespace shogo::people
