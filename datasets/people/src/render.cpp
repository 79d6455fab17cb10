#include "backdrop.h"
#include "bundle_part.h"
#include "cloth_paint.h"
#include "finer_hair.h"
#include "finer_skin.h"
#include "posed.h"
#include "raster.h"
#include "shading.h"
#include "shadow.h"
#include "side_by_side.h"
#include "skin_shading.h"
#include "soft_light.h"
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>

#include <shogo/people/noise.h>
#include <shogo/people/render.h>

namespace shogo::people {
namespace {

/// Samples a pixel has in each direction.
constexpr int kSamples = 2;
/// Every n-th strand throws a shadow, n times as wide.
constexpr int kShadowStrands = 2;

/// Numbers that a segment of a strand takes: one for each hair of a bundle.
constexpr std::uint32_t kHairs = 16;

/// So many times a portrait's skin is divided.
constexpr int kSkinLevels = 2;

/// Rows of pixels drawn at once: their samples stay in the second-level cache.
constexpr int kBandRows = 24;

/// Hair is drawn in so many layers of depth.
constexpr std::size_t kLayers = 16;

struct Segment {
  std::uint32_t strand, point;
};
/// What may be seen in a band of rows, by index; in the order of drawing.
struct Band {
  std::vector<std::uint32_t> triangles, lenses;
  std::array<std::vector<std::uint32_t>, kLayers>
      segments;  ///< the nearest layer first: it hides most of the others
};

/// What all bands share: the figure on the screen.
struct Stage {
  const Figure& figure;
  const Scene& scene;
  Posed posed;
  PosedStrands finer;                      ///< of a large picture
  const Strands* hair = nullptr;           ///< the figure's, or those
  std::vector<ScreenPoint> screen;         ///< vertices
  std::vector<StrandPoint> strand_points;  ///< beside the figure's
  std::vector<std::uint8_t> hairs;         ///< strands: hairs of a bundle that can be told apart
  std::vector<Segment> segments;
  std::vector<Band> bands;
  std::unique_ptr<ShadowMap> shadow;
  Backdrop backdrop;
  SoftLight soft{};           ///< of a portrait
  std::vector<float> fold{};  ///< vertices of cloth: its soft folds, -1 … 1
  float weave = 0;            ///< 0 … 1: how much of the cloth's weave a pixel can tell
  float fine_skin = 0;        ///< 0 … 1: how much finer than the skin's chart the picture is
};

ScreenPoint project(const Camera& camera, Vec3 p) {
  const Vec3 c = camera.to_camera * (p - camera.position);
  if (c.z < 20) return {};
  const float near = 1 / c.z;
  const float scale = static_cast<float>(kSamples * Raster::kSub);
  const float x = (camera.centre_x + camera.focal_px * c.x * near) * scale,
              y = (camera.centre_y - camera.focal_px * c.y * near) * scale;
  constexpr float kLimit = 1 << 20;
  return {whole_below(clamp(x, -kLimit, kLimit) + 0.5F), whole_below(clamp(y, -kLimit, kLimit) + 0.5F), near};
}

Vec3 middle_of_head(const Stage& stage) {
  return stage.posed.position.empty()
             ? Vec3{}
             : (stage.posed.eye_centre[0] + stage.posed.eye_centre[1]) * 0.5F + Vec3{0, 10, -75};
}

Vec3 strand_tangent(const Stage& stage, const Strand& strand, std::uint32_t k) {
  const std::vector<Vec3>& points = stage.posed.strand_points;
  const std::size_t i = strand.first + k;
  return normalized(points[k + 1U == strand.count ? i : i + 1] - points[k == 0 ? i : i - 1]);
}

/// Strands [from, to) on the screen. Points that cannot be seen past the head are left out.
void place_strands(Stage& stage, std::size_t from, std::size_t to, std::vector<Segment>& segments) {
  const Camera& camera = stage.scene.camera;
  const Strands& hair = *stage.hair;
  const std::vector<Vec3>& points = stage.posed.strand_points;
  const Vec3 middle = middle_of_head(stage);
  // A large picture sees farther round the sides, where hair that stands off the head would end in teeth.
  const float beside = stage.finer.strands.strands.empty() ? -35.F : -65.F;
  for (std::size_t s = from; s < to; ++s) {
    const Strand& strand = hair.strands[s];
    stage.hairs[s] = 0;
    for (std::uint32_t k = 0; k < strand.count; ++k) {
      const std::size_t i = strand.first + k;
      const Vec3 out = points[i] - middle, view = camera.position - points[i];
      if (strand.material == Material::kHair && points[i].y > middle.y - 40 &&
          dot(out, view) < (points[i].y > middle.y + 45 ? -65.F : beside) * length(view))
        continue;
      StrandPoint& point = stage.strand_points[i];
      point.at = project(camera, points[i]);
      point.wide = strand.width_mm * camera.focal_px * kSamples * point.at.near;
      if (stage.hairs[s] == 0)
        stage.hairs[s] =
            static_cast<std::uint8_t>(clamp(point.wide / 1.5F, 1, static_cast<float>(strand.hairs)));
      const float along = hair.along[i];
      point.wide *= strand.hairs > 1 ? bundle_width(along)
                    : strand.material == Material::kHair
                        ? single_width(along * strand.length_mm) * (1 - 0.65F * square(along))
                    : strand.material == Material::kMask ? 1.F
                                                         : 1 - 0.8F * along;
      if (k > 0 && point.at.near > 0 && stage.strand_points[i - 1].at.near > 0)
        segments.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint32_t>(i - 1)});
    }
  }
}

/// Chunks of strands are placed side by side and put together in their order.
void place_strands(Stage& stage, int threads) {
  const std::size_t count = stage.hair->strands.size();
  stage.strand_points.resize(stage.posed.strand_points.size());
  stage.hairs.resize(count);
  const auto chunks = static_cast<std::size_t>(std::max(1, threads));
  std::vector<std::vector<Segment>> placed(chunks);
  side_by_side(threads, threads, [&](int chunk) {
    const auto c = static_cast<std::size_t>(chunk);
    place_strands(stage, count * c / chunks, count * (c + 1) / chunks, placed[c]);
  });
  for (const std::vector<Segment>& chunk : placed)
    stage.segments.insert(stage.segments.end(), chunk.begin(), chunk.end());
}

/// Sorts into bands by the 1/16 samples [low, high] that something covers from top to bottom.
template <typename Put>
void put_in_bands(Stage& stage, std::int32_t low, std::int32_t high, Put&& put) {
  constexpr std::int32_t kTall = kBandRows * kSamples * Raster::kSub;
  const auto last = static_cast<std::int32_t>(stage.bands.size()) - 1;
  if (high < 0 || low > (last + 1) * kTall) return;
  for (std::int32_t b = std::max(0, low / kTall); b <= std::min(last, high / kTall); ++b)
    put(stage.bands[static_cast<std::size_t>(b)]);
}

void fill_bands(Stage& stage) {
  stage.bands.resize(static_cast<std::size_t>((stage.scene.camera.height + kBandRows - 1) / kBandRows));
  const std::vector<Triangle>& triangles = stage.figure.mesh.triangles;
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    const Triangle& triangle = triangles[i];
    const ScreenPoint &a = stage.screen[triangle.corner[0]], &b = stage.screen[triangle.corner[1]],
                      &c = stage.screen[triangle.corner[2]];
    const bool closed = triangle.material == Material::kSkin || triangle.material == Material::kEye;
    if (closed && Raster::faces_away(a, b, c)) continue;
    put_in_bands(stage, std::min({a.y, b.y, c.y}), std::max({a.y, b.y, c.y}), [&](Band& band) {
      (triangle.material == Material::kLens ? band.lenses : band.triangles)
          .push_back(static_cast<std::uint32_t>(i));
    });
  }
  const auto near_of = [&](const Segment& segment) {
    return std::max(stage.strand_points[segment.point].at.near,
                    stage.strand_points[segment.point + 1].at.near);
  };
  float nearest = 0, farthest = 1;
  for (const Segment& segment : stage.segments) {
    nearest = std::max(nearest, near_of(segment));
    farthest = std::min(farthest, near_of(segment));
  }
  const float layers = static_cast<float>(kLayers) / std::max(nearest - farthest, 1e-9F);
  for (std::size_t i = 0; i < stage.segments.size(); ++i) {
    const StrandPoint &a = stage.strand_points[stage.segments[i].point],
                      &b = stage.strand_points[stage.segments[i].point + 1];
    const auto reach = static_cast<std::int32_t>(Raster::kSub * (1 + std::max(a.wide, b.wide)));
    const std::size_t layer =
        std::min(kLayers - 1, static_cast<std::size_t>((nearest - near_of(stage.segments[i])) * layers));
    put_in_bands(stage, std::min(a.at.y, b.at.y) - reach, std::max(a.at.y, b.at.y) + reach,
                 [&](Band& band) { band.segments[layer].push_back(static_cast<std::uint32_t>(i)); });
  }
}

/// Whether a lash is so thin in the picture that it can but tint the skin: its few dots would be pepper.
bool lash_is_blended(const Stage& stage, const Strand& strand) {
  return stage.strand_points[strand.first].cover() < 0.32F;
}

/// Colour at a point of a strand.
Vec3 strand_colour(const Stage& stage, const Strand& strand, std::uint32_t point) {
  const std::uint32_t k = point - strand.first;
  const Vec3 position = stage.posed.strand_points[point];
  Vec3 out = position - middle_of_head(stage);
  const Vec3 view = normalized(stage.scene.camera.position - position);
  const Vec3 tangent = strand_tangent(stage, strand, k);
  const float along = stage.hair->along[point];
  // Hair lies over the head: its normal leans from the head's outwards towards the viewer.
  if (out.y < 0) out.y *= 0.3F;
  const Vec3 away = normalized(out);
  Vec3 normal = normalized(away + view * 0.3F);
  normal = normalized(normal - tangent * dot(tangent, normal));
  // Dark at the root, and where it is seen from inside, behind the neck.
  const bool head = strand.material == Material::kHair;
  const float rooted = head ? root_light(along * strand.length_mm, strand.length_mm) : 1.F,
              inside = head ? 1 - 0.42F * smooth(0, -0.4F, dot(away, view)) * smooth(10, -40, out.y) : 1.F;
  Spot spot{position, normal, view, strand.light * rooted * inside, 1};
  // Brows lie in the shadow that their skin lies in.
  if (stage.shadow && strand.material == Material::kBrow) spot.shadow = stage.shadow->lit(position, 3);
  if (strand.material == Material::kLash) {
    const float seen =
        lash_is_blended(stage, strand) ? 0.5F * std::sqrt(stage.strand_points[point].cover()) : 1.F;
    // What is behind a lash lies in the shade of the others.
    return shade_plain(stage.scene, spot, mix(strand.under * 0.6F, strand.colour, seen), 0);
  }
  if (strand.material == Material::kBrow) {
    const float cover = std::sqrt(stage.strand_points[point].cover());
    // Hairs of a brow seen from far lie side by side in a sample; dark and white ones would make dots.
    const float seen = mix(std::sqrt(cover), cover * (0.25F + 0.75F * cover), 0.65F * strand.spread);
    return shade_plain(stage.scene, spot, mix(strand.under, strand.colour, seen), 0);
  }
  if (stage.shadow && strand.material == Material::kHair)
    spot.shadow = (0.34F + 0.66F * stage.shadow->lit(position, 9)) * inside;
  // No hair lies quite as the next: the band of light breaks up.
  const Vec3 turned =
      normalized(tangent + normal * (strand.tilt + 0.2F * signed_of(hash32(strand.key, 0x71A7U))));
  return shade_hair(stage.scene, spot, turned, strand.colour);
}

/// Colours of strands' points that somebody sees: most lie under others and are never asked for.
class SeenStrands {
 public:
  explicit SeenStrands(const Stage& stage)
      : stage_(stage), colour_(stage.posed.strand_points.size()), known_(colour_.size()) {}
  /// At the middle of the pixel; `hair`: which of a bundle.
  Vec3 at(const Segment& segment, std::uint32_t hair, int px, int py) {
    const std::uint32_t p = segment.point;
    const auto middle = [&](std::uint32_t i) {
      const ScreenPoint at = stage_.strand_points[i].at;
      return Vec3{static_cast<float>(at.x), static_cast<float>(at.y), 0};
    };
    const Vec3 from = middle(p), run = middle(p + 1) - from;
    const Vec3 here{static_cast<float>((2 * px + 1) * Raster::kSub),
                    static_cast<float>((2 * py + 1) * Raster::kSub), 0};
    const float t = clamp01(dot(here - from, run) / std::max(dot(run, run), 1.F));
    const Vec3 colour = mix(point(segment.strand, p), point(segment.strand, p + 1), t);
    const Strand& strand = stage_.hair->strands[segment.strand];
    if (strand.hairs <= 1) return colour;
    return colour * (1 + strand.spread * signed_of(hash32(strand.key, hair, 0x70E5U)));
  }

 private:
  Vec3 point(std::uint32_t strand, std::uint32_t i) {
    if (known_[i] == 0) {
      colour_[i] = strand_colour(stage_, stage_.hair->strands[strand], i);
      known_[i] = 1;
    }
    return colour_[i];
  }
  const Stage& stage_;
  std::vector<Vec3> colour_;
  std::vector<std::uint8_t> known_;
};

/// Share of each corner in the point of a triangle that the pixel's centre sees.
std::array<float, 3> corners_at(const Stage& stage, const Triangle& triangle, int px, int py) {
  const ScreenPoint a = stage.screen[triangle.corner[0]], b = stage.screen[triangle.corner[1]],
                    c = stage.screen[triangle.corner[2]];
  const auto cx = static_cast<float>((2 * px + 1) * Raster::kSub),
             cy = static_cast<float>((2 * py + 1) * Raster::kSub);
  const float ax = static_cast<float>(a.x) - cx, ay = static_cast<float>(a.y) - cy,
              bx = static_cast<float>(b.x) - cx, by = static_cast<float>(b.y) - cy,
              qx = static_cast<float>(c.x) - cx, qy = static_cast<float>(c.y) - cy;
  float wa = (bx * qy - by * qx), wb = (qx * ay - qy * ax), wc = (ax * by - ay * bx);
  const float sum = wa + wb + wc;
  if (sum == 0) return {1, 0, 0};
  // The centre may lie outside a triangle that only covers another sample: hold it at the edge.
  wa = clamp01(wa / sum) * a.near;
  wb = clamp01(wb / sum) * b.near;
  wc = clamp01(wc / sum) * c.near;
  const float all = wa + wb + wc;
  return {wa / all, wb / all, wc / all};
}

Vec3 shade_triangle(const Stage& stage, std::uint32_t index, int px, int py) {
  const Triangle& triangle = stage.figure.mesh.triangles[index];
  const std::array<float, 3> w = corners_at(stage, triangle, px, py);
  Spot spot;
  float u = 0, v = 0;
  spot.ambient = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint32_t corner = triangle.corner[i];
    const Vertex& vertex = stage.figure.mesh.vertices[corner];
    spot.position += stage.posed.position[corner] * w[i];
    spot.normal += stage.posed.normal[corner] * w[i];
    u += vertex.u * w[i];
    v += vertex.v * w[i];
    spot.ambient += vertex.light * w[i];
  }
  spot.normal = normalized(spot.normal);
  spot.view = normalized(stage.scene.camera.position - spot.position);
  if (!stage.soft.first.empty() &&
      (triangle.material == Material::kSkin || triangle.material == Material::kCloth)) {
    const SoftLight& soft = stage.soft;
    spot.shadow = spot.red = spot.second = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      spot.shadow += soft.first[triangle.corner[i]] * w[i];
      spot.red += soft.red[triangle.corner[i]] * w[i];
      spot.second += soft.second[triangle.corner[i]] * w[i];
    }
  } else if (stage.shadow) {
    spot.shadow = stage.shadow->lit(spot.position, triangle.material == Material::kEye ? 1.2F : 3.F);
  }
  const Person& person = stage.figure.person;
  switch (triangle.material) {
    case Material::kSkin:
      return skin_at(stage.figure, stage.scene, spot, u, v, stage.fine_skin);
    case Material::kEye:
      return shade_eye(stage.scene, spot, person.eyes, stage.posed.eye_frame[triangle.side], u, v,
                       triangle.side == 0 ? 1.F : -1.F,
                       hash32(static_cast<std::uint32_t>(person.seed), triangle.side));
    case Material::kTeeth:
      spot.ambient *= 0.7F;
      return shade_plain(stage.scene, spot, {0.55F, 0.50F, 0.42F}, 0.8F);
    case Material::kMouth:
      // The lips keep most light out, more than coarse maps of shadows tell.
      spot.shadow *= 0.5F * spot.ambient;
      spot.normal = spot.view;
      return shade_plain(stage.scene, spot, {0.30F, 0.105F, 0.09F}, 0);
    case Material::kCloth: {
      const float weave = cloth_tone(u, v, stage.weave);
      float fold = 0;
      for (std::size_t i = 0; i < 3; ++i) fold += stage.fold[triangle.corner[i]] * w[i];
      spot.normal = normalized(spot.normal + Vec3{0.22F * fold, 0.05F * fold, 0});
      return shade_plain(stage.scene, spot, cloth_colour(person.clothes, triangle.side == 1, u, v) * weave,
                         0);
    }
    case Material::kGlasses: {
      const float dark = person.glasses.dark;
      return shade_plain(
          stage.scene, spot,
          mix(Vec3{0.45F, 0.42F, 0.38F}, Vec3{0.02F + 0.12F * person.glasses.red, 0.018F, 0.016F}, dark), 1);
    }
    case Material::kMask: {
      const float fold = 1 - 0.10F * smooth(0.35F, 0.5F, std::abs(v - std::floor(v) - 0.5F));
      return shade_plain(stage.scene, spot, Vec3{0.74F, 0.76F, 0.77F} * fold, 0);
    }
    default:
      return {};
  }
}

/// What a lens adds: the room's reflection. `seen` passes it almost whole.
Vec3 through_lens(const Stage& stage, std::uint32_t index, int px, int py, Vec3 seen) {
  const Triangle& triangle = stage.figure.mesh.triangles[index];
  const std::array<float, 3> w = corners_at(stage, triangle, px, py);
  Vec3 position{}, normal{};
  for (std::size_t i = 0; i < 3; ++i) {
    position += stage.posed.position[triangle.corner[i]] * w[i];
    normal += stage.posed.normal[triangle.corner[i]] * w[i];
  }
  normal = normalized(normal);
  const Vec3 view = normalized(stage.scene.camera.position - position);
  const Vec3 bounce = normal * (2 * dot(normal, view)) - view;
  const float m = 1 - clamp01(dot(normal, view));
  // Coated lenses reflect about 1.5 %, greenish.
  const float fresnel = 0.015F + 0.8F * m * m * m * m * m;
  return seen * 0.95F + mirrored(stage.scene, bounce) * Vec3{0.8F, 1.0F, 0.85F} * fresnel;
}

void draw_triangles(const Stage& stage, const std::vector<std::uint32_t>& which, Raster& raster) {
  for (const std::uint32_t i : which) {
    const Triangle& triangle = stage.figure.mesh.triangles[i];
    raster.triangle(stage.screen[triangle.corner[0]], stage.screen[triangle.corner[1]],
                    stage.screen[triangle.corner[2]], i + 1);
  }
}

/// How far to either side of its middle a segment reaches: half its width, slanted, with what it overlaps.
constexpr float kSpread = 1.3F * Raster::kSub;

void draw_strands(const Stage& stage, const std::vector<std::uint32_t>& which, Raster& raster) {
  const auto base = static_cast<std::uint32_t>(stage.figure.mesh.triangles.size() + 1);
  for (std::size_t n = 0; n < which.size(); ++n) {
    // A layer picks its segments here and there, and memory answers too late for most: they are asked for
    // ahead.
    if (n + 16 < which.size()) {
      __builtin_prefetch(&stage.segments[which[n + 16]]);
      __builtin_prefetch(&stage.strand_points[stage.segments[which[n + 8]].point]);
      __builtin_prefetch(&stage.hair->strands[stage.segments[which[n + 8]].strand]);
    }
    const std::uint32_t i = which[n], p = stage.segments[i].point;
    const StrandPoint &a = stage.strand_points[p], &b = stage.strand_points[p + 1];
    if (raster.behind(a.at, b.at, kSpread * std::max({a.wide, b.wide, kThinnest}))) continue;
    const Strand& strand = stage.hair->strands[stage.segments[i].strand];
    const std::uint32_t id = base + i * kHairs;
    const auto end = [&](const StrandPoint& point) {
      return Raster::RibbonEnd{point.at, 0.5F * Raster::kSub * std::max(point.wide, kThinnest)};
    };
    if (strand.hairs > 1) {
      const float from = stage.hair->along[p], to = stage.hair->along[p + 1];
      raster.ribbon(end(a), end(b), id, BundlePart(strand, stage.hairs[stage.segments[i].strand], from, to));
      continue;
    }
    // Brows let the skin show instead (strand_colour): they are too few for a pattern of dots. Lashes do so
    // in small pictures only: below them is skin here, there an iris.
    const bool blended = strand.material == Material::kBrow ||
                         (strand.material == Material::kLash && lash_is_blended(stage, strand));
    const float cover = blended ? 1 : 0.5F * (a.cover() + b.cover());
    if (cover >= 1) {
      raster.ribbon(end(a), end(b), id, [](int, int, float, float) { return true; });
      continue;
    }
    raster.ribbon(end(a), end(b), id, [&](int x, int y, float, float) {
      return unit_of(hash32(static_cast<std::uint32_t>(x) + 65536U * static_cast<std::uint32_t>(y),
                            strand.key)) < cover;
    });
  }
}

/// It pays to look for what is hidden when a layer of a band has more segments than this.
constexpr std::size_t kMany = 100;

/// A thread's workplace: drawing reuses it from band to band.
class BandPainter {
 public:
  BandPainter(const Stage& stage, Frame& frame)
      : stage_(stage),
        frame_(frame),
        triangles_(static_cast<std::uint32_t>(stage.figure.mesh.triangles.size())),
        raster_(frame.width * kSamples, 0, 0),
        lenses_(frame.width * kSamples, 0, 0),
        strands_(stage) {}

  void draw(int number) {
    const Band& band = stage_.bands[static_cast<std::size_t>(number)];
    const int top = number * kBandRows, bottom = std::min(frame_.height, top + kBandRows);
    raster_.clear(top * kSamples, bottom * kSamples);
    draw_triangles(stage_, band.triangles, raster_);
    for (const std::vector<std::uint32_t>& layer : band.segments) {
      if (layer.size() > kMany) raster_.note_farthest();
      draw_strands(stage_, layer, raster_);
    }
    has_lenses_ = !band.lenses.empty();
    if (has_lenses_) {
      lenses_.clear(top * kSamples, bottom * kSamples);
      draw_triangles(stage_, band.lenses, lenses_);
    }
    for (int y = top; y < bottom; ++y) {
      const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(frame_.width);
      stage_.backdrop.draw(y, &frame_.light[row]);
      const std::uint32_t *upper = raster_.ids(2 * y), *lower = raster_.ids(2 * y + 1);
      for (int x = 0; x < frame_.width; ++x, upper += 2, lower += 2) {
        if ((upper[0] | upper[1] | lower[0] | lower[1]) != 0)
          draw_pixel({upper[0], upper[1], lower[0], lower[1]}, x, y, row + static_cast<std::size_t>(x));
        if (has_lenses_) add_lens(x, y, frame_.light[row + static_cast<std::size_t>(x)]);
      }
    }
  }

 private:
  [[nodiscard]] Material material_of(std::uint32_t id) const {
    if (id == 0) return Material::kBackground;
    if (id <= triangles_) return stage_.figure.mesh.triangles[id - 1].material;
    return stage_.hair->strands[stage_.segments[(id - 1 - triangles_) / kHairs].strand].material;
  }
  /// Samples of one primitive, and of one smooth material, are coloured once at the pixel's centre.
  [[nodiscard]] bool alike(std::uint32_t a, std::uint32_t b) const {
    return a == b ||
           (a != 0 && b != 0 && a <= triangles_ && b <= triangles_ && material_of(a) == material_of(b));
  }

  /// `at`: the pixel in the frame, which shows the backdrop as yet.
  void draw_pixel(const std::array<std::uint32_t, 4>& id, int x, int y, std::size_t at) {
    frame_.material[at] = material_of(id[0]);
    const float near = raster_.near(2 * x, 2 * y);
    frame_.depth_mm[at] = near > 0 ? 1 / near : 0;
    if (id[0] == id[1] && id[0] == id[2] && id[0] == id[3]) {
      frame_.light[at] = colour_of(id[0], x, y);
      return;
    }
    Vec3 sum{}, colour[4];
    for (std::size_t s = 0; s < 4; ++s) {
      std::size_t same = 0;
      while (same < s && !alike(id[same], id[s])) ++same;
      if (same < s) {
        colour[s] = colour[same];
      } else if (id[s] == 0) {
        colour[s] = frame_.light[at];
      } else {
        colour[s] = colour_of(id[s], x, y);
      }
      sum += colour[s];
    }
    frame_.light[at] = sum * 0.25F;
  }
  Vec3 colour_of(std::uint32_t id, int x, int y) {
    if (id <= triangles_) return shade_triangle(stage_, id - 1, x, y);
    const std::uint32_t n = id - 1 - triangles_;
    return strands_.at(stage_.segments[n / kHairs], n % kHairs, x, y);
  }

  void add_lens(int x, int y, Vec3& light) const {
    int covered = 0;
    std::uint32_t lens = 0;
    for (int s = 0; s < 4; ++s) {
      const int sx = 2 * x + (s & 1), sy = 2 * y + (s >> 1);
      if (lenses_.id(sx, sy) != 0 && lenses_.near(sx, sy) > raster_.near(sx, sy)) {
        ++covered;
        lens = lenses_.id(sx, sy);
      }
    }
    if (covered > 0)
      light = mix(light, through_lens(stage_, lens - 1, x, y, light), static_cast<float>(covered) / 4);
  }

  const Stage& stage_;
  Frame& frame_;
  std::uint32_t triangles_;
  Raster raster_, lenses_;
  bool has_lenses_ = false;
  SeenStrands strands_;
};

}  // namespace

Frame render(const Figure& given, const Scene& scene, int threads) {
  // A portrait is drawn with care: curved skin, lamps with width.
  std::unique_ptr<Figure> portrait;
  if (scene.careful) {
    portrait = std::make_unique<Figure>(given);
    refine_skin(portrait->mesh, kSkinLevels);
  }
  const Figure& figure = portrait ? *portrait : given;
  Stage stage{figure,  scene,          pose_figure(figure, scene), {}, &figure.hair, {}, {}, {}, {}, {},
              nullptr, Backdrop(scene)};
  if (!scene.lights.empty())
    stage.shadow = std::make_unique<ShadowMap>(figure, stage.posed, scene.lights[0], kShadowStrands, threads);
  if (portrait && !scene.lights.empty())
    stage.soft = soft_light(given, figure.mesh, stage.posed, scene.lights, threads);
  stage.screen.resize(stage.posed.position.size());
  for (std::size_t i = 0; i < stage.screen.size(); ++i)
    stage.screen[i] = project(scene.camera, stage.posed.position[i]);
  if (sees_single_hairs(scene.camera, middle_of_head(stage), kSamples)) {
    stage.finer = finer_hair(figure, stage.posed.strand_points, middle_of_head(stage));
    stage.posed.strand_points.swap(stage.finer.posed);
    stage.hair = &stage.finer.strands;
  }
  const float px_per_mm = scene.camera.focal_px / length(scene.camera.position - middle_of_head(stage));
  stage.fine_skin = smooth(1.6F, 3.2F, px_per_mm);
  stage.weave = smooth(1.2F, 2.2F, px_per_mm);
  stage.fold = cloth_folds(figure);
  place_strands(stage, threads);
  fill_bands(stage);
  Frame frame;
  frame.width = scene.camera.width;
  frame.height = scene.camera.height;
  const std::size_t pixels = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  frame.light.resize(pixels);
  frame.material.resize(pixels);
  frame.depth_mm.resize(pixels);
  // Some bands are dearer than others, so each thread takes the next when it is done with one.
  const int bands = static_cast<int>(stage.bands.size());
  std::atomic<int> next{0};
  side_by_side(threads, std::max(1, threads), [&](int /*thread*/) {
    BandPainter painter(stage, frame);
    for (int band = next++; band < bands; band = next++) painter.draw(band);
  });
  for (const Vec3 p : stage.posed.landmarks) {
    const Vec3 c = scene.camera.to_camera * (p - scene.camera.position);
    const float near = 1 / std::max(c.z, 1.F);
    frame.landmarks.push_back({scene.camera.centre_x + scene.camera.focal_px * c.x * near,
                               scene.camera.centre_y - scene.camera.focal_px * c.y * near});
  }
  return frame;
}

}  // namespace shogo::people
