#include "hair_flow.h"

#include "head_field.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {

float HairFlow::from_parting(Vec3 rest) const {
  return rest.x - hair_.part_mm + 2.2F * value_noise(rest * 0.05F, key_ + 3) +
         (0.3F + 7 * smooth(0.85F, 0.5F, hair_.parted)) * value_noise(rest * 0.3F, key_ + 4);
}

float HairFlow::height_share(Vec3 p) const {
  const float near =
      smooth(18, 0, std::abs(p.x - hair_.part_mm)) * smooth(-150, -110, p.z) * smooth(20, 50, p.y);
  // Behind the crown it lies lower, or single locks would stand over the outline as arcs.
  const float behind = smooth(-105, -145, p.z) * smooth(35, 70, p.y);
  return (1 - 0.4F * smooth(0.35F, 0.8F, hair_.parted) * near) * (1 - 0.5F * behind);
}

Vec3 HairFlow::flow(Vec3 p, const HairRoot& root, float away) const {
  const float front = smooth(-140, -95, p.z) * smooth(20, 70, p.y);
  const float side = away > 0 ? 1.F : -1.F;
  const Vec3 parted = normalized(Vec3{side, -0.25F, -0.2F + 0.15F * hair_.lift});
  const Vec3 back = normalized(Vec3{0, hair_.tied ? -15.F : 25.F, -180} - p);
  // Beside the crown hair keeps the way it set out on: it would turn in rings there.
  const Vec3 begun = root.position - kCrown, gone = p - kCrown;
  Vec3 want =
      normalized(mix(normalized(begun + Vec3{1, 0, -1}), normalized(gone), smooth(15, 50, length(gone))));
  // A fringe falls forward, whatever the parting behind it does.
  // Between crown and parting the two ways would cancel out, and hair would stand in loops.
  const float by_comb = root.fringe ? 0.F : hair_.parted * front;
  if (side * want.x < 0) want.x *= 1 - smooth(0, 0.35F, by_comb);
  want = mix(want, parted, by_comb);
  want = mix(want, back, hair_.back * (root.fringe ? 0.F : 1.F));
  if (root.fringe)
    want = normalized(
        want + Vec3{0.004F * root.rest.x + 1.4F * hair_.parted * away /
                                               (std::abs(away) + 40 * smooth(0.5F, 0.2F, hair_.parted) + 1),
                    0, 0.5F});
  const Vec3 out = HeadField::outwards(p);
  return normalized(want - out * dot(out, want));
}

Vec3 HairFlow::aside_of_face(Vec3 p, float edge) {
  const float deep = p.z + 75;
  if (deep <= 0 || p.y > 45) return {};
  const float inside = edge - std::abs(p.x) / std::max(deep, 1.F);
  return Vec3{p.x > 0 ? 1.F : -1.F, 0, -0.5F} *
         (1.3F * smooth(-0.1F, 0.3F, inside) * smooth(45, 20, p.y) * smooth(88, 62, std::abs(p.x)));
}

}  // namespace shogo::people
