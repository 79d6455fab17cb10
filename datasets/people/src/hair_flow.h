// Which way hair goes over the head as it is combed, and how high it lies.
#pragma once

#include "hair_roots.h"

namespace shogo::people {

class HairFlow {
 public:
  /// Of the crown, from which hair goes all ways.
  static constexpr Vec3 kCrown{4, 88, -128};

  HairFlow(const Hair& hair, std::uint32_t key) : hair_(hair), key_(key) {}

  /// Millimetres to the left of the parting. No parting is a ruled line.
  [[nodiscard]] float from_parting(Vec3 rest) const;

  /// Share of its volume. Hair rises slowly from a parting: a step there would be the rim of a helmet.
  [[nodiscard]] float height_share(Vec3 p) const;

  /// Along the scalp, as it is combed. `away`: from_parting of the root.
  [[nodiscard]] Vec3 flow(Vec3 p, const HairRoot& root, float away) const;

  /// Hair falls to the sides of the face, not over it.
  [[nodiscard]] static Vec3 aside_of_face(Vec3 p, float edge);

 private:
  const Hair& hair_;
  std::uint32_t key_;
};

}  // namespace shogo::people
