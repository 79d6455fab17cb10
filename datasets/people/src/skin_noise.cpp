#include "skin_noise.h"

#include <shogo/people/noise.h>
#include <shogo/people/wide.h>

namespace shogo::people {

void SkinNoises::one(float scale, std::uint32_t key) {
  const float *x = x_.data(), *y = y_.data(), *z = z_.data();
  float* value = value_.data();
  wide_loop(x_.size(), [=](std::size_t i) { value[i] = value_noise(Vec3{x[i], y[i], z[i]} * scale, key); });
}

void SkinNoises::two(float scale, std::uint32_t key, float gain) {
  const float *x = x_.data(), *y = y_.data(), *z = z_.data();
  float* value = value_.data();
  wide_loop(x_.size(), [=](std::size_t i) {
    // fractal_noise, whose loop compilers keep to one place at a time.
    const Vec3 p = Vec3{x[i], y[i], z[i]} * scale;
    value[i] = 0.F + value_noise(p, key) + gain * value_noise(p * 2.03F, key + 0x68E31DA4U);
  });
}

const std::vector<SkinNoise>& SkinNoises::at(const std::vector<Vec3>& places) {
  const std::size_t count = places.size();
  for (std::vector<float>* one : {&x_, &y_, &z_, &value_}) one->resize(count);
  out_.resize(count);
  for (std::size_t i = 0; i < count; ++i) x_[i] = places[i].x, y_[i] = places[i].y, z_[i] = places[i].z;
  const auto keep = [&](float SkinNoise::*as) {
    for (std::size_t i = 0; i < count; ++i) out_[i].*as = value_[i];
  };
  two(0.045F, key_ + 1, 0.5F), keep(&SkinNoise::coarse);
  one(0.45F, key_ + 2), keep(&SkinNoise::fine);
  one(1.15F, key_ + 4), keep(&SkinNoise::grain);
  one(1.9F, key_ + 19), keep(&SkinNoise::dust);
  two(0.14F, key_ + 3, 0.6F), keep(&SkinNoise::flush);
  one(0.27F, key_ + 20), keep(&SkinNoise::patch);
  one(0.95F, key_ + 8), keep(&SkinNoise::pores);
  return out_;
}

}  // namespace shogo::people
