// Functions that the C library may round differently from machine to machine, written with +, -, * and /
// alone: the same bits everywhere. Accurate to about 1e-12 relative, which is far below what a picture shows.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace shogo::people::exact {

constexpr double kPi = 3.14159265358979323846;

inline double exp(double x) {
  if (x < -700) return 0;
  if (x > 700) x = 700;
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  double sum = 1, term = 1;
  for (int i = 1; i <= 13; ++i) {
    term = term * r / i;
    sum += term;
  }
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52);
}

/// x > 0.
inline double log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m = m / 2;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1), s2 = s * s;
  double sum = 0;
  for (int i = 21; i >= 1; i -= 2) sum = sum * s2 + 1.0 / i;
  return 2 * s * sum + exponent * 0.6931471805599453;
}

/// x >= 0.
inline double pow(double x, double y) {
  return x <= 0 ? 0 : exp(y * log(x));
}

struct SinCos {
  double sin, cos;
};
inline SinCos sin_cos(double x) {
  const double k = std::floor(x * (2 / kPi) + 0.5);
  const double r = (x - k * 1.57079632673412561417) - k * 6.07710050650619224932e-11, r2 = r * r;
  const double s =
      r * (1 - r2 / 6 * (1 - r2 / 20 * (1 - r2 / 42 * (1 - r2 / 72 * (1 - r2 / 110 * (1 - r2 / 156))))));
  const double c =
      1 - r2 / 2 * (1 - r2 / 12 * (1 - r2 / 30 * (1 - r2 / 56 * (1 - r2 / 90 * (1 - r2 / 132)))));
  switch (static_cast<std::int64_t>(k) & 3) {
    case 0:
      return {s, c};
    case 1:
      return {c, -s};
    case 2:
      return {-s, -c};
    default:
      return {-c, s};
  }
}
inline double sin(double x) {
  return sin_cos(x).sin;
}
inline double cos(double x) {
  return sin_cos(x).cos;
}

inline double atan(double x) {
  if (x < 0) return -atan(-x);
  if (x > 1) return kPi / 2 - atan(1 / x);
  // Twice the half-angle formula brings x below 0.2, where the series is short.
  double scale = 1;
  for (int i = 0; i < 2; ++i) {
    x = x / (1 + std::sqrt(1 + x * x));
    scale *= 2;
  }
  const double x2 = x * x;
  double sum = 0;
  for (int i = 19; i >= 1; i -= 2) sum = 1.0 / i - x2 * sum;
  return scale * x * sum;
}
inline double atan2(double y, double x) {
  if (x > 0) return atan(y / x);
  if (x < 0) return y < 0 ? atan(y / x) - kPi : atan(y / x) + kPi;
  return y > 0 ? kPi / 2 : y < 0 ? -kPi / 2 : 0;
}

}  // namespace shogo::people::exact
