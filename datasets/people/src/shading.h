// How light leaves a surface: skin, eyes, hair, cloth and the rest. Pure functions of place, normal and
// material.
#pragma once

#include <cstdint>

#include <shogo/people/render.h>

namespace shogo::people {

/// A point that is to be coloured.
struct Spot {
  Vec3 position, normal, view;  ///< `view`: unit vector to the camera
  float ambient = 1;            ///< 0 … 1 of the surroundings' light arrives
  float shadow = 1;             ///< 0 … 1 of the first light arrives
  // Of portraits only; below 0: not known.
  float red = -1;     ///< the same for red light, which spreads in the skin
  float second = -1;  ///< 0 … 1 of the second light arrives
};

/// Light that arrives from all around on a surface with this normal.
[[nodiscard]] Vec3 ambient_light(const Room& room, Vec3 normal);
/// What a mirror shows in this direction: walls, lamps, the bright screen of the reader in front.
[[nodiscard]] Vec3 mirrored(const Scene& scene, Vec3 direction);
/// What the camera sees behind everybody.
[[nodiscard]] Vec3 background(const Scene& scene, Vec3 direction);

/// `relief`: the normal with pores and wrinkles.
[[nodiscard]] Vec3 shade_skin(const Scene& scene, const Spot& spot, Vec3 relief, Vec3 colour, float gloss);
/// `x`, `y`: millimetres from the eye's axis; `frame`: of that eye; `nose`: +1 where the nose lies at greater
/// x, else -1.
[[nodiscard]] Vec3 shade_eye(const Scene& scene, const Spot& spot, const Eyes& eyes, const Mat3& frame,
                             float x, float y, float nose, std::uint32_t key);
[[nodiscard]] Vec3 shade_hair(const Scene& scene, const Spot& spot, Vec3 tangent, Vec3 colour);
/// Lambert with a highlight: cloth (gloss 0), teeth, frames, masks.
[[nodiscard]] Vec3 shade_plain(const Scene& scene, const Spot& spot, Vec3 colour, float gloss);

}  // namespace shogo::people
