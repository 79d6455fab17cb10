#include "hair_barber.h"

#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// A sine near enough for curls.
float wave(float x) {
  x = x / 6.2831853F;
  x -= std::floor(x);
  const float t = x < 0.5F ? x * 4 - 1 : 3 - x * 4;
  return t * (1.5F - 0.5F * t * t);
}

}  // namespace

float Barber::length_of(const HairRoot& root, std::uint32_t key) const {
  const float top = top_of(root.rest);
  float length_mm = mix(hair_.length_side_mm, hair_.length_top_mm, top) * (0.80F + 0.35F * unit_of(key));
  if (hair_.balding > 0) length_mm *= 1 - 0.5F * hair_.balding * top;
  // Fine short hairs at the hairline, some as long as the rest: nothing between, which would end in
  // mid-air.
  const float own = unit_of(hash32(key)), baby = 5 + 17 * square(unit_of(hash32(key, 5U)));
  const bool free = hair_.fringe_mm > 100 && hair_.back < 0.5F;
  const float full = smooth(free ? 0.68F : 0.56F, free ? 0.84F : 0.70F, root.growth + 0.4F * (own - 0.5F));
  return mix(std::min(length_mm, baby), length_mm, full);
}

HairRoot Barber::combed(HairRoot root, std::uint32_t key) const {
  if (root.parting <= 0 || root.fringe || hair_.parted < 0.7F) return root;
  const float away = flow_.from_parting(root.rest), side = away > 0 ? 1.F : -1.F;
  const float wish = side * std::min(std::abs(away), 0.15F + 0.6F * unit_of(hash32(key, 11U)));
  const Vec3 n = root.normal, along = normalized(Vec3{1, 0, 0} - n * n.x);
  const float by = clamp(wish - away, -6, 6) * smooth(0, 0.3F, root.parting);
  root.position += along * by;
  root.rest.x += by;
  return root;
}

std::vector<Vec3> Barber::grow(const HairRoot& root, std::uint32_t key) const {
  const auto r = [&](std::uint32_t n) { return unit_of(hash32(key, n)); };
  const float top = top_of(root.rest), length_mm = length_of(root, hash32(key, 1U));
  const float rise =
      hair_.tied ? 0.12F
                 : (0.22F + 0.9F * hair_.lift) * mix(hair_.length_side_mm < 45 ? 0.28F : 0.5F, 1.F, top);
  // Short sides lie close; the ridge above the temples is where a cut rounds the head off.
  const float sides = hair_.length_side_mm < 45 ? mix(0.5F, 1.F, top) : 1.F,
              ridge = smooth(34, 52, std::abs(root.rest.x)) * smooth(25, 50, root.rest.y);
  // Locks lie higher and lower, their middles higher than their borders; short hair and what is combed back
  // less so.
  const auto lock = [&](std::uint32_t n) { return unit_of(hash32(root.lock.key, n)); };
  const float locked = smooth(20, 100, length_mm) * (1 - 0.6F * hair_.back);
  const float uneven = (0.94F + 0.12F * r(2)) * (1 + 0.2F * value_noise(root.rest * 0.035F, key_ + 9)) *
                       mix(1.F, (0.84F + 0.3F * lock(2)) * (1.1F - 0.22F * root.lock.edge), locked);
  // From the crown comes too little to lie above what grows farther on.
  const float crown =
      hair_.back > 0.5F ? 1.F : mix(0.68F, 1.F, smooth(10, 42, length(root.rest - HairFlow::kCrown)));
  const float volume = std::max(
      1.F, crown * hair_.volume_mm * (hair_.tied ? 0.6F : 1.F) * uneven * sides * (1 + 0.35F * ridge));
  // Hairs that grow side by side are cut and sway together, less those farther off.
  float fray = 7 * (r(4) - 0.5F) + 5 * value_noise(root.rest * 0.07F, key_ + 1);
  // Layers: short sides end here and there.
  if (hair_.side_mm > -60 && length_mm > 35 && !root.fringe) fray = 2.2F * fray + 6;
  // Short sides taper off before the ear: a sideburn has no straight end.
  if (hair_.length_side_mm < 45 && hair_.side_mm > -30)
    fray += 16 * r(9) * smooth(-115, -95, root.rest.z) * smooth(35, 15, root.rest.y);
  // A fringe thins towards its edge.
  if (root.fringe) fray += 26 * square(r(5)) - 7 + 20 * square(lock(3));
  // Locks end one higher than the other.
  if (!root.fringe && length_mm > 30) fray += 13 * (lock(3) - 0.4F);
  const float lean = 0.22F * signed_of(hash32(root.lock.key, 4U)) * (hair_.tied ? 0.2F : 1.F);
  // Neighbours draw together in wisps.
  const float wisp = 9 * hair_.clump * smooth(0, 110, length_mm) * value_noise(root.rest * 0.085F, key_ + 5);
  // Curls form where many turn together.
  const float phase = 1.2F * value_noise(root.rest * 0.05F, key_ + 2) + 1.2F * lock(5) + 0.3F * r(3);
  const float step = clamp(length_mm / 20, 1.2F, 7);
  const float parting = flow_.from_parting(root.rest);
  Vec3 d =
      normalized(flow_.flow(root.position, root, parting) + root.normal * (rise * (1 - 0.6F * root.parting)));
  Vec3 p = root.position;
  std::vector<Vec3> path{p};
  const Vec3 aside = normalized(cross(root.normal, d) + Vec3{1e-3F, 0, 0});
  // Short hair follows the head down to where it is cut.
  const float hangs = hair_.tied ? 0 : smooth(-38, -95, hair_.side_mm);
  const bool tucked = hair_.back > 0.35F && !hair_.tied && hair_.side_mm < -40;
  float grown = 0;
  while (grown < length_mm) {
    const float h = std::min(step, length_mm - grown + 0.1F);
    const float rose = grown * rise;
    // A fringe comes down on the forehead.
    const float forehead = root.fringe ? smooth(-60, 5, p.z) * smooth(85, 60, p.y) : 0;
    const float target =
        0.6F + mix(1.F, 0.35F, forehead) * volume * flow_.height_share(p) * rose / (rose + volume);
    const Vec3 out = HeadField::outwards(p);
    const float heavy =
        hair_.tied ? 0 : smooth(0, 130, grown) * (1 - 0.6F * hair_.lift) * (1 - 0.5F * hair_.back);
    // Below the widest place it hangs, and no longer follows the head's curve.
    const float combed = mix(1.F, smooth(-55, 15, p.y), hangs);
    Vec3 want = flow_.flow(p, root, parting) * ((1 - 0.6F * heavy) * combed) +
                Vec3{0, -1, 0} * std::max(heavy, 1 - combed);
    // Close to the head; long hair hangs free below its widest place.
    const float hug = mix(1.F, 0.12F + 0.65F * hair_.curl_in, smooth(5, -45, p.y) * hangs);
    if (p.y > -120) {
      want -= out * dot(out, want) * (hug * 0.9F);
      want += out * clamp((target - field_.height(p)) * 0.09F, -(0.6F + 0.4F * forehead) * hug, 0.8F);
    }
    if (hair_.curl_in > 0) {
      const float left = length_mm - grown, cut = hair_.side_mm;
      const float low = std::max(smooth(60, 0, left), smooth(cut + 85, cut + 5, p.y));
      want += Vec3{-out.x, 0, -out.z} * (hair_.curl_in * 1.3F * low * smooth(0, -50, p.y));
    }
    want += flow_.aside_of_face(p, 1.05F + 0.3F * r(6));
    want += cross(out, d) * (lean * smooth(150, 20, grown));
    // Tucked behind the ear, then free.
    if (tucked) want.x += (p.x > 0 ? 0.2F : -0.2F) * smooth(-50, -110, p.y);
    if (tucked) want.z -= 3.2F * smooth(-118, -95, p.z) * smooth(70, 40, p.y) * smooth(-75, -25, p.y);
    // Long hair spreads over shoulders and breast.
    if (length_mm > 250) {
      const float low = smooth(-50, -130, p.y);
      want.x += low * (0.30F * (r(7) - 0.5F) - (p.z > -60 ? (p.x > 0 ? 0.16F : -0.16F) * r(6) : 0));
      want.z += low * 0.25F * (r(8) - 0.3F);
    }
    const float turn = std::min(0.9F, 0.1F * h);
    d = normalized(d * (1 - turn) + normalized(want) * turn);
    Vec3 next = p + d * h;
    Vec3 lifted = next;
    if (field_.lift(lifted, std::min(target, 0.8F + 0.5F * target))) {
      const Vec3 push = lifted - next;
      next += push * std::min(1.F, 0.5F * h / std::max(length(push), 1e-3F));
      const Vec3 away = HeadField::outwards(p);
      d = normalized(d - away * std::min(0.F, dot(d, away)));
    }
    // No strand stands in a loop above the others.
    const float over = next.y > 35 ? field_.height(next) - (1.1F * target + 1.2F) : 0;
    if (over > 0) next -= HeadField::outwards(next) * over;
    p = next;
    grown += h;
    // Pushed about by ear and cheek, a strand may turn up again: it ends before.
    if (d.y > 0.1F && p.y < 25 && grown > 30 && !hair_.tied && hair_.back < 0.5F) break;
    if (scissors_.ends(p, root, fray + scissors_.column(p, root))) break;
    // Where a fringe is opened like a curtain nothing hangs in the gap.
    if (root.fringe && hair_.parted > 0.78F && std::abs(hair_.part_mm) < 15 &&
        std::abs(p.x - hair_.part_mm) < 7 + 6 * r(10) && p.y < root.position.y - 5 - 6 * r(11))
      break;
    // No lone curls hang over a forehead from which the rest is brushed back.
    if (hair_.wave_mm > 3 && hair_.back > 0.55F && hair_.fringe_mm > 100 && p.z > root.position.z + 1 &&
        p.y < root.position.y - 2 - 7 * r(10) && std::abs(p.x) < 45)
      break;
    Vec3 shown = p + aside * (wisp * smooth(0.25F, 1.1F, grown / length_mm));
    // Nothing long hangs by a ruler.
    if (length_mm > 150)
      shown.x += 6 * smooth(60, 220, grown) *
                 value_noise({root.rest.x * 0.03F, p.y * 0.016F, root.rest.z * 0.03F}, key_ + 6);
    if (hair_.wave_mm > 0) {
      const float at = grown / hair_.wave_length_mm * 6.28F + phase * 3.14F;
      const float swing = hair_.wave_mm * smooth(0, 40, grown);
      shown += aside * (wave(at) * swing) +
               out * (wave(at + 1.57F) * mix(0.7F, 0.2F, smooth(40, 85, p.y)) * swing);
    }
    path.push_back(shown);
  }
  return path;
}

float Barber::pull_of(const HairRoot& root) const {
  if (root.fringe) return 0.78F;
  const float length_mm = mix(hair_.length_side_mm, hair_.length_top_mm, top_of(root.rest));
  return (0.2F + 0.55F * hair_.clump) * smooth(10, 60, length_mm) *
         (hair_.tied ? 0.35F : 1 - 0.5F * hair_.back);
}

}  // namespace shogo::people
