// Prints the table of docs/people.md: how far the faces of a population lie apart by the look-alike rule, how
// far twins, and how many people the rule would leave out at other distances. likeness [first seed] [people]
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include <shogo/people/likeness.h>

int main(int count, char** word) {
  using namespace shogo::people;
  const std::uint64_t first = count > 1 ? std::strtoull(word[1], nullptr, 10) : 1,
                      people = count > 2 ? std::strtoull(word[2], nullptr, 10) : 1000;
  const auto head = HeadModel::load();
  if (!head.ok() || people < 2) {
    fmt::print(stderr, "{}\n", head.ok() ? "two people at least" : head.error().message());
    return 1;
  }
  const Recipe recipe = find_recipe("clinic").value();
  std::vector<FaceMeasures> faces;
  std::vector<float> pairs, twins;
  for (std::uint64_t seed = first; seed < first + people; ++seed) {
    const Person person = sample_person(seed, recipe, **head);
    faces.push_back(measure_face(**head, person));
    for (std::size_t i = 0; i + 1 < faces.size(); ++i) pairs.push_back(likeness_mm(faces[i], faces.back()));
    // Every tenth person's twin, with somebody from far away as the one to lean towards.
    if (seed % 10 == 0)
      twins.push_back(likeness_mm(
          faces.back(),
          measure_face(**head, twin_of(person, sample_person(seed + 1'000'000, recipe, **head)))));
  }
  // As a data set leaves people out: who is too close to somebody before them that stayed.
  constexpr std::array kApart = {0.9F, 1.5F, 2.0F, 2.2F, 2.5F, 3.0F};
  std::array<std::size_t, kApart.size()> left_out{};
  for (std::size_t k = 0; k < kApart.size(); ++k) {
    std::vector<std::size_t> stay;
    for (std::size_t i = 0; i < faces.size(); ++i)
      if (std::any_of(stay.begin(), stay.end(),
                      [&](std::size_t j) { return likeness_mm(faces[i], faces[j]) < kApart[k]; }))
        ++left_out[k];
      else
        stay.push_back(i);
  }
  std::sort(pairs.begin(), pairs.end());
  std::sort(twins.begin(), twins.end());
  fmt::print("{} people from seed {}, {} pairs\n", people, first, pairs.size());
  fmt::print("nearest {:.2f}; one in 10 000 below {:.2f}; one in 1 000 {:.2f}; median {:.2f} mm\n", pairs[0],
             pairs[pairs.size() / 10'000], pairs[pairs.size() / 1'000], pairs[pairs.size() / 2]);
  if (!twins.empty())
    fmt::print("{} twins: nearest {:.2f}, median {:.2f}, farthest {:.2f} mm\n", twins.size(), twins.front(),
               twins[twins.size() / 2], twins.back());
  for (std::size_t k = 0; k < kApart.size(); ++k)
    fmt::print("left out with {:.1f} mm: {} ({:.1f} %)\n", kApart[k], left_out[k],
               100.0 * static_cast<double>(left_out[k]) / static_cast<double>(faces.size()));
  return 0;
}
