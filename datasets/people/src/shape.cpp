#include "shape.h"

#include "face_features.h"
#include "neighbours.h"
#include "proportions.h"
#include "skull.h"
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace shogo::people {
namespace {

/// How often neighbours are mixed in what is a person's own.
constexpr int kOwnRounds = 4;
/// The same on the bridge of the nose and around the lips, and of the depth there at last.
constexpr int kSoftRounds = 40, kRoundRounds = 60;
/// The same of what is a person's own on the bridge of the nose: ridges go, the broad form stays.
constexpr int kNoseSoftRounds = 8, kNoseRoundRounds = 6;
/// Share of that broad form that is given back.
constexpr float kNoseOwn = 1;
/// The same of all that has become of the neck.
constexpr int kNeckRounds = 16;
/// Share of the lips' own depth that goes the way of the ring around them.
constexpr float kLipsDepth = 0.6F;

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

/// How a target moves the vertices.
class Field {
 public:
  explicit Field(const HeadModel& head) : head_(head), by_(head.rest().size()) {}
  void add(const std::string& name, float weight) {
    const int target = head_.find("macrodetails/" + name);
    if (target < 0) return;
    for (const Target::Move& move : head_.targets()[static_cast<std::size_t>(target)].moves)
      by_[move.vertex] += move.by * weight;
  }
  /// Neighbours are mixed `rounds` times, except around the eyes, whose lids must keep to the balls.
  void soften(const Neighbours& neighbours, const Neighbours::Rings& rings,
              const std::vector<float>& eyes_free, int rounds) {
    smooth_rounds(neighbours, rings, rounds, by_,
                  [&](std::size_t i, Vec3 mean) { return mix(by_[i], mean, 0.6F * eyes_free[i]); });
  }
  [[nodiscard]] const std::vector<Vec3>& by() const { return by_; }
  [[nodiscard]] std::vector<Vec3>& by() { return by_; }

 private:
  const HeadModel& head_;
  std::vector<Vec3> by_;
};

/// Where many targets add up to a bridge like a box, or to a muzzle with a fold around it: the bridge with
/// its flanks, not the tip and the wings; what surrounds the lips, not the lips. 0 at the lids.
float rounded_at(Vec3 p, float from_eye) {
  const float x = std::abs(p.x), front = smooth(-30, -5, p.z);
  const float bridge = smooth(32, 24, x) * smooth(-34, -24, p.y) * smooth(30, 18, p.y);
  const float lips = std::sqrt(square(x / 27) + square((p.y + 68) / 10));
  const float wings = smooth(-52, -56, p.y) + smooth(19, 24, x) * smooth(-56, -52, p.y);
  // Beside the chin it reaches farther down and back.
  const float aside = smooth(20, 32, x);
  const float mouth = smooth(0.95F, 1.3F, lips) * smooth(70, 52, x) *
                      smooth(-104 - 8 * aside, -92 - 8 * aside, p.y) * smooth(-30, -40, p.y) * wings *
                      smooth(-48, -22, p.z);
  return std::max(front * bridge, mouth) * smooth(13.5F, 17, from_eye);
}

/// The lips within that ring.
float lips_at(Vec3 p) {
  const float lips = std::sqrt(square(p.x / 27) + square((p.y + 68) / 10));
  return smooth(1.3F, 0.95F, lips) * smooth(-30, -5, p.z);
}

/// The nose within that, where a person's own broad form is kept.
float nose_at(Vec3 p) {
  return smooth(32, 24, std::abs(p.x)) * smooth(-44, -36, p.y) * smooth(30, 18, p.y);
}

/// Of what is mixed with the neighbours' by round_off: sideways, and in depth.
struct Rounding {
  float aside = 0, deep = 0;
};
Rounding rounding_at(Vec3 p, float share) {
  const float lips = std::sqrt(square(p.x / 27) + square((p.y + 68) / 10)), low = smooth(-38, -46, p.y);
  const float aside = share * low * smooth(1.2F, 1.9F, lips) * smooth(22, 32, std::abs(p.x));
  return {0.2F * aside, (0.5F + 0.35F * low) * share};
}

/// The neck between what jaws, throats and shoulders change each on its own.
float neck_at(Vec3 p) {
  return smooth(-108, -128, p.y + 0.25F * p.z) * smooth(-192, -166, p.y) * smooth(100, 72, std::abs(p.x));
}

/// What the head model has no target of its own for, made once per model from differences of others: how a
/// woman differs from a man, and how faces age.
struct Differences {
  std::vector<Vec3> female, old;
  std::vector<float> eyes_free;  ///< 0 at the eyes … 1 away from them
  std::vector<float> smoothed;   ///< the same, but 1 on the bridge of the nose, where ridges would form
  std::vector<float> rounded;    ///< 1 on the bridge, its flanks and around the lips: one soft form each
  std::vector<float> lips;       ///< lips_at
  std::vector<Rounding> rounding;
  std::vector<float> neck;  ///< neck_at
  Neighbours neighbours;
  Neighbours::Rings all, to_round, to_straighten;  ///< vertices of interest, and what they depend on
  Neighbours::Rings soft;                          ///< those that are rounded or lips
  LidMap lids;

  explicit Differences(const HeadModel& head)
      : eyes_free(head.rest().size()),
        smoothed(head.rest().size()),
        rounded(head.rest().size()),
        lips(head.rest().size()),
        rounding(head.rest().size()),
        neck(head.rest().size()),
        neighbours(head),
        lids(map_lids(head)) {
    const EyeBall eyes[2] = {eye_ball(head, head.rest(), Part::kEyeRight),
                             eye_ball(head, head.rest(), Part::kEyeLeft)};
    for (std::size_t i = 0; i < eyes_free.size(); ++i) {
      const Vec3 p = head.rest()[i];
      eyes_free[i] = smooth(16, 30, std::min(length(p - eyes[0].centre), length(p - eyes[1].centre)));
      const float bridge = smooth(17.5F, 12, std::abs(p.x)) * smooth(-40, -28, p.y) * smooth(34, 22, p.y);
      smoothed[i] = std::max(eyes_free[i], bridge);
      rounded[i] = rounded_at(p, std::min(length(p - eyes[0].centre), length(p - eyes[1].centre)));
      rounding[i] = rounding_at(p, rounded[i]);
      lips[i] = lips_at(p);
      neck[i] = neck_at(p);
    }
    const auto where = [&](auto&& of) {
      std::vector<bool> out(eyes_free.size());
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = of(i);
      return out;
    };
    all = Neighbours::only(where([](std::size_t) { return true; }));
    to_round = Neighbours::only(where([&](std::size_t i) { return rounded[i] > 0; }));
    to_straighten = Neighbours::only(where([&](std::size_t i) { return neck[i] > 0; }));
    soft = neighbours.rings(where([&](std::size_t i) { return rounded[i] > 0 || lips[i] > 0; }));
    Field woman(head), age(head);
    woman.add("african-female-young", 1);
    woman.add("african-male-young", -1);
    for (const char* source : {"african", "caucasian"}) {
      age.add(fmt::format("{}-male-old", source), 0.5F);
      age.add(fmt::format("{}-male-young", source), -0.5F);
    }
    // Folds and lips of another face become lumps on this one: only the broad part is taken over, the
    // broadest alone around the mouth and at the jaw. Wrinkles are painted.
    woman.soften(neighbours, all, eyes_free, 8);
    age.soften(neighbours, all, eyes_free, 6);
    female = woman.by();
    old = age.by();
    woman.soften(neighbours, all, eyes_free, 60);
    age.soften(neighbours, all, eyes_free, 40);
    for (std::size_t i = 0; i < old.size(); ++i) {
      const Vec3 p = head.rest()[i];
      const float front = smooth(-50, -20, p.z);
      const float mouth = front * smooth(42, 22, std::sqrt(square(p.x) + square(p.y + 70)));
      const float jaw = smooth(-55, -80, p.y) * smooth(-160, -130, p.y);
      female[i] = mix(female[i], woman.by()[i], mouth);
      old[i] = mix(old[i], age.by()[i], std::max(jaw, mouth));
    }
  }
};

const Differences& differences_of(const HeadModel& head) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Differences>> all;
  const std::lock_guard lock(mutex);
  std::unique_ptr<Differences>& one = all[head.id()];
  if (!one) one = std::make_unique<Differences>(head);
  return *one;
}

/// Age, sex, ancestry and weight. Not every combination is among the CC0 targets: Asian women are made from
/// Asian men and the difference between African women and men, the old from the mean ageing of African and
/// Caucasian men.
void add_macros(const HeadModel& head, const Person& person, Morpher& morpher, std::vector<Vec3>& shape) {
  const float male = person.masculine, female = 1 - male;
  const float old = clamp01((person.age - 25) / 65);
  morpher.macro("asian-male-young", person.asian);
  morpher.macro("caucasian-male-young", person.caucasian);
  morpher.macro("african-male-young", person.african);
  const Differences& differences = differences_of(head);
  for (std::size_t i = 0; i < shape.size(); ++i)
    shape[i] += differences.female[i] * female + differences.old[i] * old;
  // Women's jaws: narrower towards a smaller chin, in a face that is no shorter.
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 p = head.rest()[i];
    const float jaw = smooth(-30, -90, p.y) * smooth(-175, -125, p.y) * smooth(-110, -50, p.z);
    shape[i].x *= 1 - 0.085F * female * jaw;
    shape[i].y -= 3.0F * female * smooth(-45, -105, p.y) * smooth(-175, -125, p.y);
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

/// What years add to anybody's face beyond the macro shapes, whose old look hardly older than their young:
/// cheeks and lips lose volume, folds, bags and jowls come, noses and ears go on growing. *Synthetic* amounts
/// at 90.
void add_ageing(const HeadModel& head, const Person& person, Morpher& morpher) {
  struct Change {
    std::string_view stem;
    float by;
  };
  constexpr std::array kChanges = {Change{"cheek/cheek-volume", -0.5F},
                                   Change{"cheek/cheek-trans-vert", -0.45F},
                                   Change{"cheek/cheek-inner", -0.25F},
                                   Change{"eyes/eye-bag", 0.7F},
                                   Change{"mouth/mouth-laugh-lines", 0.1F},
                                   Change{"mouth/mouth-upperlip-volume", -0.25F},
                                   Change{"mouth/mouth-lowerlip-volume", -0.2F},
                                   Change{"mouth/mouth-angles", -0.02F},
                                   Change{"nose/nose-scale-vert", 0.35F},
                                   Change{"nose/nose-septumangle", -0.2F},
                                   Change{"neck/neck-double", 0.3F},
                                   Change{"chin/chin-jaw-drop", 0.10F},
                                   Change{"head/head-age", 0.5F}};
  const float years = smooth(35, 95, person.age);
  if (years <= 0) return;
  for (const Axis& axis : head.axes()) {
    std::string stem = axis.name;
    for (const char* side : {"/l-", "/r-"})
      if (const std::size_t at = stem.find(side); at != std::string::npos) stem.erase(at + 1, 2);
    for (const Change& change : kChanges)
      if (stem == change.stem) {
        const int wanted = change.by > 0 ? axis.plus : axis.minus;
        if (wanted >= 0)
          morpher.add(wanted, years * std::abs(change.by));
        else
          morpher.add(change.by > 0 ? axis.minus : axis.plus, -years * std::abs(change.by));
      }
  }
}

/// Depth is mixed with the neighbours': edges round off. Beside the mouth, whose widening folds the skin onto
/// the cheeks, places spread a little as well; on the nose nothing moves sideways.
void mix_depth(const Differences& differences, int rounds, std::vector<Vec3>& of) {
  smooth_rounds(differences.neighbours, differences.to_round, rounds, of, [&](std::size_t i, Vec3 mean) {
    const Vec3 p = of[i];
    const Rounding& share = differences.rounding[i];
    return Vec3{mix(p.x, mean.x, share.aside), p.y, mix(p.z, mean.z, share.deep)};
  });
}

/// So many rounds would give everybody the same nose: of what sets this one apart from the `common` shape
/// only the fine part goes there, and the broad comes back.
void round_off(const HeadModel& head, const Differences& differences, const std::vector<Vec3>& common,
               std::vector<Vec3>& shape) {
  std::vector<Vec3> broad(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) broad[i] = shape[i] - common[i];
  mix_depth(differences, kNoseRoundRounds, broad);
  std::vector<Vec3> broadest = broad;
  mix_depth(differences, kRoundRounds - kNoseRoundRounds, broadest);
  mix_depth(differences, kRoundRounds, shape);
  for (std::size_t i = 0; i < shape.size(); ++i)
    shape[i].z += kNoseOwn * nose_at(head.rest()[i]) * (broad[i].z - broadest[i].z);
}

/// Jaws, throats and shoulders change each on its own; what has become of the neck between them is mixed with
/// the neighbours', or its outline would have notches.
void straighten_neck(const HeadModel& head, const Differences& differences, std::vector<Vec3>& shape) {
  std::vector<Vec3> by(shape.size());
  for (std::size_t i = 0; i < shape.size(); ++i) by[i] = shape[i] - head.rest()[i];
  smooth_rounds(differences.neighbours, differences.to_straighten, kNeckRounds, by,
                [&](std::size_t i, Vec3 mean) { return mix(by[i], mean, 0.6F * differences.neck[i]); });
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (head.rest()[i].y < -90) shape[i] = head.rest()[i] + by[i];
}

/// Warps would pull the lids off the eyeballs, so what lies around an eye moves as a whole, with it.
void add_warps(const HeadModel& head, const Person& person, std::vector<Vec3>& shape) {
  const Vec3 eyes[2] = {eye_ball(head, head.rest(), Part::kEyeRight).centre,
                        eye_ball(head, head.rest(), Part::kEyeLeft).centre};
  // One warp after the other over all places, a few of which fit into a register.
  const std::size_t count = shape.size(), all = count + 2;
  const auto place = [&](std::size_t i) { return i < count ? head.rest()[i] : eyes[i - count]; };
  std::vector<float> x(all), y(all), z(all), by_x(all), by_y(all), by_z(all);
  for (std::size_t i = 0; i < all; ++i) x[i] = place(i).x, y[i] = place(i).y, z[i] = place(i).z;
  for (const Warp& warp : person.warps)
    for (const float side : {1.F, -1.F}) {
      const Vec3 centre{warp.centre.x * side, warp.centre.y, warp.centre.z};
      const float widest = square(2 * warp.radius), aside = warp.by.x * side;
      for (std::size_t i = 0; i < all; ++i) {
        const Vec3 d{x[i] - centre.x, y[i] - centre.y, z[i] - centre.z};
        const float reach = 1 - dot(d, d) / widest, share = reach > 0 ? reach * reach : 0;
        by_x[i] += aside * share;
        by_y[i] += warp.by.y * share;
        by_z[i] += warp.by.z * share;
      }
    }
  const auto moved = [&](std::size_t i) { return Vec3{by_x[i], by_y[i], by_z[i]}; };
  const std::vector<float>& eyes_free = differences_of(head).eyes_free;
  for (std::size_t i = 0; i < count; ++i) {
    const float keep = smooth(-150, -110, y[i]);
    if (keep > 0) shape[i] += mix(moved(count + (x[i] > 0 ? 1 : 0)), moved(i), eyes_free[i]) * keep;
  }
}

/// How far the seam of the lips dips in the middle: as the bow above it.
float bow_of(const Person& person) {
  for (const AxisValue& axis : person.axes)
    if (axis.name == "mouth/mouth-cupidsbow") return clamp(0.6F + 0.8F * axis.value, 0.25F, 1.0F);
  return 0.6F;
}

}  // namespace

std::vector<Vec3> shape_of(const HeadModel& head, const Person& person) {
  std::vector<Vec3> shape = head.rest();
  Morpher kind(head, shape);
  add_macros(head, person, kind, shape);
  // What is a person's own: the sum of many targets is rougher than any of them, with ridges and folds that
  // nobody has, so it is smoothed a little.
  const std::vector<Vec3> common = shape;
  Morpher morpher(head, shape);
  add_ageing(head, person, morpher);
  for (const AxisValue& axis : person.axes) {
    const auto at = std::find_if(head.axes().begin(), head.axes().end(),
                                 [&](const Axis& a) { return a.name == axis.name; });
    if (at == head.axes().end()) continue;
    const int wanted = axis.value > 0 ? at->plus : at->minus, other = axis.value > 0 ? at->minus : at->plus;
    if (wanted >= 0)
      morpher.add(wanted, std::abs(axis.value));
    else
      morpher.add(other, -std::abs(axis.value));
  }
  add_warps(head, person, shape);
  const Differences& differences = differences_of(head);
  Field own(head);
  for (std::size_t i = 0; i < shape.size(); ++i) own.by()[i] = shape[i] - common[i];
  own.soften(differences.neighbours, differences.all, differences.smoothed, kOwnRounds);
  const std::vector<Vec3> rough = own.by();
  own.soften(differences.neighbours, differences.soft, differences.smoothed, kSoftRounds);
  Field nose(head);
  nose.by() = rough;
  nose.soften(differences.neighbours, differences.soft, differences.smoothed, kNoseSoftRounds);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Vec3 soft = mix(own.by()[i], nose.by()[i], nose_at(head.rest()[i]));
    Vec3 by = mix(rough[i], soft, 0.85F * differences.rounded[i]);
    // Lips that come forward alone would stand on a muzzle with a rim.
    by.z = mix(by.z, own.by()[i].z, kLipsDepth * differences.lips[i]);
    shape[i] = common[i] + by;
  }
  fit_eyes(head, differences_of(head).lids, person.eyes, shape);
  fit_widths(head, person.widths, shape);
  const Vec3 middle =
      (eye_ball(head, shape, Part::kEyeLeft).centre + eye_ball(head, shape, Part::kEyeRight).centre) * 0.5F;
  for (Vec3& p : shape) p -= middle;
  settle_proportions(head, person.proportions, shape);
  settle_lips(head, bow_of(person), shape);
  settle_skull(head, shape);
  round_off(head, differences, common, shape);
  fit_mouth(head, person.widths.mouth_mm, shape);
  straighten_neck(head, differences, shape);
  add_features(head, person.features, differences_of(head).smoothed, shape);
  return shape;
}

void add_expression(const HeadModel& head, const Expression& expression, std::vector<Vec3>& shape) {
  Morpher morpher(head, shape);
  for (const AxisValue& unit : expression)
    if (unit.name == "eye-right-closure" || unit.name == "eye-left-closure")
      close_lids(head, lids_of(head), unit.name == "eye-left-closure" ? 1 : 0, clamp01(unit.value), shape);
    else
      morpher.add("expression/units/asian/" + unit.name, clamp01(unit.value));
}

const LidMap& lids_of(const HeadModel& head) {
  return differences_of(head).lids;
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
