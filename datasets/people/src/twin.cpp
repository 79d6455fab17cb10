#include <algorithm>

#include <shogo/people/likeness.h>

namespace shogo::people {
namespace {

/// How much of somebody else's face a twin has: enough for a few tenths of a millimetre.
constexpr float kOther = 0.06F;

void lean(float& value, float other, float share = kOther) {
  value += (other - value) * share;
}

}  // namespace

Person twin_of(const Person& person, const Person& other) {
  Person twin = person;
  // Blotches, strands of hair and visits follow the seed.
  twin.seed = other.seed;
  // Growing leaves small differences everywhere.
  for (std::size_t i = 0; i < std::min(twin.axes.size(), other.axes.size()); ++i)
    lean(twin.axes[i].value, other.axes[i].value);
  for (std::size_t i = 0; i < std::min(twin.warps.size(), other.warps.size()); ++i) {
    lean(twin.warps[i].by.x, other.warps[i].by.x);
    lean(twin.warps[i].by.y, other.warps[i].by.y);
    lean(twin.warps[i].by.z, other.warps[i].by.z);
  }
  for (std::size_t i = 0; i < std::min(twin.features.size(), other.features.size()); ++i)
    lean(twin.features[i], other.features[i]);
  lean(twin.weight, other.weight);
  lean(twin.brows.thickness, other.brows.thickness);
  lean(twin.brows.arch, other.brows.arch);
  // Life leaves what is one's own: moles, freckles, hair and clothes. Genes keep tone, eyes and brows' shape.
  twin.skin.moles = other.skin.moles;
  lean(twin.skin.freckles, other.skin.freckles, 0.5F);
  if (person.sex == other.sex) twin.hair = other.hair;
  twin.hair.grey = person.hair.grey;
  twin.clothes = other.clothes;
  return twin;
}

}  // namespace shogo::people
