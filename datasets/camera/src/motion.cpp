#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <shogo/camera/motion.h>
#include <shogo/people/exact.h>
#include <shogo/people/noise.h>

namespace shogo::camera {
namespace {

using people::hash32;
using people::mix;
using people::smooth;
using people::unit_of;
using std::chrono::milliseconds;

struct Manner {
  std::string_view name;
  float turn_degrees;      ///< head
  float lean_mm;           ///< body
  float glance;            ///< share of the moments in which the eyes leave the camera
  float speech;            ///< share of the time
  float smile;             ///< how far one comes and goes
  milliseconds blink_gap;  ///< mean time between two
};
const Manner& manner_of(Behaviour behaviour) {
  static constexpr Manner kManners[] = {
      {"still", 0.5F, 1.5F, 0.02F, 0, 0.04F, milliseconds{4800}},
      {"calm", 2.2F, 6, 0.12F, 0.10F, 0.16F, milliseconds{4200}},
      {"talking", 4, 10, 0.22F, 0.72F, 0.22F, milliseconds{3000}},
      {"restless", 13, 32, 0.4F, 0.25F, 0.2F, milliseconds{3400}},
  };
  return kManners[static_cast<std::size_t>(behaviour)];
}

/// A place in an endless row of cells of one length: which cell, and how far into it.
struct Place {
  std::int64_t cell;
  float inside;  ///< [0, 1)
};
Place place(Nanoseconds time, Nanoseconds length) {
  const std::int64_t cell = time.count() / length.count();
  return {cell, static_cast<float>(static_cast<double>(time.count() - cell * length.count()) /
                                   static_cast<double>(length.count()))};
}
std::uint32_t key_of(std::uint32_t key, std::int64_t cell) {
  const auto bits = static_cast<std::uint64_t>(cell);
  return hash32(key, static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32));
}

/// Smooth noise over time, [-1, 1], that never repeats: the cells are numbered with 64 bits.
float drift(std::uint32_t key, Nanoseconds time, Nanoseconds length) {
  const Place at = place(time, length);
  const float t = at.inside, fade = t * t * t * (t * (t * 6 - 15) + 10);
  return mix(people::signed_of(key_of(key, at.cell)), people::signed_of(key_of(key, at.cell + 1)), fade);
}
/// A slow and a faster part.
float sway(std::uint32_t key, Nanoseconds time, milliseconds slow) {
  return 0.8F * drift(key, time, slow) + 0.2F * drift(key ^ 0x5A17U, time, slow / 4);
}

/// Shut quickly, held for a moment, opened slower. `since` in milliseconds from its start.
float blink_shape(float since, float held) {
  return smooth(0, 85, since) * (1 - smooth(85 + held, 85 + held + 170, since));
}
/// Each cell of time has one blink somewhere in its first two thirds, sometimes two in a row.
float blink(std::uint32_t key, Nanoseconds time, milliseconds gap) {
  const Nanoseconds length = gap;
  const std::int64_t here = place(time, length).cell;
  float shut = 0;
  for (const std::int64_t cell : {here - 1, here}) {
    if (cell < 0) continue;
    const std::uint32_t k = key_of(key, cell);
    const auto start = static_cast<double>(cell * length.count()) +
                       static_cast<double>(unit_of(k)) * 0.66 * static_cast<double>(length.count());
    const auto since = static_cast<float>((static_cast<double>(time.count()) - start) * 1e-6);
    const float held = 20 + 40 * unit_of(hash32(k, 1U));
    shut = std::max(shut, blink_shape(since, held));
    if (unit_of(hash32(k, 2U)) < 0.14F) shut = std::max(shut, blink_shape(since - 380, held));
  }
  return shut;
}

/// Weights of the mouth's units for the five vowels and a closed mouth.
struct Viseme {
  float open, protrude, purse, retract, compress;
};
constexpr std::array<Viseme, 6> kVisemes{{
    {0.62F, 0, 0, 0, 0},          // a
    {0.14F, 0, 0, 0.38F, 0},      // i
    {0.16F, 0.2F, 0.22F, 0, 0},   // u
    {0.34F, 0, 0, 0.2F, 0},       // e
    {0.36F, 0.34F, 0.1F, 0, 0},   // o
    {0.02F, 0, 0, 0.02F, 0.25F},  // n, m, pauses
}};
Viseme blend(const Viseme& a, const Viseme& b, float t) {
  return {mix(a.open, b.open, t), mix(a.protrude, b.protrude, t), mix(a.purse, b.purse, t),
          mix(a.retract, b.retract, t), mix(a.compress, b.compress, t)};
}

/// How much of an utterance is on: words come in groups, with pauses between them.
float voice(std::uint32_t key, Nanoseconds time, float share) {
  if (share <= 0) return 0;
  constexpr std::chrono::milliseconds kGroup{2600};
  const Place at = place(time, kGroup);
  const std::uint32_t k = key_of(key, at.cell);
  if (unit_of(k) > share * 1.15F) return 0;
  const float from = 0.02F + 0.1F * unit_of(hash32(k, 1U)), to = 0.72F + 0.26F * unit_of(hash32(k, 2U));
  return smooth(from, from + 0.05F, at.inside) * (1 - smooth(to - 0.06F, to, at.inside));
}
Viseme mouth_of(std::uint32_t key, Nanoseconds time) {
  constexpr std::chrono::milliseconds kMora{142};
  const Place at = place(time, kMora);
  const auto vowel = [&](std::int64_t cell) -> const Viseme& {
    const std::uint32_t k = key_of(key, cell);
    return kVisemes[unit_of(k) < 0.15F ? 5 : static_cast<std::size_t>(5 * unit_of(hash32(k, 1U)))];
  };
  return blend(vowel(at.cell), vowel(at.cell + 1), smooth(0.1F, 0.9F, at.inside));
}

/// The eyes jump to somewhere else and back; in between they rest.
struct Look {
  float azimuth, elevation;
};
Look look_of(std::uint32_t key, Nanoseconds time, float share) {
  constexpr std::chrono::milliseconds kRest{1700};
  const Place at = place(time, kRest);
  const std::uint32_t k = key_of(key, at.cell);
  const float tremble = 0.25F;
  Look look{tremble * drift(key ^ 1U, time, milliseconds{230}),
            tremble * drift(key ^ 2U, time, milliseconds{310})};
  if (unit_of(k) > share) return look;
  const float from = 0.05F + 0.4F * unit_of(hash32(k, 1U)), to = from + 0.2F + 0.3F * unit_of(hash32(k, 2U));
  // A jump takes about 40 ms.
  const float away = smooth(from, from + 0.024F, at.inside) * (1 - smooth(to, to + 0.024F, at.inside));
  look.azimuth += away * 16 * people::signed_of(hash32(k, 3U));
  look.elevation += away * (9 * people::signed_of(hash32(k, 4U)) - 3);
  return look;
}

}  // namespace

Result<Behaviour> find_behaviour(std::string_view name) {
  std::string known;
  for (int i = 0; i <= static_cast<int>(Behaviour::kRestless); ++i) {
    const Manner& manner = manner_of(static_cast<Behaviour>(i));
    if (manner.name == name) return static_cast<Behaviour>(i);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", manner.name);
  }
  return Error{Code::kNotFound, fmt::format("nobody behaves \"{}\"; there are {}", name, known)};
}

Motion::Motion(std::uint64_t seed, Behaviour behaviour)
    : behaviour_(behaviour),
      key_(hash32(static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0x0710U)) {}

Instant Motion::at(Nanoseconds time) const {
  const Manner& manner = manner_of(behaviour_);
  const auto stream = [&](std::uint32_t number) { return hash32(key_, number); };
  Instant now;
  const float voiced = voice(stream(1), time, manner.speech);
  now.speaking = voiced > 0;
  const float turn = manner.turn_degrees * (1 + 0.4F * voiced);
  now.pose.yaw = turn * sway(stream(2), time, milliseconds{2300});
  now.pose.pitch = 0.7F * turn * sway(stream(3), time, milliseconds{1900}) +
                   1.5F * voiced * drift(stream(4), time, milliseconds{330});
  now.pose.roll = 0.5F * turn * sway(stream(5), time, milliseconds{3100});
  const milliseconds breath{3400 + static_cast<std::int64_t>(1400 * unit_of(stream(6)))};
  const float chest = static_cast<float>(
      people::exact::sin(2 * people::exact::kPi * static_cast<double>(place(time, breath).inside)));
  now.stand_mm = {manner.lean_mm * sway(stream(7), time, milliseconds{2900}),
                  0.35F * manner.lean_mm * sway(stream(8), time, milliseconds{3700}) + 0.7F * chest,
                  manner.lean_mm * sway(stream(9), time, milliseconds{4300})};
  const Look look = look_of(stream(10), time, manner.glance);
  now.look_azimuth = look.azimuth;
  now.look_elevation = look.elevation;

  // Both lids together, one a little less.
  const float shut = blink(stream(11), time, manner.blink_gap);
  now.lids = {shut, shut * (0.96F + 0.04F * unit_of(stream(12)))};
  for (const std::size_t side : {0U, 1U})
    if (now.lids[side] > 0)
      now.expression.push_back({side == 0 ? "eye-right-closure" : "eye-left-closure", now.lids[side]});

  const Viseme said = blend({}, mouth_of(stream(13), time), voiced);
  const float smile = manner.smile * std::max(0.F, sway(stream(14), time, milliseconds{5300}) + 0.2F);
  const float sum = said.open + said.protrude + said.purse + said.retract + said.compress + smile;
  const float scale = sum > 1 ? 1 / sum : 1.F;
  for (const auto& [unit, weight] : {std::pair{"mouth-open", said.open},
                                     {"mouth-protusion", said.protrude},
                                     {"mouth-pursing", said.purse},
                                     {"mouth-retraction", said.retract},
                                     {"mouth-compression", said.compress},
                                     {"mouth-corner-puller", smile}})
    if (weight > 0) now.expression.push_back({unit, weight * scale});
  const float brows =
      std::max(0.F, sway(stream(15), time, milliseconds{2700}) - 0.35F) * (0.35F + 0.35F * voiced);
  if (brows > 0)
    for (const char* unit : {"eyebrows-left-up", "eyebrows-right-up"})
      now.expression.push_back({unit, brows});
  return now;
}

}  // namespace shogo::camera
