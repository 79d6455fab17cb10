// Wrinkles that age draws into a face: curves with a groove and the swelling beside it.
#pragma once

#include <array>
#include <vector>

#include <shogo/people/person.h>

namespace shogo::people {

class Wrinkles {
 public:
  explicit Wrinkles(const Person& person);
  struct Mark {
    float height_mm = 0;  ///< of the skin over its mean
    float groove = 0;     ///< 0 … 1, how deep inside a wrinkle
  };
  /// At a place of the head at rest, seen from the front.
  [[nodiscard]] Mark at(Vec3 rest) const;

 private:
  static constexpr std::size_t kPoints = 7;
  struct Curve {
    std::array<Vec3, kPoints> point;
    float width_mm, depth;
    float x0, y0, x1, y1;  ///< what it can reach
  };
  /// A curve from `from` to `to` that is drawn towards `towards`. Braces around it keep the order in which
  /// chance is asked.
  struct Bow {
    Vec3 from, towards, to;
    float width_mm, depth;
  };
  void add(const Bow& bow);

  std::uint32_t key_;
  std::vector<Curve> curves_;
};

}  // namespace shogo::people
