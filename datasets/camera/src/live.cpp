#include <algorithm>
#include <utility>

#include <shogo/camera/live.h>
#include <shogo/camera/sensor.h>
#include <shogo/people/noise.h>

namespace shogo::camera {
namespace {

/// The lids of some people rest half shut already: a blink closes what is left.
void spare_lids(const people::Person& person, people::Expression& expression) {
  for (people::AxisValue& unit : expression)
    for (const people::AxisValue& rest : person.rest_face)
      if (unit.name == rest.name) unit.value = std::min(unit.value, 1 - people::clamp01(rest.value));
}

}  // namespace

LivePerson::LivePerson(std::shared_ptr<const people::HeadModel> head, people::Person person, Filming filming)
    : head_(std::move(head)),
      person_(std::move(person)),
      filming_(std::move(filming)),
      motion_(filming_.seed, filming_.behaviour),
      neutral_(people::build_figure(*head_, person_, {}, filming_.shot.wear)) {}

Shot LivePerson::apply(const Instant& instant, Nanoseconds time) const {
  Shot shot = filming_.shot;
  shot.pose.yaw += instant.pose.yaw;
  shot.pose.pitch += instant.pose.pitch;
  shot.pose.roll += instant.pose.roll;
  shot.stand_mm += instant.stand_mm;
  shot.look_azimuth += instant.look_azimuth;
  shot.look_elevation += instant.look_elevation;
  shot.expression = instant.expression;
  spare_lids(person_, shot.expression);
  const auto bits = static_cast<std::uint64_t>(time.count());
  shot.noise = people::hash32(static_cast<std::uint32_t>(filming_.seed), static_cast<std::uint32_t>(bits),
                              static_cast<std::uint32_t>(bits >> 32));
  return shot;
}

Shot LivePerson::shot_at(Nanoseconds time) const {
  return apply(motion_.at(time), time);
}

LiveFrame LivePerson::at(Nanoseconds time, int threads) const {
  LiveFrame out;
  out.instant = motion_.at(time);
  out.shot = apply(out.instant, time);
  const people::Figure figure =
      people::build_figure(*head_, person_, out.shot.expression, out.shot.wear, &neutral_);
  // How fast everything moves just now, over 4 ms.
  constexpr milliseconds kStep{2};
  const Nanoseconds before = std::max(time - kStep, Nanoseconds{0}), after = time + kStep;
  const Instant a = motion_.at(before), b = motion_.at(after);
  const float scale = 1e9F / static_cast<float>((after - before).count());
  const Speed speed{{(b.pose.yaw - a.pose.yaw) * scale, (b.pose.pitch - a.pose.pitch) * scale,
                     (b.pose.roll - a.pose.roll) * scale},
                    (b.stand_mm - a.stand_mm) * scale};
  out.capture = take(figure, out.shot, threads, [&](people::Frame& frame, const people::Scene& scene) {
    expose_rows(frame, scene, figure.neck, speed, filming_.shutter, time);
  });
  return out;
}

boost::json::object to_json(const LiveFrame& frame, std::uint64_t person, Nanoseconds time) {
  return {{"synthetic", true},
          {"time_ns", time.count()},
          {"person_seed", person},
          {"lids", boost::json::array{frame.instant.lids[0], frame.instant.lids[1]}},
          {"speaking", frame.instant.speaking},
          {"truth", to_json(frame.capture.truth)},
          {"shot", to_json(frame.shot)}};
}

}  // namespace shogo::camera
