// Where the first light cannot reach, and how much of the surroundings each vertex sees.
#pragma once

#include "posed.h"
#include <vector>

namespace shogo::people {

/// Depths as seen from a light, square, orthographic.
class ShadowMap {
 public:
  static constexpr int kSize = 384;
  /// `strand_step`: every n-th strand, drawn n times as thick.
  ShadowMap(const Figure& figure, const Posed& posed, const Light& light, int strand_step, int threads);
  /// 1 lit … 0 in shadow; `bias_mm` keeps a surface from shading itself.
  [[nodiscard]] float lit(Vec3 position, float bias_mm) const;

 private:
  /// Most places are wholly lit or wholly dark, which lit() then knows at a glance.
  void note_reach();
  Vec3 right_, up_, towards_;
  float reach_;                          ///< half the side that is covered, millimetres
  int blur_;                             ///< texels
  std::vector<float> height_;            ///< along `towards`, per texel the nearest to the light
  std::vector<float> highest_, lowest_;  ///< of the texels that lit() compares
};

/// Sets Vertex::light of every vertex and Strand::light: the share of the sky above its surface that is free.
void gather_ambient(Figure& figure);

}  // namespace shogo::people
