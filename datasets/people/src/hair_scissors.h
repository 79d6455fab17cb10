// Where the cut of a style ends hair.
#pragma once

#include "hair_roots.h"

namespace shogo::people {

class HairScissors {
 public:
  HairScissors(const Hair& hair, std::uint32_t key) : hair_(hair), key_(key) {}

  /// A fringe ends in locks with gaps between them, whichever layer a hair comes from. Millimetres.
  [[nodiscard]] float column(Vec3 p, const HairRoot& root) const;

  /// The scissors. `fray`: softness of the edge, millimetres.
  [[nodiscard]] bool ends(Vec3 p, const HairRoot& root, float fray) const;

 private:
  const Hair& hair_;
  std::uint32_t key_;
};

}  // namespace shogo::people
