#include "fine.h"
#include "lens.h"
#include <algorithm>
#include <cmath>

#include <shogo/camera/sensor.h>
#include <shogo/camera/shot.h>
#include <shogo/people/exact.h>
#include <shogo/people/noise.h>

namespace shogo::camera {
namespace {

namespace json = boost::json;
using people::Vec3;
using people::exact::kPi;

Vec3 direction(float azimuth, float elevation) {
  const auto a = people::exact::sin_cos(azimuth * kPi / 180),
             e = people::exact::sin_cos(elevation * kPi / 180);
  return {static_cast<float>(a.sin * e.cos), static_cast<float>(e.sin), static_cast<float>(a.cos * e.cos)};
}

/// A lamp's colour, 1 in green: orange at 2 700 K, white at 5 500 K, bluish above.
Vec3 colour_of(float kelvin) {
  const float t = people::clamp((kelvin - 2700) / (5500 - 2700), 0, 1),
              cold = people::clamp((kelvin - 5500) / 4500, 0, 1);
  return {1.35F - 0.35F * t - 0.12F * cold, 1, 0.55F + 0.45F * t + 0.16F * cold};
}

Truth truth_of(const people::Frame& frame, float distortion) {
  Truth truth;
  truth.landmarks = frame.landmarks;
  const Lens lens(frame.width, frame.height, distortion);
  const auto& right = truth.landmarks[0];
  const auto& left = truth.landmarks[1];
  const float mouth = 0.5F * (truth.landmarks[3][1] + truth.landmarks[4][1]),
              eyes = 0.5F * (right[1] + left[1]);
  const float chin = mouth + 0.62F * (mouth - eyes);
  int x0 = frame.width, y0 = frame.height, x1 = -1, y1 = -1;
  for (int y = 0; y < frame.height && static_cast<float>(y) < chin; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const auto material =
          frame.material[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) +
                         static_cast<std::size_t>(x)];
      if (material != people::Material::kSkin && material != people::Material::kMask) continue;
      x0 = std::min(x0, x), x1 = std::max(x1, x), y0 = std::min(y0, y), y1 = std::max(y1, y);
    }
  for (auto& [x, y] : truth.landmarks) {
    const auto seen = lens.seen_at(x, y);
    x = seen[0], y = seen[1];
  }
  truth.eye_distance_px = std::sqrt(people::square(left[0] - right[0]) + people::square(left[1] - right[1]));
  if (x1 < x0) return truth;
  const auto low = lens.seen_at(static_cast<float>(x0), static_cast<float>(y0)),
             high = lens.seen_at(static_cast<float>(x1 + 1), static_cast<float>(y1 + 1));
  const auto whole = [](float value, int most) {
    return std::clamp(static_cast<int>(std::floor(value + 0.5F)), 0, most);
  };
  x0 = whole(low[0], frame.width), y0 = whole(low[1], frame.height);
  x1 = whole(high[0], frame.width), y1 = whole(high[1], frame.height);
  truth.face_box = {x0, y0, x1 - x0, y1 - y0};
  return truth;
}

}  // namespace

people::Scene scene_of(const Shot& shot) {
  people::Scene scene;
  const auto half = people::exact::sin_cos(shot.field_degrees * kPi / 360);
  const float focal = static_cast<float>(shot.width) * 0.5F * static_cast<float>(half.cos / half.sin);
  const float down = people::clamp(-shot.camera_below_mm / shot.distance_mm, -0.8F, 0.8F);
  const Vec3 position{0, down * shot.distance_mm, std::sqrt(1 - down * down) * shot.distance_mm};
  const Vec3 target{0, shot.studio ? -14.F : -18.F, 0};
  scene.camera = people::Camera::look_at(shot.studio ? Vec3{0, target.y, shot.distance_mm} : position, target,
                                         shot.width, shot.height, focal);
  // A person who moves to their left is a camera that moves to their right.
  scene.camera.position -= shot.stand_mm;
  scene.gaze = scene.camera.position;
  if (shot.look_azimuth != 0 || shot.look_elevation != 0) {
    const auto a = people::exact::sin_cos(shot.look_azimuth * kPi / 180),
               e = people::exact::sin_cos(shot.look_elevation * kPi / 180);
    const float reach = people::length(scene.gaze);
    scene.gaze +=
        Vec3{reach * static_cast<float>(a.sin / a.cos), reach * static_cast<float>(e.sin / e.cos), 0};
  }
  scene.pose = shot.pose;
  const Vec3 tint = colour_of(shot.kelvin);
  scene.lights = {
      {direction(shot.key_azimuth, shot.key_elevation), tint * shot.key, shot.softness},
      {direction(shot.key_azimuth > 0 ? -42.F : 42.F, 12), Vec3{0.97F, 1, 1.03F} * shot.fill, 0.9F}};
  scene.room.key = people::hash32(static_cast<std::uint32_t>(shot.seed), 0x400AU);
  scene.room.plain = shot.studio;
  scene.careful = shot.studio;
  for (Vec3* part : {&scene.room.ceiling, &scene.room.wall, &scene.room.floor, &scene.room.front})
    *part *= shot.ambient;
  // A studio's backdrop has a lamp of its own.
  scene.room.backdrop *= shot.studio ? 1.F : std::min(1.F, 0.35F + 0.65F * shot.ambient);
  return scene;
}

Capture take(const people::Figure& figure, const Shot& shot, int threads,
             const std::function<void(people::Frame&, const people::Scene&)>& before_sensor) {
  const people::Scene scene = scene_of(shot);
  people::Frame frame;
  if (shot.fine > 1) {
    people::Scene large = scene;
    large.camera = finer(scene.camera, shot.fine);
    frame = reduced(people::render(figure, large, threads), shot.fine);
  } else {
    frame = people::render(figure, scene, threads);
  }
  if (before_sensor) before_sensor(frame, scene);
  return {expose(frame, shot.sensor, shot.noise != 0 ? shot.noise : shot.seed),
          truth_of(frame, shot.sensor.distortion)};
}

Shot id_photo(int width, int height) {
  Shot shot;
  shot.width = width;
  shot.height = height;
  shot.studio = true;
  shot.distance_mm = 1500;
  shot.field_degrees = 9.8F;
  // A wide soft key from the viewer's upper left, a weak fill and little else: a studio's walls are far away,
  // and light from everywhere takes a face its form. Fair skin on the lit side stays below the shoulder.
  shot.key_azimuth = -30;
  shot.key_elevation = 33;
  shot.softness = 1;
  shot.key = 1.0F;
  shot.fill = 0.18F;
  shot.ambient = 0.60F;
  // Flash light, which the white balance is set to.
  shot.kelvin = 5100;
  shot.sensor.distortion = 0;
  shot.sensor.gain = 0.5F;
  shot.sensor.shoulder = 0.68F;
  shot.sensor.brightness = 1.0F;
  shot.sensor.defocus_px = 0.3F;
  return shot;
}

json::object to_json(const Shot& shot) {
  json::object expression;
  for (const people::AxisValue& unit : shot.expression) expression[unit.name] = unit.value;
  return {{"width", shot.width},
          {"height", shot.height},
          {"fine", shot.fine},
          {"field_degrees", shot.field_degrees},
          {"distance_mm", shot.distance_mm},
          {"camera_below_mm", shot.camera_below_mm},
          {"yaw_degrees", shot.pose.yaw},
          {"pitch_degrees", shot.pose.pitch},
          {"roll_degrees", shot.pose.roll},
          {"stand_mm", json::array{shot.stand_mm.x, shot.stand_mm.y, shot.stand_mm.z}},
          {"look_degrees", json::array{shot.look_azimuth, shot.look_elevation}},
          {"expression", std::move(expression)},
          {"glasses", shot.wear.glasses},
          {"mask", shot.wear.mask},
          {"studio", shot.studio},
          {"light", json::object{{"azimuth_degrees", shot.key_azimuth},
                                 {"elevation_degrees", shot.key_elevation},
                                 {"key", shot.key},
                                 {"fill", shot.fill},
                                 {"ambient", shot.ambient},
                                 {"softness", shot.softness},
                                 {"kelvin", shot.kelvin}}},
          {"sensor", json::object{{"gain", shot.sensor.gain},
                                  {"defocus_px", shot.sensor.defocus_px},
                                  {"motion_px", shot.sensor.motion_px},
                                  {"distortion", shot.sensor.distortion},
                                  {"warmth", shot.sensor.warmth}}},
          {"seed", shot.seed},
          {"noise", shot.noise}};
}

json::object to_json(const Truth& truth) {
  json::array points;
  for (const auto& p : truth.landmarks) points.push_back(json::array{p[0], p[1]});
  return {
      {"landmarks", std::move(points)},
      {"eye_distance_px", truth.eye_distance_px},
      {"face_box", json::array{truth.face_box[0], truth.face_box[1], truth.face_box[2], truth.face_box[3]}}};
}

}  // namespace shogo::camera
