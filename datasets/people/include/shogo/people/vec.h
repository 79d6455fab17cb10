// Vectors of three floats. Only +, -, *, / and sqrt, which IEEE 754 rounds the same everywhere: with
// -ffp-contract=off every compiler gives the same bits.
#pragma once

#include <cmath>
#include <cstdint>

namespace shogo::people {

struct Vec3 {
  float x = 0, y = 0, z = 0;
  friend constexpr bool operator==(const Vec3&, const Vec3&) = default;
};

constexpr Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
constexpr Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
constexpr Vec3 operator-(Vec3 a) {
  return {-a.x, -a.y, -a.z};
}
constexpr Vec3 operator*(Vec3 a, float s) {
  return {a.x * s, a.y * s, a.z * s};
}
/// Component by component: colours.
constexpr Vec3 operator*(Vec3 a, Vec3 b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}
constexpr Vec3& operator+=(Vec3& a, Vec3 b) {
  return a = a + b;
}
constexpr Vec3& operator-=(Vec3& a, Vec3 b) {
  return a = a - b;
}
constexpr Vec3& operator*=(Vec3& a, float s) {
  return a = a * s;
}
constexpr float dot(Vec3 a, Vec3 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(Vec3 a) {
  return std::sqrt(dot(a, a));
}
/// The zero vector stays zero.
inline Vec3 normalized(Vec3 a) {
  const float l = length(a);
  return l > 0 ? a * (1 / l) : a;
}
constexpr Vec3 mix(Vec3 a, Vec3 b, float t) {
  return a + (b - a) * t;
}
constexpr float mix(float a, float b, float t) {
  return a + (b - a) * t;
}
constexpr float clamp(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}
constexpr float clamp01(float x) {
  return clamp(x, 0, 1);
}
/// 0 below `from`, 1 above `to`, smooth between; `from` may be the greater.
constexpr float smooth(float from, float to, float x) {
  const float t = clamp01((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}
/// Greatest whole number not above x; |x| < 2^31. std::floor is a call where the processor's baseline has no
/// instruction for it.
constexpr std::int32_t whole_below(float x) {
  const auto cut = static_cast<std::int32_t>(x);
  return cut - (static_cast<float>(cut) > x ? 1 : 0);
}
constexpr float square(float x) {
  return x * x;
}

/// Rotation as three rows.
struct Mat3 {
  Vec3 rows[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  constexpr Vec3 operator*(Vec3 v) const { return {dot(rows[0], v), dot(rows[1], v), dot(rows[2], v)}; }
  [[nodiscard]] constexpr Mat3 transposed() const {
    return {{{rows[0].x, rows[1].x, rows[2].x},
             {rows[0].y, rows[1].y, rows[2].y},
             {rows[0].z, rows[1].z, rows[2].z}}};
  }
};
constexpr Mat3 operator*(const Mat3& a, const Mat3& b) {
  const Mat3 t = b.transposed();
  Mat3 out;
  for (int i = 0; i < 3; ++i)
    out.rows[i] = {dot(a.rows[i], t.rows[0]), dot(a.rows[i], t.rows[1]), dot(a.rows[i], t.rows[2])};
  return out;
}

}  // namespace shogo::people
