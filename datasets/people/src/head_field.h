// How far the head reaches in every direction from its middle, and how high the shoulders are: what hair must
// lie on.
#pragma once

#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

class HeadField {
 public:
  /// `ears`: whether hair lies on the ears or starts behind them.
  HeadField(const Mesh& mesh, bool ears);
  /// Lifts `p` to at least `clear` millimetres above the head and the shoulders. True when it had to.
  bool lift(Vec3& p, float clear) const;
  /// Millimetres above the head, negative inside; of places above the neck.
  [[nodiscard]] float height(Vec3 p) const;
  /// Outwards, away from the head.
  [[nodiscard]] static Vec3 outwards(Vec3 p);

 private:
  static constexpr int kSize = 72;              ///< octahedral map
  static constexpr int kWide = 60, kDeep = 44;  ///< shoulders, 10 mm cells
  [[nodiscard]] float reach(Vec3 direction) const;
  [[nodiscard]] float shoulder(float x, float z) const;
  std::vector<float> reach_, height_;
};

}  // namespace shogo::people
