// Prints the table of docs/people.md: what is measured on the shapes of a hundred people, means and
// deviations in millimetres, men and women. anthropometry [first seed] [people]
#include "../src/proportions.h"
#include "../src/shape.h"
#include <array>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

int main(int count, char** word) {
  using namespace shogo::people;
  const std::uint64_t first = count > 1 ? std::strtoull(word[1], nullptr, 10) : 9001,
                      people = count > 2 ? std::strtoull(word[2], nullptr, 10) : 100;
  const auto head = HeadModel::load();
  if (!head.ok()) {
    fmt::print(stderr, "{}\n", head.error().message());
    return 1;
  }
  constexpr std::array kNames = {"between the pupils",
                                 "lids, corner to corner",
                                 "lids open",
                                 "nose",
                                 "mouth",
                                 "face before the ears",
                                 "jaw",
                                 "eyes to chin",
                                 "eyes to foot of the nose",
                                 "foot of the nose to lips",
                                 "lips to chin",
                                 "corners of the mouth over the seam",
                                 "skull's width",
                                 "eyes to top of the skull",
                                 "neck"};
  std::array<std::array<double, 3>, kNames.size()> sum[2] = {};
  double all[2] = {};
  for (std::uint64_t seed = first; seed < first + people; ++seed) {
    const Person person = sample_person(seed, find_recipe("clinic").value(), **head);
    std::vector<Vec3> shape = shape_of(**head, person);
    const FaceLines lines = lines_of(**head, shape);
    const auto near = [&](Vec3 place) {
      float best = 1e9F, x = 0;
      for (std::size_t i = 0; i < shape.size(); ++i) {
        const Vec3 d = (*head)->rest()[i] - place;
        const float far = d.x * d.x + d.y * d.y;
        if ((*head)->rest()[i].z > place.z && far < best) best = far, x = shape[i].x;
      }
      return x;
    };
    float low = 1e9F, high = -1e9F, top = -1e9F, bottom = 1e9F;
    for (const LidPiece& piece : lids_of(**head).pieces)
      if (piece.side == 1)
        for (const std::uint16_t v : piece.skin) {
          low = std::min(low, shape[v].x), high = std::max(high, shape[v].x);
          top = std::max(top, shape[v].y), bottom = std::min(bottom, shape[v].y);
        }
    const std::array<float, kNames.size()> value = {
        eye_ball(**head, shape, Part::kEyeLeft).centre.x - eye_ball(**head, shape, Part::kEyeRight).centre.x,
        high - low,
        top - bottom,
        near({16.9F, -38.5F, 23}) - near({-16.9F, -38.5F, 23}),
        near({25, -67.5F, 0}) - near({-25, -67.5F, 0}),
        lines.cheek,
        lines.jaw,
        -lines.chin,
        -lines.nose_foot,
        lines.nose_foot - lines.seam,
        lines.seam - lines.chin,
        lines.corners,
        lines.skull,
        lines.top,
        lines.neck};
    const std::size_t sex = person.sex == Sex::kMale ? 0 : 1;
    all[sex] += 1;
    for (std::size_t i = 0; i < value.size(); ++i)
      sum[sex][i][0] += value[i], sum[sex][i][1] += double{value[i]} * value[i];
  }
  fmt::print("| | men ({}) | women ({}) |\n|---|---|---|\n", all[0], all[1]);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    fmt::print("| {} |", kNames[i]);
    for (std::size_t sex = 0; sex < 2; ++sex) {
      const double mean = sum[sex][i][0] / all[sex];
      fmt::print(" {:.1f} ({:.1f}) |", mean,
                 std::sqrt(std::max(0.0, sum[sex][i][1] / all[sex] - mean * mean)));
    }
    fmt::print("\n");
  }
  return 0;
}
