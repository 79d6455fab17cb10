#include "skin_shading.h"

#include <algorithm>

#include <shogo/people/noise.h>

namespace shogo::people {

Vec3 skin_at(const Figure& figure, const Scene& scene, const Spot& spot, float u, float v, float finer) {
  const SkinTexture& skin = *figure.skin;
  const float x = clamp(u * SkinTexture::kWidth - 0.5F, 0, SkinTexture::kWidth - 1.001F),
              y = clamp(v * SkinTexture::kHeight - 0.5F, 0, SkinTexture::kHeight - 1.001F);
  const int ix = static_cast<int>(x), iy = static_cast<int>(y);
  const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  const SkinTexel* row =
      &skin.texels[static_cast<std::size_t>(iy) * SkinTexture::kWidth + static_cast<std::size_t>(ix)];
  const float w[4] = {(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy};
  const SkinTexel* texel[4] = {row, row + 1, row + SkinTexture::kWidth, row + SkinTexture::kWidth + 1};
  Vec3 root{};
  float gloss = 0, du = 0, dv = 0;
  for (int i = 0; i < 4; ++i) {
    root += Vec3{static_cast<float>(texel[i]->red), static_cast<float>(texel[i]->green),
                 static_cast<float>(texel[i]->blue)} *
            w[i];
    gloss += static_cast<float>(texel[i]->gloss) * w[i];
    du += static_cast<float>(texel[i]->du) * w[i];
    dv += static_cast<float>(texel[i]->dv) * w[i];
  }
  root *= 1.0F / 255;
  // Below the jaw and behind the ears the chart is stretched.
  const float fine = finer * smooth(0.93F, 0.86F, v) * smooth(0.47F, 0.42F, std::abs(u - 0.5F));
  if (fine > 0 && gloss > 8) {
    // Finer than the chart: pores and the fields between them, which only a large picture shows.
    const float a = u * (SkinTexture::kWidth * 1.05F), b = v * (SkinTexture::kHeight * 1.05F);
    const std::uint32_t key = static_cast<std::uint32_t>(figure.person.seed);
    const float h = value_noise(a, b, key), across = value_noise(a + 0.35F, b, key),
                down = value_noise(a, b + 0.35F, key), field = value_noise(a * 1.9F, b * 1.9F, key + 1);
    const float deep = fine * (0.4F + figure.person.skin.pores);
    du += deep * 22 * (across - h);
    dv -= deep * 22 * (down - h);
    root *= 1 + fine * 0.018F * (h + field);
    gloss *= 1 + fine * 0.35F * (h + field);
  }
  if (finer > fine && gloss > 8) {
    const float more = finer - fine;
    const auto key = static_cast<std::uint32_t>(figure.person.seed);
    const float tone = value_noise(spot.position * 0.3F, key + 2),
                grain = value_noise(spot.position * 1.3F, key + 3);
    root = root * (Vec3{1, 1, 1} + Vec3{0.008F, 0.016F, 0.016F} * (more * (tone + grain)));
    du += more * 7 * grain;
    gloss *= 1 + more * 0.3F * grain;
  }
  const Vec3 n = spot.normal;
  const Vec3 left = normalized(cross({0, 1, 0}, n)), up = cross(n, left);
  const Vec3 relief = normalized(n - left * (du * (1.0F / 64)) - up * (dv * (1.0F / 64)));
  return shade_skin(scene, spot, relief, root * root, gloss * (1.0F / 255));
}

}  // namespace shogo::people
