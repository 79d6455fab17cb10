#include "finer_skin.h"

#include <set>

#include <gtest/gtest.h>

namespace shogo::people {
namespace {

/// An icosahedron around the origin: a coarse ball of twelve vertices and twenty triangles.
Mesh ball(float radius) {
  Mesh mesh;
  constexpr float kGolden = 1.618034F;
  for (const float one : {-1.F, 1.F})
    for (const float far : {-kGolden, kGolden})
      for (const Vec3 p : {Vec3{0, one, far}, Vec3{one, far, 0}, Vec3{far, 0, one}})
        mesh.vertices.push_back({normalized(p) * radius, normalized(p)});
  const auto near = [&](std::uint32_t a, std::uint32_t b) {
    return dot(mesh.vertices[a].normal, mesh.vertices[b].normal) > 0.4F;
  };
  for (std::uint32_t a = 0; a < 12; ++a)
    for (std::uint32_t b = a + 1; b < 12; ++b)
      for (std::uint32_t c = b + 1; c < 12; ++c)
        if (near(a, b) && near(b, c) && near(c, a)) mesh.triangles.push_back({{a, b, c}, Material::kSkin});
  return mesh;
}

TEST(FinerSkin, curves_between_vertices_as_their_normals_say) {
  Mesh mesh = ball(80);
  refine_skin(mesh, 3);
  float least = 1e9F, most = 0;
  for (const Vertex& vertex : mesh.vertices) {
    least = std::min(least, length(vertex.position));
    most = std::max(most, length(vertex.position));
    EXPECT_GT(dot(vertex.normal, normalized(vertex.position)), 0.99F);
  }
  // The flat triangles come as near as 64 mm.
  EXPECT_GT(least, 76);
  EXPECT_LT(most, 84);
}

TEST(FinerSkin, neighbours_share_the_vertices_of_their_edge) {
  Mesh mesh = ball(80);
  refine_skin(mesh, 2);
  ASSERT_EQ(mesh.triangles.size(), 20U * 16);
  std::set<std::pair<std::uint32_t, std::uint32_t>> edges;
  for (const Triangle& triangle : mesh.triangles)
    for (std::size_t i = 0; i < 3; ++i)
      edges.insert(std::minmax(triangle.corner[i], triangle.corner[(i + 1) % 3]));
  // Euler: a closed surface without cracks.
  EXPECT_EQ(mesh.vertices.size() + mesh.triangles.size(), edges.size() + 2);
}

TEST(FinerSkin, leaves_other_materials_and_old_vertices_in_their_places) {
  Mesh mesh = ball(80);
  mesh.triangles[3].material = Material::kGlasses;
  const Mesh before = mesh;
  refine_skin(mesh, 1);
  EXPECT_EQ(mesh.triangles.size(), 19U * 4 + 1);
  for (std::size_t i = 0; i < before.vertices.size(); ++i)
    EXPECT_EQ(length(mesh.vertices[i].position - before.vertices[i].position), 0);
}

}  // namespace
}  // namespace shogo::people
