#include "cloth_paint.h"

#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {

Vec3 cloth_colour(const Clothes& clothes, bool front, float x, float down) {
  const float across = std::abs(x);
  const auto line = [](float at, float width) { return smooth(width, 0.3F * width, std::abs(at)); };
  if (clothes.kind == 3 && front) {
    const float open = 58 - 0.34F * (-170 - down);
    if (across > open + 1.5F)
      return clothes.colour * (across < open + 26 && across > open + 22 ? 0.45F : 1.F);
    if (across > open - 1.5F) return clothes.colour * 0.4F;
    // The shirt's collar: two wings from the throat.
    const float wing = line(across - 4 - 0.8F * (-168 - down), 1.8F) * smooth(-212, -204, down);
    return clothes.second * (1 - 0.4F * wing);
  }
  if (clothes.kind == 2) {
    // The collar's wings meet at the throat and point down and out.
    const float collar = line(down - (front ? 40 - 0.25F * across : 30.F), 2.2F);
    const float placket = front && down > 24 ? line(across - 13, 1.3F) : 0;
    const float button =
        front && down > 24 ? smooth(5.2F, 4.2F, std::sqrt(square(x) + square(down - 62))) : 0;
    return clothes.colour * (1 - 0.38F * collar) * (1 - 0.25F * placket) * (1 - 0.3F * button);
  }
  const float hem = clothes.kind == 4 ? 7.F : 15.F;
  return clothes.colour * (down < hem ? 0.88F : 1.F) * (1 - 0.35F * line(down - hem, 1.1F));
}

float cloth_tone(float u, float v, float weave) {
  const float tone = 1 + 0.05F * value_noise(u * 0.08F, v * 0.08F, 78);
  return weave > 0 ? tone + 0.06F * weave * value_noise(u * 0.9F, v * 0.9F, 77) : tone;
}

std::vector<float> cloth_folds(const Figure& figure) {
  const Mesh& mesh = figure.mesh;
  const std::uint32_t key = hash32(static_cast<std::uint32_t>(figure.person.seed), 0xF01DU);
  std::vector<float> fold(mesh.vertices.size());
  for (const Triangle& triangle : mesh.triangles)
    if (triangle.material == Material::kCloth)
      for (const std::uint32_t corner : triangle.corner) {
        const float u = mesh.vertices[corner].u, v = mesh.vertices[corner].v;
        fold[corner] = value_noise(u * 0.035F + v * 0.012F, v * 0.008F, key);
      }
  return fold;
}

}  // namespace shogo::people
