#include <gtest/gtest.h>

#include <shogo/people/render.h>

namespace shogo::people {
namespace {

TEST(Figure, another_expression_taken_over_from_the_neutral_face_has_the_same_mesh_as_one_made_anew) {
  const HeadModel head = HeadModel::built_in();
  const Person person = sample_person(12, find_recipe("clinic").value(), head);
  const Expression smile = {{"mouth-corner-puller", 0.6F}};
  const Figure neutral = build_figure(head, person, {}, {});
  const Figure anew = build_figure(head, person, smile, {}),
               quick = build_figure(head, person, smile, {}, &neutral);
  EXPECT_EQ(quick.shape, neutral.shape) << "the shape is shared, not worked out again";
  ASSERT_EQ(quick.mesh.vertices.size(), anew.mesh.vertices.size());
  bool moved = false;
  for (std::size_t i = 0; i < anew.mesh.vertices.size(); ++i) {
    EXPECT_EQ(length(quick.mesh.vertices[i].position - anew.mesh.vertices[i].position), 0) << i;
    moved = moved || length(quick.mesh.vertices[i].position - neutral.mesh.vertices[i].position) > 0.1F;
  }
  EXPECT_TRUE(moved);
  for (std::size_t i = 0; i < anew.landmarks.size(); ++i)
    EXPECT_EQ(length(quick.landmarks[i] - anew.landmarks[i]), 0);
}

TEST(Figure, a_person_who_is_somebody_else_takes_nothing_over) {
  const HeadModel head = HeadModel::built_in();
  const Recipe recipe = find_recipe("clinic").value();
  const Person one = sample_person(12, recipe, head), other = sample_person(13, recipe, head);
  const Figure like = build_figure(head, one, {}, {});
  const Figure beside = build_figure(head, other, {}, {}, &like), alone = build_figure(head, other, {}, {});
  EXPECT_NE(beside.shape, like.shape);
  ASSERT_EQ(beside.mesh.vertices.size(), alone.mesh.vertices.size());
  for (std::size_t i = 0; i < alone.mesh.vertices.size(); ++i)
    EXPECT_EQ(length(beside.mesh.vertices[i].position - alone.mesh.vertices[i].position), 0) << i;
}

}  // namespace
}  // namespace shogo::people
