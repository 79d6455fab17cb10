#include "face_chart.h"
#include "face_marks.h"
#include "figure_parts.h"
#include "shadow.h"
#include "shape.h"
#include "shape_memo.h"
#include "skin_texture.h"
#include "skull.h"
#include <algorithm>
#include <map>
#include <mutex>

#include <shogo/people/figure.h>

namespace shogo::people {
namespace {

std::vector<Vec3> normals_of(const HeadModel& head, const std::vector<Vec3>& shape) {
  std::vector<Vec3> normal(shape.size());
  for (const Quad& quad : head.quads()) {
    const Vec3 n =
        cross(shape[quad.corner[2]] - shape[quad.corner[0]], shape[quad.corner[3]] - shape[quad.corner[1]]);
    for (const std::uint16_t corner : quad.corner) normal[corner] += n;
  }
  for (Vec3& n : normal) n = normalized(n);
  return normal;
}

/// Gives which vertex of the model each of the mesh's is.
std::vector<std::uint16_t> add_body(const Sitter& sitter, Mesh& mesh) {
  std::vector<std::uint16_t> rest_of;
  std::vector<std::int64_t> index(sitter.shape.size(), -1);
  for (const Quad& quad : sitter.head.quads()) {
    Material material{};
    switch (quad.part) {
      case Part::kSkin:
        material = Material::kSkin;
        break;
      case Part::kTeeth:
        material = Material::kTeeth;
        break;
      case Part::kTongue:
        material = Material::kMouth;
        break;
      case Part::kLashes:
      case Part::kEyeLeft:
      case Part::kEyeRight:
        continue;
    }
    if (material == Material::kSkin &&
        std::all_of(quad.corner.begin(), quad.corner.end(),
                    [&](std::uint16_t v) { return FaceMarks::inside_mouth(sitter.head.rest()[v]); }))
      material = Material::kMouth;
    const bool part_of_skin = quad.part == Part::kSkin;
    std::array<std::uint32_t, 4> corner{};
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint16_t old = quad.corner[i];
      if (index[old] < 0) {
        index[old] = static_cast<std::int64_t>(mesh.vertices.size());
        rest_of.push_back(old);
        const Vec3 rest = sitter.head.rest()[old];
        const ChartPoint at = FaceChart::place(rest);
        // Where the lips roll inwards light comes through them as if they faced it.
        const float seam =
            part_of_skin ? FaceMarks::around_seam(rest) * smooth(5, 1, std::abs(rest.y + 67.5F)) : 0.F;
        // Below a strong brow the root of the nose would be a dark bar: flesh fills that fold.
        const float root = part_of_skin ? FaceMarks::nose_root(rest) : 0.F;
        const Vec3 normal =
            normalized(sitter.normal[old] + Vec3{0, 0.1F, 1} * (0.7F * seam) + Vec3{0, 0.38F, 0.2F} * root);
        // Teeth stand a little too far forward in the model and would shine through closed lips.
        const Vec3 back{0, 0, quad.part == Part::kTeeth ? -4.F : 0.F};
        mesh.vertices.push_back({sitter.shape[old] + back, normal, at.u, at.v, 1, follow_of(rest)});
      }
      corner[i] = static_cast<std::uint32_t>(index[old]);
    }
    mesh.triangles.push_back({{corner[0], corner[1], corner[2]}, material, 0});
    mesh.triangles.push_back({{corner[0], corner[2], corner[3]}, material, 0});
  }
  return rest_of;
}

/// Ears under long hair lie closer to the head.
void press_ears(const HeadModel& head, std::vector<Vec3>& shape) {
  constexpr float kFree = 72;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 rest = head.rest()[i];
    const float over = std::abs(shape[i].x) - kFree;
    if (over <= 0 || rest.y > 35 || rest.y < -75 || rest.z < -140) continue;
    const float ear = smooth(74, 80, std::abs(rest.x));
    shape[i].x = (shape[i].x > 0 ? 1.F : -1.F) * (kFree + over * (1 - 0.9F * ear));
  }
}

/// Seen from the front an ear narrows downwards and its lobe ends round; the model's is a slab cut off level.
void round_lobes(const HeadModel& head, std::vector<Vec3>& shape) {
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 rest = head.rest()[i];
    const float side = std::abs(rest.x);
    if (side < 67 || rest.y > 0 || rest.y < -60 || rest.z > -50 || rest.z < -110) continue;
    const float ear = smooth(67, 73, side), below = clamp01((-30 - rest.y) / 17);
    const float in = ear * (2.2F * smooth(-6, -40, rest.y) + 2.6F * square(below));
    shape[i].x -= (rest.x > 0 ? 1.F : -1.F) * in;
  }
}

/// One chart per head model, made at first use.
const FaceChart& chart_of(const HeadModel& head) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<FaceChart>> charts;
  const std::lock_guard lock(mutex);
  std::unique_ptr<FaceChart>& chart = charts[head.id()];
  if (!chart) chart = std::make_unique<FaceChart>(head);
  return *chart;
}

}  // namespace

float follow_of(Vec3 rest) {
  return smooth(-185, -108, rest.y + 0.15F * rest.z + 8);
}

void add_strand(Strands& to, const std::vector<Vec3>& points, const std::vector<float>& follow,
                const Strand& like) {
  if (points.size() < 2) return;
  Strand strand = like;
  strand.first = static_cast<std::uint32_t>(to.points.size());
  strand.count = static_cast<std::uint16_t>(points.size());
  to.points.insert(to.points.end(), points.begin(), points.end());
  to.follow.insert(to.follow.end(), follow.begin(), follow.end());
  float far = 0;
  to.along.push_back(0);
  for (std::size_t i = 1; i < points.size(); ++i)
    to.along.push_back(far += length(points[i] - points[i - 1]));
  strand.length_mm = std::max(far, 1e-3F);
  for (std::size_t i = strand.first; i < to.along.size(); ++i) to.along[i] /= strand.length_mm;
  to.strands.push_back(strand);
}

Vec3 painted_at(const SkinTexture& skin, Vec3 rest) {
  const ChartPoint at = FaceChart::place(rest);
  const int x = std::min(static_cast<int>(at.u * SkinTexture::kWidth), SkinTexture::kWidth - 1),
            y = std::min(static_cast<int>(at.v * SkinTexture::kHeight), SkinTexture::kHeight - 1);
  const SkinTexel& texel = skin.texels[static_cast<std::size_t>(y * SkinTexture::kWidth + x)];
  const Vec3 root =
      Vec3{static_cast<float>(texel.red), static_cast<float>(texel.green), static_cast<float>(texel.blue)} *
      (1.0F / 255);
  return root * root;
}

FrontFinder::FrontFinder(const Sitter& sitter) : sitter_(sitter), cells_(kCells * kCells) {
  for (const Quad& quad : sitter.head.quads()) {
    if (quad.part != Part::kSkin) continue;
    for (const auto& corner : {std::array{quad.corner[0], quad.corner[1], quad.corner[2]},
                               std::array{quad.corner[0], quad.corner[2], quad.corner[3]}}) {
      const Vec3 a = sitter.head.rest()[corner[0]], b = sitter.head.rest()[corner[1]],
                 c = sitter.head.rest()[corner[2]];
      if (!(a.z > -45 && a.y > -130 && cross(b - a, c - a).z > 0)) continue;
      const int x0 = cell(std::min({a.x, b.x, c.x}) - kMargin_mm),
                x1 = cell(std::max({a.x, b.x, c.x}) + kMargin_mm),
                y0 = cell(std::min({a.y, b.y, c.y}) - kMargin_mm),
                y1 = cell(std::max({a.y, b.y, c.y}) + kMargin_mm);
      for (int y = y0; y <= y1; ++y)
        for (int x = x0; x <= x1; ++x) cells_[index(x, y)].push_back(corner);
    }
  }
}

int FrontFinder::cell(float place) {
  return std::clamp(whole_below(place / kCell_mm) + kCells / 2, 0, kCells - 1);
}

FrontFinder::Hit FrontFinder::at(float x, float y) const {
  Hit best;
  float front = -1e9F;
  for (const auto& corner : cells_[index(cell(x), cell(y))]) {
    const Vec3 a = sitter_.head.rest()[corner[0]], b = sitter_.head.rest()[corner[1]],
               c = sitter_.head.rest()[corner[2]];
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    const float wa = ((b.x - x) * (c.y - y) - (c.x - x) * (b.y - y)) / area,
                wb = ((c.x - x) * (a.y - y) - (a.x - x) * (c.y - y)) / area, wc = 1 - wa - wb;
    if (wa < 0 || wb < 0 || wc < 0) continue;
    const float z = wa * a.z + wb * b.z + wc * c.z;
    if (z <= front) continue;
    front = z;
    best = {sitter_.shape[corner[0]] * wa + sitter_.shape[corner[1]] * wb + sitter_.shape[corner[2]] * wc,
            normalized(sitter_.normal[corner[0]] * wa + sitter_.normal[corner[1]] * wb +
                       sitter_.normal[corner[2]] * wc),
            {x, y, z},
            true,
            corner,
            {wa, wb, wc}};
  }
  return best;
}

Figure build_figure(const HeadModel& head, const Person& drawn, const Expression& expression,
                    const Wear& wear, const Figure* like) {
  Figure figure;
  figure.person = drawn;
  figure.wear = wear;
  const bool same_person = like != nullptr && like->person.seed == drawn.seed;
  figure.shape = same_person ? like->shape : known_shape(head, drawn);
  std::vector<Vec3> shape = *figure.shape;
  Person person = drawn;
  person.hair.line_degrees = hairline_of(head, shape, drawn.hair.line_degrees);
  figure.eyes[0] = eye_ball(head, shape, Part::kEyeRight);
  figure.eyes[1] = eye_ball(head, shape, Part::kEyeLeft);
  add_expression(head, person.rest_face, shape);
  close_lips(head, shape);
  add_expression(head, expression, shape);
  round_lobes(head, shape);
  if (hair_covers_ears(person.hair)) press_ears(head, shape);
  const std::vector<Vec3> normal = normals_of(head, shape);
  const Sitter sitter{head, person, shape, normal};
  const std::vector<std::uint16_t> rest_of = add_body(sitter, figure.mesh);
  for (int side = 0; side < 2; ++side) add_eye(figure.eyes[side], person.eyes, side, figure.mesh);
  add_clothes(sitter, figure.mesh);
  Strands loops;
  if (wear.glasses) add_glasses(sitter, figure.eyes, figure.mesh);
  if (wear.mask) add_mask(sitter, figure.mesh, loops);
  const bool alike =
      same_person && like->wear == wear && like->mesh.vertices.size() == figure.mesh.vertices.size();
  if (alike) {
    figure.hair = like->hair;
    figure.hair.strands.resize(like->head_hairs);
    const std::size_t points = like->head_hairs == 0 ? 0
                                                     : figure.hair.strands.back().first +
                                                           std::size_t{figure.hair.strands.back().count};
    figure.hair.points.resize(points);
    figure.hair.follow.resize(points);
    figure.hair.along.resize(points);
    for (std::size_t i = 0; i < figure.mesh.vertices.size(); ++i)
      figure.mesh.vertices[i].light = like->mesh.vertices[i].light;
    figure.skin = like->skin;
  } else {
    add_head_hair(sitter, figure.mesh, figure.hair);
    figure.skin = std::make_shared<const SkinTexture>(paint_skin(chart_of(head), person));
  }
  figure.head_hairs = figure.hair.strands.size();

  if (!alike) {
    gather_ambient(figure);
    for (std::size_t i = 0; i < rest_of.size(); ++i) {
      const Vec3 rest = head.rest()[rest_of[i]];
      float& light = figure.mesh.vertices[i].light;
      light *= 1 - 0.93F * FaceMarks::nostril(rest);
      light = mix(light, 1.F, 0.6F * FaceMarks::nose_root(rest));
      // The hollows of an ear are finer than the maps that ambient light is gathered from.
      light *= mix(1.F, light, smooth(71, 77, std::abs(rest.x)) * smooth(-75, -60, rest.y));
      // Between lips that touch light comes through the flesh: the seam is dark red, not black. Farther in it
      // is dark.
      // The back of the lower lip comes through the skin of a few: no pit there.
      if (FaceMarks::inside_mouth(rest))
        light = std::max({0.85F * smooth(-16, 2, rest.z - FaceMarks::mouth_front(rest.x)),
                          0.8F * smooth(-71, -75, rest.y),
                          // Towards the corners the lips lie in each other: what comes through is lip.
                          0.75F * smooth(11, 17, std::abs(rest.x))});
      else
        light = std::max(light, 0.45F * FaceMarks::around_seam(rest));
    }
  }
  for (const Strand& loop : loops.strands) {
    const auto first = loops.points.begin() + loop.first;
    add_strand(figure.hair, {first, first + loop.count}, std::vector<float>(loop.count, 1.F), loop);
  }
  std::vector<float> light(shape.size(), 1.F);
  for (std::size_t i = 0; i < rest_of.size(); ++i) light[rest_of[i]] = figure.mesh.vertices[i].light;
  add_brows(sitter, *figure.skin, light, figure.hair);
  const Lids lids(sitter, figure.eyes);
  shade_eyes_by_lids(lids, figure.eyes, figure.mesh);
  add_lashes(lids, sitter, *figure.skin, figure.hair);
  const FrontFinder finder(sitter);
  const auto point = [&](float x, float y) { return finder.at(x, y).position; };
  figure.landmarks = {figure.eyes[0].centre + Vec3{0, 0, figure.eyes[0].radius_mm},
                      figure.eyes[1].centre + Vec3{0, 0, figure.eyes[1].radius_mm}, point(0, -33),
                      point(-25, -67.5F), point(25, -67.5F)};
  figure.neck = {0, -95, -85};
  return figure;
}

}  // namespace shogo::people
