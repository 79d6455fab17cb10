// A shot: everything about one picture of a person that is not the person. Numbers in, picture and truth out.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/image.h>
#include <shogo/people/render.h>

namespace shogo::camera {

struct Sensor {
  float gain = 1;             ///< times the noise of a good camera in a lit room
  float defocus_px = 0.35F;   ///< radius of the blur of a point
  float motion_px = 0;        ///< length of sideways motion blur
  float distortion = -0.02F;  ///< barrel, at half the picture's width
  float warmth = 0;           ///< error of the white balance: -1 blue … +1 orange
  float shoulder = 0.8F;  ///< highlights above this roll off: a photograph's from lower on than a camera's
  float brightness = 1;   ///< times what the metering would have
};

struct Shot {
  int width = 640, height = 480;
  int fine = 1;  ///< drawn so many times as large each way, then reduced by the lens' and sensor's blur
  float field_degrees = 60;   ///< across the width
  float distance_mm = 500;    ///< camera to between the eyes
  float camera_below_mm = 0;  ///< how much lower than the eyes the camera stands
  people::HeadPose pose;
  people::Vec3 stand_mm;                       ///< the person stands so far from the usual place, as Instant
  float look_azimuth = 0, look_elevation = 0;  ///< of the eyes past the camera, degrees
  people::Expression expression;
  people::Wear wear;
  bool studio = false;                          ///< photographer's backdrop instead of a waiting room
  float key_azimuth = 25, key_elevation = 35;   ///< of the main light, degrees; 0/0 is the camera's side
  float key = 0.5F, fill = 0.25F, ambient = 1;  ///< irradiances relative to a well lit face
  float softness = 0.5F;                        ///< of the main light: 0 sun … 1 large panel
  float kelvin = 5000;                          ///< colour of the main light
  Sensor sensor;
  std::uint64_t seed = 1;   ///< noise, things in the room
  std::uint64_t noise = 0;  ///< the noise's own seed, for one of many pictures in a room; 0: `seed`
};

struct Truth {
  std::vector<std::array<float, 2>>
      landmarks;  ///< pixels: right and left pupil, nose, right and left mouth corner
  float eye_distance_px = 0;
  std::array<int, 4> face_box{};  ///< x, y, width, height of visible skin above the neck
};

struct Capture {
  Image image;  ///< RGB
  Truth truth;
};

[[nodiscard]] people::Scene scene_of(const Shot& shot);
/// `figure` must have been built with the shot's expression and wear.
/// `before_sensor` may change the light on its way to the sensor (shutter.h).
[[nodiscard]] Capture take(
    const people::Figure& figure, const Shot& shot, int threads = 1,
    const std::function<void(people::Frame&, const people::Scene&)>& before_sensor = {});

/// A photograph as taken for a card: plain backdrop, neutral, straight, 35 x 45 mm cut.
[[nodiscard]] Shot id_photo(int width = 480, int height = 600);

[[nodiscard]] boost::json::object to_json(const Shot& shot);
[[nodiscard]] boost::json::object to_json(const Truth& truth);

}  // namespace shogo::camera
