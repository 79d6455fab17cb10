#include "posed.h"

#include <algorithm>

#include <shogo/people/exact.h>

namespace shogo::people {
namespace {

/// Tangent of the angle between an eye's axis and its line of sight, about 4 degrees in adults.
constexpr float kKappa = 0.07F;

Mat3 turn(const HeadPose& pose) {
  constexpr double kRadians = exact::kPi / 180;
  const auto yaw = exact::sin_cos(pose.yaw * kRadians), pitch = exact::sin_cos(-pose.pitch * kRadians),
             roll = exact::sin_cos(-pose.roll * kRadians);
  const auto f = [](double x) { return static_cast<float>(x); };
  const Mat3 y{{{f(yaw.cos), 0, f(yaw.sin)}, {0, 1, 0}, {f(-yaw.sin), 0, f(yaw.cos)}}};
  const Mat3 x{{{1, 0, 0}, {0, f(pitch.cos), f(-pitch.sin)}, {0, f(pitch.sin), f(pitch.cos)}}};
  const Mat3 z{{{f(roll.cos), f(-roll.sin), 0}, {f(roll.sin), f(roll.cos), 0}, {0, 0, 1}}};
  return y * (x * z);
}

/// Turns +z into `to`, upright.
Mat3 aim(Vec3 to) {
  const Vec3 z = normalized(to), x = normalized(cross({0, 1, 0}, z)), y = cross(z, x);
  return Mat3{{{x.x, y.x, z.x}, {x.y, y.y, z.y}, {x.z, y.z, z.z}}};
}

}  // namespace

Camera Camera::look_at(Vec3 position, Vec3 target, int width, int height, float focal_px) {
  Camera camera;
  camera.width = width;
  camera.height = height;
  camera.focal_px = focal_px;
  camera.centre_x = static_cast<float>(width) / 2;
  camera.centre_y = static_cast<float>(height) / 2;
  camera.position = position;
  const Vec3 forward = normalized(target - position), right = normalized(cross(forward, {0, 1, 0}));
  camera.to_camera = Mat3{{right, cross(right, forward), forward}};
  return camera;
}

Posed pose_figure(const Figure& figure, const Scene& scene) {
  const Mat3 head = turn(scene.pose);
  const Vec3 neck = figure.neck;
  const auto place = [&](Vec3 p, float follow) {
    if (follow <= 0) return p;
    return mix(p, neck + head * (p - neck), follow);
  };
  Posed out;
  Mat3 gaze[2];
  for (int side = 0; side < 2; ++side) {
    const Vec3 centre = figure.eyes[side].centre;
    out.eye_centre[side] = place(centre, 1);
    // The eye turns in the head, so the target is seen from the head's frame; the orbit limits it to about 40
    // degrees.
    Vec3 to = head.transposed() * (scene.gaze - out.eye_centre[side]);
    to.z = std::max(to.z, 1.2F * std::sqrt(to.x * to.x + to.y * to.y));
    // The fovea lies on the temple's side of the ball's back pole: the axis of a ball that looks at something
    // passes it a little on the temple's side (angle kappa).
    gaze[side] = aim(normalized(to) + Vec3{side == 0 ? -kKappa : kKappa, 0, 0});
    out.eye_frame[side] = head * gaze[side];
  }
  out.position.resize(figure.mesh.vertices.size());
  out.normal.resize(figure.mesh.vertices.size());
  std::vector<std::int8_t> eye_of(figure.mesh.vertices.size(), -1);
  for (const Triangle& triangle : figure.mesh.triangles)
    if (triangle.material == Material::kEye)
      for (const std::uint32_t corner : triangle.corner)
        eye_of[corner] = static_cast<std::int8_t>(triangle.side);
  for (std::size_t i = 0; i < figure.mesh.vertices.size(); ++i) {
    const Vertex& vertex = figure.mesh.vertices[i];
    Vec3 p = vertex.position, n = vertex.normal;
    if (eye_of[i] >= 0) {
      const Vec3 centre = figure.eyes[eye_of[i]].centre;
      p = centre + gaze[eye_of[i]] * (p - centre);
      n = gaze[eye_of[i]] * n;
    }
    out.position[i] = place(p, vertex.follow);
    out.normal[i] = vertex.follow <= 0 ? n : normalized(mix(n, head * n, vertex.follow));
  }
  out.strand_points.resize(figure.hair.points.size());
  for (std::size_t i = 0; i < figure.hair.points.size(); ++i)
    out.strand_points[i] = place(figure.hair.points[i], figure.hair.follow[i]);
  for (std::size_t i = 0; i < figure.landmarks.size(); ++i) {
    Vec3 p = figure.landmarks[i];
    if (i < 2) p = figure.eyes[i].centre + gaze[i] * (p - figure.eyes[i].centre);
    out.landmarks.push_back(place(p, 1));
  }
  return out;
}

}  // namespace shogo::people
