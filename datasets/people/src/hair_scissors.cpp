#include "hair_scissors.h"

#include "hair_locks.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {

float HairScissors::column(Vec3 p, const HairRoot& root) const {
  if (!root.fringe || p.z < -60 || p.y > hair_.fringe_mm + 50) return 0;
  const float swept =
      hair_.part_mm > 0 ? smooth(0.5F, 0.65F, hair_.parted) : -smooth(0.5F, 0.65F, hair_.parted);
  const LockPlace at = lock_at({p.x - 0.7F * swept * p.y, 3, 3}, 9, key_ + 13);
  return 22 * square(at.edge) + 16 * square(unit_of(hash32(at.key, 8U))) - 9;
}

bool HairScissors::ends(Vec3 p, const HairRoot& root, float fray) const {
  const float side = std::abs(p.x);
  // Nothing of a short cut hangs beside the neck.
  if (hair_.back_mm > -95 && p.y < (side > 20 ? -34 : -54) + fray && p.z < -40) return true;
  if (hair_.tied && (p.z < -150 || length(p - Vec3{0, -15, -170}) < 50)) return true;
  // Eyes stay free, as photographs for identity cards ask. A fringe is longer at the sides.
  if (root.fringe && p.z > -55 && side < 60) {
    // Combed to a side it is longest there.
    const float slant =
        hair_.parted * (hair_.part_mm > 0 ? 0.28F : -0.28F) * p.x * smooth(6, 24, std::abs(hair_.part_mm));
    if (p.y < hair_.fringe_mm + fray + slant - 0.0055F * square(std::min(side, 60.F))) return true;
  }
  if (p.z > -30 && side < 50 && p.y < (root.fringe ? 24 : 40) + fray && p.y > -110) return true;
  if (root.fringe && hair_.tied && p.y < 0.8F * fray) return true;
  const float behind = smooth(-60, -110, p.z);
  const float cut = mix(hair_.side_mm, hair_.back_mm, behind) + fray;
  return p.y < cut && (root.rest.y > cut || p.y < root.position.y - 6);
}

}  // namespace shogo::people
