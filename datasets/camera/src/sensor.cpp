#include "lens.h"
#include <algorithm>
#include <array>
#include <cmath>

#include <shogo/camera/sensor.h>
#include <shogo/people/exact.h>
#include <shogo/people/noise.h>
#include <shogo/people/wide.h>

namespace shogo::camera {
namespace {

using people::Vec3;

constexpr int kCurveSteps = 4096;

std::array<std::uint8_t, kCurveSteps + 1> make_curve() {
  std::array<std::uint8_t, kCurveSteps + 1> curve{};
  for (int i = 0; i <= kCurveSteps; ++i) {
    const double x = static_cast<double>(i) / kCurveSteps;
    const double y = x <= 0.0031308 ? 12.92 * x : 1.055 * people::exact::pow(x, 1 / 2.4) - 0.055;
    curve[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(y * 255 + 0.5);
  }
  return curve;
}

const std::array<std::uint8_t, kCurveSteps + 1>& curve() {
  static const auto kCurve = make_curve();
  return kCurve;
}
std::int32_t step_of(float linear) {
  return static_cast<std::int32_t>(people::clamp01(linear) * kCurveSteps + 0.5F);
}

/// Barrel distortion: where in the ideal picture a pixel looks.
std::vector<Vec3> distort(const people::Frame& frame, float amount) {
  std::vector<Vec3> out(frame.light.size());
  const Lens lens(frame.width, frame.height, amount);
  const auto row = [&](int y) {
    return &frame.light[static_cast<std::size_t>(std::clamp(y, 0, frame.height - 1)) *
                        static_cast<std::size_t>(frame.width)];
  };
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const auto place = lens.looks_at(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
      const float sx = place[0] - 0.5F, sy = place[1] - 0.5F;
      const int ix = people::whole_below(sx), iy = people::whole_below(sy);
      const float fx = sx - static_cast<float>(ix), fy = sy - static_cast<float>(iy);
      const int x0 = std::clamp(ix, 0, frame.width - 1), x1 = std::clamp(ix + 1, 0, frame.width - 1);
      const Vec3 *upper = row(iy), *lower = row(iy + 1);
      out[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(x)] =
          people::mix(people::mix(upper[x0], upper[x1], fx), people::mix(lower[x0], lower[x1], fx), fy);
    }
  return out;
}

/// One axis of a blur whose weights fall off linearly (a tent) over `radius` pixels.
void blur(std::vector<Vec3>& light, int width, int height, float radius, bool across) {
  const int reach = static_cast<int>(std::ceil(radius));
  if (radius <= 0.01F || reach < 1) return;
  std::vector<float> weight;
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    weight.push_back(std::max(0.F, 1 - std::abs(static_cast<float>(i)) / (radius + 1)) *
                     (i == 0 ? 1.F : std::min(1.F, radius)));
    sum += weight.back();
  }
  for (float& w : weight) w /= sum;
  const std::vector<Vec3> old = light;
  const auto at = [&](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  };
  for (int y = 0; y < height; ++y) {
    Vec3* row = &light[at(0, y)];
    std::fill(row, row + width, Vec3{});
    for (int i = -reach; i <= reach; ++i) {
      const float w = weight[static_cast<std::size_t>(i + reach)];
      if (!across) {
        const Vec3* from = &old[at(0, std::clamp(y + i, 0, height - 1))];
        for (int x = 0; x < width; ++x) row[x] += from[x] * w;
        continue;
      }
      const Vec3* from = &old[at(0, y)];
      const int first = std::clamp(-i, 0, width), last = std::clamp(width - i, first, width);
      for (int x = 0; x < first; ++x) row[x] += from[0] * w;
      for (int x = first; x < last; ++x) row[x] += from[x + i] * w;
      for (int x = last; x < width; ++x) row[x] += from[width - 1] * w;
    }
  }
}

/// Centre-weighted metering that gives way only in part, so that fair skin stays fair and dark skin dark.
float metered(const std::vector<Vec3>& light, int width, int height) {
  double sum = 0, weights = 0;
  for (int y = 0; y < height; y += 4)
    for (int x = 0; x < width; x += 4) {
      const Vec3 c =
          light[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      const bool middle = std::abs(2 * x - width) < width / 2 && std::abs(2 * y - height) < height / 2;
      const double weight = middle ? 3 : 1;
      sum += weight * static_cast<double>(0.25F * c.x + 0.5F * c.y + 0.25F * c.z);
      weights += weight;
    }
  const double mean = std::max(sum / weights, 1e-4);
  return static_cast<float>(people::exact::pow(0.42 / mean, 0.6));
}

/// About normal, standard deviation 1, from one hash: four bytes' worth of uniform numbers.
float bell(std::uint32_t hash) {
  const auto sum =
      static_cast<std::int32_t>((hash & 255U) + (hash >> 8 & 255U) + (hash >> 16 & 255U) + (hash >> 24));
  return (static_cast<float>(sum) - 510) * (1.0F / 147.8F);
}

/// What one colour of a pixel's light becomes before the curve: a step of it. `hash` makes the noise.
std::int32_t sensed(float light, float gain, float shoulder, std::uint32_t hash) {
  // A shoulder instead of a hard end: highlights roll off.
  float x = std::max(0.F, light);
  const float room = 1 - shoulder;
  x = x > shoulder ? shoulder + room * (1 - room / (room + (x - shoulder))) : x;
  // Shot noise of a well of 9 000 electrons, read noise of 6.
  const float noise = gain * bell(hash) * std::sqrt(x * (1.0F / 9000) + people::square(6.0F / 9000));
  return step_of(x + noise);
}

}  // namespace

std::uint8_t srgb_byte(float linear) {
  return curve()[static_cast<std::size_t>(step_of(linear))];
}

Image expose(const people::Frame& frame, const Sensor& sensor, std::uint64_t seed) {
  std::vector<Vec3> light = sensor.distortion != 0 ? distort(frame, sensor.distortion) : frame.light;
  blur(light, frame.width, frame.height, sensor.defocus_px, true);
  blur(light, frame.width, frame.height, sensor.defocus_px, false);
  blur(light, frame.width, frame.height, sensor.motion_px * 0.5F, true);
  const float exposure = sensor.brightness * metered(light, frame.width, frame.height);
  const Vec3 balance{1 + 0.12F * sensor.warmth, 1, 1 - 0.15F * sensor.warmth};
  const std::uint32_t key =
      people::hash32(static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0xCAFEU);
  Image image{frame.width, frame.height, 3, Bytes(light.size() * 3)};
  const auto& steps = curve();
  // Colour by colour, some pixels at a time.
  constexpr std::size_t kMost = 1024;
  std::array<std::int32_t, kMost> step{};
  for (std::size_t first = 0; first < light.size(); first += kMost) {
    const std::size_t count = std::min(kMost, light.size() - first);
    const auto one = [&](std::uint32_t k, float Vec3::*colour) {
      const Vec3* from = &light[first];
      const float by = balance.*colour, gain = sensor.gain, shoulder = sensor.shoulder;
      std::int32_t* to = step.data();
      people::wide_loop(count, [=](std::size_t i) {
        const auto pixel = static_cast<std::uint32_t>(first + i);
        to[i] = sensed(from[i].*colour * by * exposure, gain, shoulder, people::hash32(key, pixel, k));
      });
      for (std::size_t i = 0; i < count; ++i)
        image.pixels[(first + i) * 3 + k] = steps[static_cast<std::size_t>(step[i])];
    };
    one(0, &Vec3::x), one(1, &Vec3::y), one(2, &Vec3::z);
  }
  return image;
}

}  // namespace shogo::camera
