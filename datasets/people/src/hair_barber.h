// Grows a bundle's middle line until the cut of the style ends it.
#pragma once

#include "hair_flow.h"
#include "hair_scissors.h"
#include "head_field.h"
#include <vector>

namespace shogo::people {

class Barber {
 public:
  Barber(const Sitter& sitter, const HeadField& field, std::uint32_t key)
      : hair_(sitter.person.hair),
        field_(field),
        key_(key),
        flow_(sitter.person.hair, key),
        scissors_(sitter.person.hair, key) {}

  [[nodiscard]] float length_of(const HairRoot& root, std::uint32_t key) const;

  /// A comb draws the roots beside a parting up to its line: a thin one, with no bare wedges.
  [[nodiscard]] HairRoot combed(HairRoot root, std::uint32_t key) const;

  [[nodiscard]] std::vector<Vec3> grow(const HairRoot& root, std::uint32_t key) const;

  /// How far the hairs of a lock draw together at their tips.
  [[nodiscard]] float pull_of(const HairRoot& root) const;

 private:
  const Hair& hair_;
  const HeadField& field_;
  std::uint32_t key_;
  HairFlow flow_;
  HairScissors scissors_;
};

}  // namespace shogo::people
