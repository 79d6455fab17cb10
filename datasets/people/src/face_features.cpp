#include "face_features.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace shogo::people {
namespace {

/// Where a feature lies on the resting head, in millimetres from between the eyes; one beside the middle is
/// on both sides. Places, reaches and deviations are *synthetic*.
struct Feature {
  const char* name;
  Vec3 centre, reach;
  Vec3 by;          ///< what one millimetre of it moves; x: outwards
  float widening;   ///< or the share of x that it adds
  float deviation;  ///< of the person's number
  float male;       ///< what men have more, and women less
};

constexpr std::array kFeatures = {
    Feature{"bridge_high", {0, 0, 27}, {20, 24, 34}, {0, 0, 1}, 0, 1.7F, 0.5F},
    Feature{"bridge_hump", {0, -18, 35}, {15, 17, 28}, {0, 0, 1}, 0, 1.1F, 0.1F},
    Feature{"bridge_wide", {0, -8, 28}, {24, 28, 34}, {0, 0, 0}, 1, 0.11F, 0.01F},
    Feature{"tip_forward", {0, -38, 43}, {19, 18, 30}, {0, 0, 1}, 0, 2.0F, 0.3F},
    Feature{"tip_up", {0, -39, 42}, {20, 17, 30}, {0, 1, 0}, 0, 1.9F, -0.3F},
    Feature{"tip_wide", {0, -40, 40}, {20, 15, 26}, {0, 0, 0}, 1, 0.13F, 0.02F},
    Feature{"wings_up", {15, -42, 30}, {14, 13, 24}, {0, 1, 0}, 0, 1.3F, 0},
    Feature{"nose_foot_down", {0, -49, 35}, {11, 10, 22}, {0, -1, 0}, 0, 1.1F, 0},
    Feature{"brow_ridge", {25, 23, 27}, {30, 16, 28}, {0, 0, 1}, 0, 1.3F, 0.6F},
    Feature{"glabella", {0, 22, 28}, {18, 18, 26}, {0, 0, 1}, 0, 1.1F, 0.3F},
    Feature{"below_eyes", {25, -24, 21}, {20, 14, 24}, {0, 0, 1}, 0, 1.1F, 0},
    Feature{"cheekbones_forward", {45, -22, 14}, {27, 23, 38}, {0.3F, 0, 1}, 0, 1.9F, 0},
    Feature{"cheeks_full", {43, -62, 8}, {28, 27, 40}, {0.7F, 0, 0.7F}, 0, 2.0F, -0.3F},
    Feature{"upper_jaw_forward", {0, -60, 35}, {34, 16, 32}, {0, 0, 1}, 0, 1.3F, 0},
    Feature{"lower_lip_forward", {0, -78, 31}, {30, 13, 28}, {0, 0, 1}, 0, 1.1F, 0},
    Feature{"chin_forward", {0, -106, 24}, {32, 25, 45}, {0, 0, 1}, 0, 2.5F, 0.6F},
    Feature{"chin_wide", {0, -110, 15}, {36, 24, 48}, {0, 0, 0}, 1, 0.11F, 0.03F},
    Feature{"jaw_corners_out", {56, -80, -40}, {32, 32, 50}, {1, 0, 0}, 0, 2.3F, 0.8F},
    Feature{"forehead_forward", {0, 52, 24}, {62, 34, 64}, {0, 0, 1}, 0, 2.3F, -0.5F},
    Feature{"temples_out", {62, 25, -5}, {26, 36, 55}, {1, 0, 0}, 0, 1.7F, 0},
};

/// Times the deviations, and how many of them anybody is off: beyond, features read as caricature.
constexpr float kVariety = 1.3F, kFarthest = 2;

/// 1 at the centre, 0 with a level slope from the reach on.
float swelling(Vec3 p, const Feature& feature) {
  const Vec3 d = p - feature.centre;
  const float far =
      square(d.x / feature.reach.x) + square(d.y / feature.reach.y) + square(d.z / feature.reach.z);
  return square(std::max(0.F, 1 - far));
}

}  // namespace

const std::vector<std::string>& feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Feature& feature : kFeatures) all.emplace_back(feature.name);
    return all;
  }();
  return names;
}

std::vector<float> draw_features(const Draw& draw, Sex sex) {
  std::vector<float> out;
  for (const Feature& feature : kFeatures) {
    const float mean = sex == Sex::kMale ? feature.male : -feature.male,
                deviation = kVariety * feature.deviation;
    const float value = draw.normal(std::string("features.") + feature.name, mean, deviation);
    out.push_back(clamp(value, mean - kFarthest * deviation, mean + kFarthest * deviation));
  }
  return out;
}

void add_features(const HeadModel& head, const std::vector<float>& features, const std::vector<float>& share,
                  std::vector<Vec3>& shape) {
  const std::size_t count = std::min(features.size(), kFeatures.size());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = head.rest()[i];
    if (share[i] <= 0) continue;
    const float side = p.x < 0 ? -1.F : 1.F;
    // A feature of both sides ends in the middle, softly.
    const Vec3 here{std::abs(p.x), p.y, p.z};
    Vec3 by;
    for (std::size_t f = 0; f < count; ++f) {
      const Feature& feature = kFeatures[f];
      const float amount = features[f] * swelling(here, feature) * share[i];
      if (amount == 0) continue;
      by += Vec3{feature.by.x * side, feature.by.y, feature.by.z} * amount;
      by.x += feature.widening * amount * shape[i].x;
    }
    shape[i] += by;
  }
}

}  // namespace shogo::people
