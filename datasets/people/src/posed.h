// The figure as it stands before the camera: head turned, eyes looking.
#pragma once

#include <vector>

#include <shogo/people/render.h>

namespace shogo::people {

struct Posed {
  std::vector<Vec3> position, normal;  ///< as Mesh::vertices
  std::vector<Vec3> strand_points;     ///< as Strands::points
  std::vector<Vec3> landmarks;
  Vec3 eye_centre[2];
  Mat3 eye_frame[2];  ///< turns +z into the direction looked at
};

[[nodiscard]] Posed pose_figure(const Figure& figure, const Scene& scene);

}  // namespace shogo::people
