// The chart: where on a flat picture the skin of a head lies. Directions from a point inside the head at
// rest, wide in front where detail matters. It belongs to the head model, not to a person: what is painted at
// the tip of the nose stays there whatever the nose looks like.
#pragma once

#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

struct ChartPoint {
  float u, v;  ///< 0 … 1, v downwards
};

/// A texel's place on the head at rest, and which region it belongs to (0 … 1).
struct AtlasTexel {
  Vec3 rest;
  float nose = 0, cheek = 0, bag = 0;
  float azimuth = 0, elevation = 0;  ///< degrees, as FaceChart
  bool covered = false;
};

class FaceChart {
 public:
  explicit FaceChart(const HeadModel& head);
  [[nodiscard]] static ChartPoint place(Vec3 rest);
  /// Degrees to the subject's left and up, as seen from the chart's centre.
  [[nodiscard]] static float azimuth(Vec3 rest);
  [[nodiscard]] static float elevation(Vec3 rest);
  /// The place on the head at rest that lies in this direction.
  [[nodiscard]] Vec3 rest_at(float azimuth, float elevation) const;
  [[nodiscard]] const std::vector<AtlasTexel>& texels() const { return texels_; }

 private:
  std::vector<AtlasTexel> texels_;
};

}  // namespace shogo::people
