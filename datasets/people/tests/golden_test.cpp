// 64 pictures of the built-in head, bit for bit. A change here means that everybody's data sets change: raise
// the data set version and write the hashes anew (SHOGO_WRITE_GOLDEN=FILE makes the list).
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/people/render.h>

namespace shogo::people {
namespace {

constexpr int kPeople = 8, kViews = 8;

std::string hash_of(const Frame& frame) {
  Bytes bytes;
  append(bytes,
         {reinterpret_cast<const std::uint8_t*>(frame.light.data()), frame.light.size() * sizeof(Vec3)});
  append(bytes, {reinterpret_cast<const std::uint8_t*>(frame.material.data()), frame.material.size()});
  append(bytes, {reinterpret_cast<const std::uint8_t*>(frame.depth_mm.data()),
                 frame.depth_mm.size() * sizeof(float)});
  return sha256_hex(bytes);
}

Scene view(int index) {
  Scene scene;
  const auto turn = static_cast<float>(index - 3);
  scene.camera = Camera::look_at({20 * turn, -30 + 12 * turn, 520 + 30 * turn}, {0, -20, 0}, 72, 90, 90);
  // Two of the eight as near as a portrait, where single hairs and pores are drawn: an eye with its brow, and
  // the hairline.
  if (index == 6) scene.camera = Camera::look_at({56, 16, 550}, {50, 16, 70}, 72, 90, 1500);
  if (index == 7) scene.camera = Camera::look_at({-30, 60, 550}, {-20, 62, 80}, 72, 90, 1500);
  scene.pose = {8 * turn, 3 * turn - 4, -2 * turn};
  scene.gaze = {60 * turn, 20, 500};
  scene.lights = {
      {normalized({0.3F * turn, 0.5F, 0.8F}), {0.6F, 0.57F, 0.5F}, 0.1F * static_cast<float>(index)},
      {normalized({-0.5F, 0.2F, 0.7F}), {0.2F, 0.2F, 0.22F}, 0.9F}};
  scene.room.plain = index % 2 == 0;
  return scene;
}

std::map<std::string, std::string> golden() {
  std::map<std::string, std::string> hashes;
  std::ifstream file(SHOGO_SOURCE_DIR "/datasets/people/tests/golden_hashes.txt");
  std::string name, hash;
  while (file >> name >> hash) hashes[name] = hash;
  return hashes;
}

class Golden : public testing::TestWithParam<int> {};

TEST_P(Golden, pictures_have_the_same_bits_as_ever) {
  const HeadModel head = HeadModel::built_in();
  const int who = GetParam();
  const Person person =
      sample_person(static_cast<std::uint64_t>(100 + who), find_recipe("clinic").value(), head);
  const Expression smile = {{"mouth-corner-puller", 0.1F * static_cast<float>(who)}};
  const Figure figure = build_figure(head, person, smile, {who % 3 == 1, who % 4 == 2});
  const auto expected = golden();
  std::ostringstream list;
  for (int v = 0; v < kViews; ++v) {
    const std::string name = fmt::format("{}.{}", who, v), hash = hash_of(render(figure, view(v), 1));
    list << name << " " << hash << "\n";
    const int threads = 2 + v % 2;
    EXPECT_EQ(hash_of(render(figure, view(v), threads)), hash)
        << threads << " threads draw something else than one";
    if (std::getenv("SHOGO_WRITE_GOLDEN") == nullptr) {
      EXPECT_EQ(expected.contains(name) ? expected.at(name) : "none", hash) << name;
    }
  }
  if (const char* out = std::getenv("SHOGO_WRITE_GOLDEN")) std::ofstream(out, std::ios::app) << list.str();
}
INSTANTIATE_TEST_SUITE_P(Person, Golden, testing::Range(0, kPeople));

TEST(Golden, a_changed_figure_changes_the_hash) {
  const HeadModel head = HeadModel::built_in();
  Person person = sample_person(1, find_recipe("clinic").value(), head);
  const std::string before = hash_of(render(build_figure(head, person, {}, {}), view(3)));
  person.skin.melanin += 0.05F;
  EXPECT_NE(hash_of(render(build_figure(head, person, {}, {}), view(3))), before);
}

}  // namespace
}  // namespace shogo::people
