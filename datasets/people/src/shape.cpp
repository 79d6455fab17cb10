#include "shape.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace shogo::people {
namespace {

class Morpher {
 public:
  Morpher(const HeadModel& head, std::vector<Vec3>& shape) : head_(head), shape_(shape) {}
  void add(int target, float weight) {
    if (target < 0 || weight == 0) return;
    for (const Target::Move& move : head_.targets()[static_cast<std::size_t>(target)].moves)
      shape_[move.vertex] += move.by * weight;
  }
  void add(const std::string& name, float weight) { add(head_.find(name), weight); }
  void macro(const std::string& name, float weight) { add("macrodetails/" + name, weight); }

 private:
  const HeadModel& head_;
  std::vector<Vec3>& shape_;
};

/// Age, sex, ancestry and weight. Not every combination is among the CC0 targets: Asian women are made from
/// Asian men and the difference between African women and men, the old from the mean ageing of African and
/// Caucasian men.
void add_macros(const Person& person, Morpher& morpher) {
  const float male = person.masculine, female = 1 - male;
  // The old targets' folds are sharp; four fifths of them look natural.
  const float old = 0.8F * clamp01((person.age - 25) / 65);
  morpher.macro("asian-male-young", person.asian);
  morpher.macro("caucasian-male-young", person.caucasian);
  morpher.macro("african-male-young", person.african);
  morpher.macro("african-female-young", female);
  morpher.macro("african-male-young", -female);
  for (const char* source : {"african", "caucasian"}) {
    morpher.macro(fmt::format("{}-male-old", source), old / 2);
    morpher.macro(fmt::format("{}-male-young", source), -old / 2);
  }
  for (const bool is_male : {false, true}) {
    const char* sex = is_male ? "male" : "female";
    const float share = is_male ? male : female;
    const auto body = [&](const char* age, const char* weight) {
      return fmt::format("universal-{}-{}-averagemuscle-{}weight", sex, age, weight);
    };
    morpher.macro(body("young", "average"), share * (1 - old));
    morpher.macro(body("old", "average"), share * old);
    morpher.macro(body("young", person.weight > 0 ? "max" : "min"), share * std::abs(person.weight));
    morpher.macro(body("young", "average"), -share * std::abs(person.weight));
  }
}

/// Warps would pull the lids off the eyeballs, so they fade out around the eyes.
void add_warps(const HeadModel& head, const Person& person, std::vector<Vec3>& shape) {
  const EyeBall eyes[2] = {eye_ball(head, head.rest(), Part::kEyeRight),
                           eye_ball(head, head.rest(), Part::kEyeLeft)};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = head.rest()[i];
    if (p.y < -150) continue;
    const float eye = std::min(length(p - eyes[0].centre), length(p - eyes[1].centre));
    const float keep = smooth(16, 30, eye) * smooth(-150, -110, p.y);
    if (keep <= 0) continue;
    for (const Warp& warp : person.warps)
      for (const float side : {1.F, -1.F}) {
        const Vec3 d = p - Vec3{warp.centre.x * side, warp.centre.y, warp.centre.z};
        const float reach = 1 - dot(d, d) / square(2 * warp.radius);
        if (reach <= 0) continue;
        shape[i] += Vec3{warp.by.x * side, warp.by.y, warp.by.z} * (reach * reach * keep);
      }
  }
}

}  // namespace

std::vector<Vec3> shape_of(const HeadModel& head, const Person& person) {
  std::vector<Vec3> shape = head.rest();
  Morpher morpher(head, shape);
  add_macros(person, morpher);
  for (const AxisValue& axis : person.axes) {
    const auto at = std::find_if(head.axes().begin(), head.axes().end(),
                                 [&](const Axis& a) { return a.name == axis.name; });
    if (at != head.axes().end()) morpher.add(axis.value > 0 ? at->plus : at->minus, std::abs(axis.value));
  }
  add_warps(head, person, shape);
  const Vec3 middle =
      (eye_ball(head, shape, Part::kEyeLeft).centre + eye_ball(head, shape, Part::kEyeRight).centre) * 0.5F;
  for (Vec3& p : shape) p -= middle;
  return shape;
}

void add_expression(const HeadModel& head, const Expression& expression, std::vector<Vec3>& shape) {
  Morpher morpher(head, shape);
  for (const AxisValue& unit : expression)
    morpher.add("expression/units/asian/" + unit.name, clamp01(unit.value));
}

EyeBall eye_ball(const HeadModel& head, const std::vector<Vec3>& shape, Part side) {
  Vec3 low{1e9F, 1e9F, 1e9F}, high{-1e9F, -1e9F, -1e9F};
  for (const Quad& quad : head.quads())
    if (quad.part == side)
      for (const std::uint16_t corner : quad.corner) {
        const Vec3 p = shape[corner];
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
      }
  return {(low + high) * 0.5F, (high.y - low.y) * 0.5F};
}

}  // namespace shogo::people
