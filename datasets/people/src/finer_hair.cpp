#include "finer_hair.h"

#include "figure_parts.h"
#include <algorithm>
#include <cmath>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

/// One for each so many millimetres of a bundle's width, and how wide each is drawn: they overlap.
constexpr float kApart_mm = 0.21F, kWide_mm = 0.29F;

/// From so many samples a millimetre on.
constexpr float kSamplesPer_mm = 3.3F;

/// A bundle's middle line and its cross-section along it.
struct Lock {
  struct Cut {
    Vec3 middle, side, out;
    float along = 0;
  };
  std::vector<Cut> cuts;
};

Lock lock_of(const Strand& strand, const Strands& hair, const std::vector<Vec3>& posed, Vec3 middle) {
  Lock lock;
  lock.cuts.resize(strand.count);
  Vec3 before{};
  for (std::uint32_t k = 0; k < strand.count; ++k) {
    const std::size_t i = strand.first + k;
    const Vec3 p = posed[i];
    const Vec3 along = normalized(posed[k + 1U == strand.count ? i : i + 1] - posed[k == 0 ? i : i - 1]);
    const Vec3 away = normalized(p - middle + Vec3{0, 1e-3F, 0});
    Vec3 side = cross(along, away);
    // Where hair stands straight up any side will do, but the same all along.
    side = normalized(side + before * 0.3F + Vec3{1e-3F, 0, 0});
    if (dot(side, before) < 0) side = side * -1.F;
    before = side;
    lock.cuts[k] = {p, side, cross(side, along), hair.along[i]};
  }
  return lock;
}

class Splitter {
 public:
  Splitter(const Figure& figure, const std::vector<Vec3>& posed, Vec3 middle, PosedStrands& to)
      : figure_(figure), posed_(posed), middle_(middle), to_(to), style_(figure.person.hair) {}

  void split(const Strand& strand) {
    const Lock lock = lock_of(strand, figure_.hair, posed_, middle_);
    const auto count = static_cast<std::uint32_t>(clamp(strand.width_mm / kApart_mm, 2, 18));
    for (std::uint32_t i = 0; i < count; ++i) add(strand, lock, i, count);
    if (unit_of(hash32(strand.key, 0xF1A7U)) < 0.14F * smooth(25, 90, strand.length_mm))
      add_flyaway(strand, lock);
  }

  void keep(const Strand& strand) {
    Strand same = strand;
    same.first = static_cast<std::uint32_t>(to_.posed.size());
    for (std::uint32_t i = strand.first; i < strand.first + strand.count; ++i) {
      to_.posed.push_back(posed_[i]);
      to_.strands.along.push_back(figure_.hair.along[i]);
    }
    to_.strands.strands.push_back(same);
  }

 private:
  /// Single hairs are white or not, as many as the head is grey.
  [[nodiscard]] Vec3 own_colour(std::uint32_t key, std::uint32_t bundle) {
    Hair& style = style_;
    const float grey = figure_.person.hair.grey;
    const float uneven = 0.35F * grey * (1 - grey) * signed_of(hash32(bundle, 0x6EE8U));
    style.grey = unit_of(hash32(key, 0x6EE8U)) < grey - 0.06F + uneven ? 0.25F + 0.75F * grey : 0.25F * grey;
    return hair_colour(style, key, bundle);
  }

  void add(const Strand& strand, const Lock& lock, std::uint32_t which, std::uint32_t count) {
    const std::uint32_t key = hash32(strand.key, which, 0xF1E5U);
    const auto r = [&](std::uint32_t n) { return unit_of(hash32(key, n)); };
    const float length_mm = strand.length_mm, long_one = smooth(30, 160, length_mm);
    const float across = (static_cast<float>(which) + 0.15F + 0.7F * r(1)) / static_cast<float>(count) - 0.5F;
    // Three or four draw together in a wisp.
    const float wisps = std::max(1.F, static_cast<float>(count) * 0.28F);
    const float wisp = (static_cast<float>(whole_below((across + 0.5F) * wisps)) + 0.5F) / wisps - 0.5F;
    const float deep = 2 * r(2) - 1, thick = 0.32F * strand.width_mm + 0.25F;
    // One in a dozen goes its own way.
    const float stray = r(3) < 0.08F ? 1.F + 2 * r(4) : 0.F;
    const float end =
        1 - std::min(26.F, 0.5F * length_mm) / length_mm * square(r(5)) * (1 - 0.7F * std::min(stray, 1.F));
    const float stray_side = (2 * r(6) - 1) * stray * mix(0.6F, 3.5F, long_one),
                stray_out = (r(7) - 0.25F) * stray * mix(0.7F, 2.2F, long_one);
    const float sway = mix(0.10F, 0.75F, long_one), root = (1.2F * r(8) - 0.8F) * strand.ragged_mm;
    Strand hair = strand;
    hair.first = static_cast<std::uint32_t>(to_.posed.size());
    hair.hairs = 1;
    hair.spread = 0;
    hair.key = key;
    hair.width_mm = kWide_mm * (0.8F + 0.4F * r(9)) * std::min(1.F, 0.55F + 0.45F * strand.width_mm);
    const auto at = [&](std::size_t k) {
      const Lock::Cut& cut = lock.cuts[k];
      const float t = cut.along, apart = strand.width_mm * (1.45F - 0.45F * smooth(0, 0.25F, t));
      const float place = mix(across, wisp, mix(0.1F, 0.55F, long_one) * smooth(0.1F, 0.9F, t)) *
                          (1 - 0.35F * long_one * smooth(0.5F, 1, t));
      const float swing =
          sway * smooth(0, 0.4F, t) * value_noise(t * length_mm * 0.035F + 50 * r(10), 0.5F, key);
      const Vec3 base = cut.middle + cut.side * (place * apart + swing + stray_side * t * t) +
                        cut.out * (0.5F * deep * thick * smooth(0, 0.15F, t) + stray_out * t * t);
      return k == 0 ? base + normalized(lock.cuts[1].middle - lock.cuts[0].middle) * root : base;
    };
    Vec3 last = at(0);
    to_.posed.push_back(last);
    to_.strands.along.push_back(0);
    std::uint16_t points = 1;
    for (std::size_t k = 1; k < lock.cuts.size(); ++k) {
      const Vec3 next = at(k);
      const float from = lock.cuts[k - 1].along, till = lock.cuts[k].along;
      const float part = till > end ? (end - from) / std::max(till - from, 1e-6F) : 1.F;
      last = mix(last, next, clamp01(part));
      to_.posed.push_back(last);
      to_.strands.along.push_back(std::min(till, end) / end);
      ++points;
      if (till >= end) break;
    }
    hair.count = points;
    hair.length_mm = length_mm * end;
    // What lies below gets less light than what lies above.
    hair.light = strand.light * (0.88F + 0.14F * deep);
    hair.colour = mix(strand.colour, own_colour(key, strand.key), 0.7F);
    to_.strands.strands.push_back(hair);
  }

  /// A short fine hair that leaves the others' surface somewhere along the way: the outline of a head is
  /// never closed.
  void add_flyaway(const Strand& strand, const Lock& lock) {
    constexpr std::uint16_t kPoints = 6;
    const std::uint32_t key = hash32(strand.key, 0xF1A8U);
    const auto r = [&](std::uint32_t n) { return unit_of(hash32(key, n)); };
    const float from = 0.75F * r(1),
                far = std::min(0.3F * strand.length_mm, 9 + 20 * r(2)) / strand.length_mm;
    const float rises = 1.2F + 5.5F * square(r(3)), turns = 5 * (2 * r(4) - 1);
    const auto at = [&](float t) {
      std::size_t k = 0;
      while (k + 2 < lock.cuts.size() && lock.cuts[k + 1].along < t) ++k;
      const Lock::Cut &a = lock.cuts[k], &b = lock.cuts[k + 1];
      const float part = clamp01((t - a.along) / std::max(b.along - a.along, 1e-6F));
      const float u = (t - from) / far;
      return mix(a.middle, b.middle, part) + mix(a.side, b.side, part) * (turns * u * u) +
             mix(a.out, b.out, part) * (rises * u * (1.3F - 0.3F * u));
    };
    Strand hair = strand;
    hair.first = static_cast<std::uint32_t>(to_.posed.size());
    hair.count = kPoints;
    hair.hairs = 1;
    hair.spread = 0;
    hair.key = key;
    hair.width_mm = 0.11F + 0.06F * r(5);
    hair.length_mm = far * strand.length_mm;
    for (std::uint16_t i = 0; i < kPoints; ++i) {
      const float u = static_cast<float>(i) / (kPoints - 1);
      to_.posed.push_back(at(from + far * u));
      to_.strands.along.push_back(u);
    }
    to_.strands.strands.push_back(hair);
  }

  const Figure& figure_;
  const std::vector<Vec3>& posed_;
  Vec3 middle_;
  PosedStrands& to_;
  Hair style_;  ///< the person's, as grey as the hair in hand
};

}  // namespace

bool sees_single_hairs(const Camera& camera, Vec3 middle, int samples) {
  return camera.focal_px * static_cast<float>(samples) > kSamplesPer_mm * length(camera.position - middle);
}

PosedStrands finer_hair(const Figure& figure, const std::vector<Vec3>& posed, Vec3 middle) {
  PosedStrands out;
  Splitter splitter(figure, posed, middle, out);
  const std::vector<Strand>& strands = figure.hair.strands;
  for (std::size_t i = 0; i < strands.size(); ++i)
    if (i < figure.head_hairs && strands[i].hairs > 1 && strands[i].count > 1)
      splitter.split(strands[i]);
    else
      splitter.keep(strands[i]);
  return out;
}

}  // namespace shogo::people
