// The renderer: a figure, a room and a camera in; linear light, material, depth and truth out. A CPU
// rasterizer whose result is the same to the last bit for every compiler, optimisation level and number of
// threads: only IEEE +, -, *, / and sqrt on floats, edges in integers, a fixed order of everything that is
// summed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <shogo/people/figure.h>

namespace shogo::people {

/// Pinhole. World as in Figure: the neutral face's eyes at the origin, looking along +z.
struct Camera {
  int width = 640, height = 480;
  float focal_px = 560;  ///< 60 degrees across 640
  float centre_x = 320, centre_y = 240;
  Vec3 position{0, 0, 500};
  Mat3 to_camera{{{1, 0, 0}, {0, 1, 0}, {0, 0, -1}}};  ///< rows: right, up, forward

  /// Looks from `position` at `target`, upright.
  static Camera look_at(Vec3 position, Vec3 target, int width, int height, float focal_px);
};

struct Light {
  Vec3 towards{0, 0, 1};  ///< unit vector
  Vec3 colour{1, 1, 1};   ///< irradiance on a surface that faces it; 1 is a well lit face
  float size = 0.3F;      ///< 0 sun … 1 large panel
};

/// What surrounds the head, for ambient light, reflections in the eyes and the background.
struct Room {
  Vec3 ceiling{0.55F, 0.55F, 0.55F}, wall{0.4F, 0.4F, 0.38F}, floor{0.18F, 0.16F, 0.14F},
      front{0.45F, 0.45F, 0.46F};
  Vec3 backdrop{0.6F, 0.62F, 0.64F};
  bool plain = false;     ///< backdrop without things on it (photo studio)
  std::uint32_t key = 1;  ///< which things stand there
};

struct HeadPose {
  float yaw = 0, pitch = 0, roll = 0;  ///< degrees; to the subject's left, up, left ear to the shoulder
};

struct Scene {
  Camera camera;
  std::vector<Light> lights;  ///< the first casts shadows
  Room room;
  HeadPose pose;
  Vec3 gaze{0, 0, 500};  ///< the point looked at
  bool careful = false;  ///< as a portrait: skin curved between its vertices, shadows of wide lamps; dearer
};

struct Frame {
  int width = 0, height = 0;
  std::vector<Vec3> light;                      ///< linear RGB
  std::vector<Material> material;               ///< of the pixel's first sample
  std::vector<float> depth_mm;                  ///< along the camera's axis; 0: background
  std::vector<std::array<float, 2>> landmarks;  ///< pixels, as Figure::landmarks
};

/// `threads` bands are drawn at once; the result does not depend on it.
[[nodiscard]] Frame render(const Figure& figure, const Scene& scene, int threads = 1);

}  // namespace shogo::people
