// The noise that skin is painted with, for many places at once: that is several times as quick as one after
// the other.
#pragma once

#include <cstdint>
#include <vector>

#include <shogo/people/vec.h>

namespace shogo::people {

/// -1 … 1, more or less.
struct SkinNoise {
  float coarse = 0, fine = 0, grain = 0, dust = 0;  ///< blotches, smaller and smaller
  float flush = 0;                                  ///< of blood
  float patch = 0;  ///< between the blotches and the pores: what a picture of a whole face still shows
  float pores = 0;
};

class SkinNoises {
 public:
  explicit SkinNoises(std::uint32_t key) : key_(key) {}
  /// Of places on the head at rest, in their order.
  const std::vector<SkinNoise>& at(const std::vector<Vec3>& places);

 private:
  /// Value noise in `value_`, of the places that lie in `x_`, `y_`, `z_` times `scale`.
  void one(float scale, std::uint32_t key);
  /// The sum of two octaves.
  void two(float scale, std::uint32_t key, float gain);

  std::uint32_t key_;
  std::vector<float> x_, y_, z_, value_;
  std::vector<SkinNoise> out_;
};

}  // namespace shogo::people
