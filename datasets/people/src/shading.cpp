#include "shading.h"

#include <algorithm>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// Highlight of a rough surface (Trowbridge-Reitz distribution, Smith shadowing, Schlick's Fresnel), times
/// cosine. `alpha`: roughness squared. Unit: share of the light's irradiance, with the albedo convention of
/// this renderer.
float highlight(Vec3 normal, Vec3 view, Vec3 light, float alpha, float f0) {
  const float nl = dot(normal, light), nv = std::max(dot(normal, view), 0.05F);
  if (nl <= 0) return 0;
  const Vec3 half = normalized(light + view);
  const float nh = dot(normal, half), vh = std::max(dot(view, half), 0.F), a2 = alpha * alpha;
  const float d = nh * nh * (a2 - 1) + 1;
  const float m = 1 - vh, m2 = m * m, fresnel = f0 + (1 - f0) * m2 * m2 * m;
  const float k = alpha * 0.5F;
  const float visibility = 1 / ((nl * (1 - k) + k) * (nv * (1 - k) + k));
  return a2 / (d * d) * fresnel * visibility * 0.25F * nl;
}

float wrapped(float cosine, float width) {
  return std::max(0.F, (cosine + width) / (1 + width));
}

/// A wider light has a softer highlight.
float widened(float alpha, const Light& light) {
  return std::min(1.F, alpha + 0.14F * light.size);
}

}  // namespace

Vec3 ambient_light(const Room& room, Vec3 normal) {
  const float x = normal.x * normal.x, y = normal.y * normal.y, z = normal.z * normal.z;
  return room.wall * x + (normal.y > 0 ? room.ceiling : room.floor) * y +
         (normal.z > 0 ? room.front : room.wall) * z;
}

Vec3 mirrored(const Scene& scene, Vec3 direction) {
  Vec3 seen = ambient_light(scene.room, direction);
  for (const Light& light : scene.lights) {
    // A disc of angular radius 3 to 11 degrees that gives the light's irradiance.
    const float sine = 0.05F + 0.14F * light.size, cosine = std::sqrt(1 - sine * sine);
    const float edge = smooth(cosine - 0.012F, cosine + 0.004F, dot(direction, light.towards));
    seen += light.colour * (edge / (sine * sine));
  }
  // The reader's screen: a bright upright rectangle below the camera.
  if (!scene.room.plain && direction.z > 0.5F) {
    const float x = direction.x / direction.z, y = direction.y / direction.z + 0.16F;
    const float inside = smooth(0.11F, 0.09F, std::abs(x)) * smooth(0.16F, 0.14F, std::abs(y));
    seen += scene.room.front * (3.0F * inside);
  }
  return seen;
}

Vec3 background(const Scene& scene, Vec3 direction) {
  const Room& room = scene.room;
  const float x = direction.x / -std::min(direction.z, -0.05F),
              y = direction.y / -std::min(direction.z, -0.05F);
  const float vignette = 1 - 0.10F * (x * x + y * y);
  Vec3 colour = room.backdrop * vignette;
  if (room.plain) return colour;
  // Things out of focus: soft upright and lying boxes (doors, shelves, posters, counters) of a waiting room.
  colour = mix(colour, room.floor * 1.6F, smooth(-0.42F, -0.52F, y));
  for (std::uint32_t i = 0; i < 7; ++i) {
    const auto r = [&](std::uint32_t what) { return unit_of(hash32(room.key, i, what)); };
    const float cx = (r(1) * 2 - 1) * 0.95F, cy = r(2) * 0.7F - 0.35F, w = 0.05F + 0.2F * r(3),
                h = 0.06F + 0.3F * r(4);
    const float inside =
        smooth(w + 0.05F, w - 0.05F, std::abs(x - cx)) * smooth(h + 0.05F, h - 0.05F, std::abs(y - cy));
    const Vec3 tint{0.35F + 0.9F * r(5), 0.35F + 0.9F * r(6), 0.35F + 0.9F * r(7)};
    colour = mix(colour, mix(room.backdrop, tint * room.backdrop, 0.35F) * (0.35F + r(8)), inside * 0.8F);
  }
  return colour;
}

Vec3 shade_skin(const Scene& scene, const Spot& spot, Vec3 relief, Vec3 colour, float gloss) {
  // Light enters skin and leaves elsewhere, red farthest: red sees a smoother normal and wraps around the
  // edge of the shadow; shadows in creases turn red, not grey.
  const Vec3 soft = normalized(mix(relief, spot.normal, 0.7F));
  // No film, no sheen: the scalp under hair.
  const float oily = smooth(0, 0.16F, gloss);
  // Hair passes light on to the scalp below: between grey locks it is grey, not a black hole.
  const float below = smooth(0.12F, 0.03F, gloss);
  const float a = spot.ambient + 0.45F * below * square(1 - spot.ambient);
  const Vec3 bleeding{a * (1.17F - 0.17F * a), a * (1.03F - 0.03F * a), a};
  const Vec3 around = ambient_light(scene.room, soft);
  Vec3 diffuse = around * bleeding;
  float shine = 0;
  Vec3 shiny{};
  bool first = true;
  for (const Light& light : scene.lights) {
    // Deep in a nostril no lamp reaches, which the coarse map of shadows cannot tell.
    const float deep = clamp01(3 * a);
    const auto arriving = [&](float share) { return mix(share, 1.F, 0.3F * below) * deep; };
    const float s = first ? arriving(spot.shadow) : (spot.second >= 0 ? spot.second : 0.4F + 0.6F * a) * deep;
    // Red light that entered beside a shadow comes out in its edge.
    const float edge = s * (1 - s),
                red_edge = first && spot.red >= 0 ? std::min(arriving(spot.red), s + 0.04F) : s;
    first = false;
    const Vec3 passed{red_edge + 0.25F * s * edge, s * (1 + 0.08F * edge), s};
    const float red = wrapped(dot(soft, light.towards), 0.27F),
                green = wrapped(dot(mix(relief, spot.normal, 0.3F), light.towards), 0.15F),
                blue = wrapped(dot(relief, light.towards), 0.10F);
    diffuse += light.colour * passed * Vec3{red, green, blue};
    shine = oily * (0.5F + 0.8F * gloss) *
                highlight(relief, spot.view, light.towards, widened(0.13F, light), 0.03F) +
            0.6F * gloss * highlight(relief, spot.view, light.towards, widened(0.05F, light), 0.035F);
    shiny += light.colour * (shine * s);
  }
  // The sheen of the surroundings, strongest at grazing angles.
  const float facing = clamp01(dot(relief, spot.view)), m = 1 - facing;
  const float sheen = oily * (0.02F + 0.22F * m * m * m * m) * (0.4F + 0.6F * gloss);
  const Vec3 bounce = relief * (2 * dot(relief, spot.view)) - spot.view;
  return colour * diffuse + shiny + ambient_light(scene.room, bounce) * (sheen * a * a);
}

Vec3 shade_eye(const Scene& scene, const Spot& spot, const Eyes& eyes, const Mat3& frame, float x, float y,
               float nose, std::uint32_t key) {
  const Vec3 local = frame.transposed() * spot.view;
  float radius = std::sqrt(x * x + y * y);
  const float over_iris = smooth(eyes.iris_mm + 0.5F, eyes.iris_mm - 0.3F, radius);
  // The iris lies about 2.5 mm behind the cornea, which refracts.
  const float depth = 1.1F * over_iris / std::max(0.35F, local.z);
  const float ix = x - local.x * depth * 0.7F, iy = y - local.y * depth * 0.7F;
  const float inner = std::sqrt(ix * ix + iy * iy);
  // Sclera: never white; warmer and darker to the corners, bluish near the iris.
  const float corner = smooth(6.5F, 13.5F, std::abs(x));
  Vec3 sclera{0.56F, 0.50F, 0.445F};
  sclera = sclera * mix(Vec3{1, 1, 1}, Vec3{1, 0.90F, 0.72F}, eyes.sclera_yellow);
  sclera = sclera * mix(Vec3{1, 1, 1}, Vec3{0.92F, 0.60F, 0.54F},
                        clamp01(eyes.sclera_red * 0.35F + corner * (0.42F + eyes.sclera_red)));
  const float vein =
      value_noise({x * 0.45F + 40, y * 2.2F, 3}, key) * value_noise({x * 0.9F, y * 3.1F + 9, 7}, key + 1);
  sclera = sclera * mix(Vec3{1, 1, 1}, Vec3{1, 0.72F, 0.70F},
                        clamp01(vein * 3 * eyes.sclera_red) * smooth(5.5F, 9, radius));
  // Iris: a soft dark rim, fibres that run from the pupil, a lighter and warmer frill around it (collarette).
  const float along = inner / eyes.iris_mm, angle_x = inner > 0.01F ? ix / inner : 1,
              angle_y = inner > 0.01F ? iy / inner : 0;
  const float spokes = value_noise({angle_x * 9, angle_y * 9, along * 2.2F}, key + 2) * 0.5F +
                       value_noise({angle_x * 19, angle_y * 19, along * 3}, key + 3) * 0.5F;
  const Vec3 base = mix(Vec3{0.092F, 0.047F, 0.021F}, Vec3{0.036F, 0.0185F, 0.0098F}, eyes.brown),
             frill = base * Vec3{1.75F, 1.55F, 1.35F};
  const float ring = smooth(0.80F, 0.52F, along + 0.10F * spokes);
  Vec3 iris = mix(base, frill, 0.75F * ring) * (1 + 0.85F * spokes);
  // The cornea gathers light on the side away from the lamp.
  if (!scene.lights.empty()) {
    const Vec3 lamp = frame.transposed() * scene.lights[0].towards;
    const float away = -(ix * lamp.x + iy * lamp.y) / eyes.iris_mm;
    iris = iris * (1 + 0.75F * clamp(away, -0.45F, 0.8F));
  }
  iris = iris * (1 - 0.80F * smooth(0.74F, 1.0F, along));
  // The pale ring that many old people have inside the rim (arcus senilis), strongest above and below.
  const float arcus = eyes.arcus * smooth(0.74F, 0.86F, along) * smooth(1.0F, 0.93F, along);
  iris = mix(iris, Vec3{0.105F, 0.100F, 0.100F}, arcus * (0.45F + 0.55F * angle_y * angle_y));
  const float pupil = smooth(eyes.pupil + 0.05F, eyes.pupil - 0.04F, along);
  iris = mix(iris, Vec3{0.004F, 0.004F, 0.004F}, pupil);
  // The red flesh in the corner at the nose (caruncle) and the fold beside it.
  const float flesh = smooth(0.5F * eyes.fissure_mm - 4.0F, 0.5F * eyes.fissure_mm - 2.0F, x * nose);
  const Vec3 colour = mix(mix(sclera, Vec3{0.38F, 0.19F, 0.155F}, 0.85F * flesh), iris, over_iris);
  // Light inside the ball: the sclera is soft as skin; the iris is lit through the cornea from the other side
  // too.
  Vec3 lit = ambient_light(scene.room, spot.normal) * spot.ambient;
  bool first = true;
  for (const Light& light : scene.lights) {
    const float s = first ? spot.shadow * (0.35F + 0.65F * spot.ambient) : 0.3F + 0.7F * spot.ambient;
    first = false;
    lit += light.colour * (s * wrapped(dot(spot.normal, light.towards), 0.3F));
  }
  // The wet surface: cornea bulges, so its normal leans outwards more than the ball's.
  const float bulge = smooth(eyes.iris_mm + 1.2F, eyes.iris_mm - 0.8F, radius);
  const Vec3 axis = frame * Vec3{0, 0, 1};
  const Vec3 wet = normalized(spot.normal + (spot.normal - axis) * (0.45F * bulge));
  const Vec3 bounce = wet * (2 * dot(wet, spot.view)) - spot.view;
  const float m = 1 - clamp01(dot(wet, spot.view)), fresnel = 0.026F + 0.9F * m * m * m * m * m;
  const float open = square(spot.ambient);
  // Lamps show several times brighter than the rest: a catch-light, without which eyes look dead. Its border
  // is soft; the second lamp's is faint.
  const Vec3 around = ambient_light(scene.room, bounce);
  const Vec3 screen = mirrored({scene.camera, {}, scene.room, scene.pose, scene.gaze}, bounce) - around;
  Vec3 glint = screen * 2.6F;
  float strength = 1;
  for (const Light& light : scene.lights) {
    const float sine = 0.07F + 0.10F * light.size, cosine = std::sqrt(1 - sine * sine);
    const float spread = 1 - cosine;
    // A high lamp would show under the lid only, and the eye look dead: photographers bring it lower.
    const Vec3 seen = normalized({0.8F * light.towards.x, 0.62F * light.towards.y, light.towards.z});
    const float edge = smooth(cosine - 0.9F * spread, 1 - 0.45F * spread, dot(bounce, seen));
    glint += light.colour * (strength * edge * 1.8F / (sine * sine));
    strength *= 0.22F;
  }
  return colour * lit + around * (fresnel * open) +
         glint * (fresnel * smooth(0.10F, 0.55F, spot.ambient) * (0.5F + 0.5F * spot.shadow));
}

Vec3 shade_hair(const Scene& scene, const Spot& spot, Vec3 tangent, Vec3 colour) {
  // Kajiya-Kay with two shifted highlights: the white one of the surface, the coloured one from inside the
  // hair.
  // Hair passes light on: deep in it there is some left.
  const float open = spot.ambient + 0.25F * square(1 - spot.ambient);
  Vec3 out = ambient_light(scene.room, spot.normal) * colour * open;
  bool first = true;
  for (const Light& light : scene.lights) {
    const float s = first ? spot.shadow : 0.3F + 0.7F * spot.ambient;
    first = false;
    const float tl = dot(tangent, light.towards);
    const float around = clamp01(0.35F + 0.65F * dot(spot.normal, light.towards));
    // Light that other hairs pass on fills in where hair points at the lamp.
    const float diffuse = (0.3F + 0.7F * std::sqrt(std::max(0.F, 1 - tl * tl))) * around;
    const auto glint = [&](float shift, int doublings) {
      const Vec3 half = normalized(light.towards + spot.view);
      const float th = dot(normalized(tangent + spot.normal * shift), half);
      float power = std::max(0.F, 1 - th * th);
      for (int i = 0; i < doublings; ++i) power *= power;
      return power;
    };
    const Vec3 white = light.colour * (0.085F * glint(-0.10F, 4) * around);
    const Vec3 inner = light.colour * colour * (1.3F * glint(0.12F, 3) * around);
    out += (light.colour * colour * (0.75F * diffuse) + white + inner) * (s * open);
  }
  return out;
}

Vec3 shade_plain(const Scene& scene, const Spot& spot, Vec3 colour, float gloss) {
  Vec3 lit = ambient_light(scene.room, spot.normal) * spot.ambient, shiny{};
  bool first = true;
  for (const Light& light : scene.lights) {
    const float s = first ? spot.shadow : 0.4F + 0.6F * spot.ambient;
    first = false;
    lit += light.colour * (s * wrapped(dot(spot.normal, light.towards), 0.08F));
    if (gloss > 0)
      shiny += light.colour *
               (s * gloss * highlight(spot.normal, spot.view, light.towards, widened(0.12F, light), 0.04F));
  }
  return colour * lit + shiny;
}

}  // namespace shogo::people
