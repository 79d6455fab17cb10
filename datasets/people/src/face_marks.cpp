#include "face_marks.h"

#include <algorithm>

namespace shogo::people {

float FaceMarks::lips(Vec3 p, float volume) {
  if (p.z < 0 || std::abs(p.x) > 34 || p.y > -52 || p.y < -92) return 0;
  return smooth(0.28F, 0.52F, volume);
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
         (1 - 0.85F * mouth) * smooth(-70, -30, p.z);
}

}  // namespace shogo::people
