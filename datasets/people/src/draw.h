// Draws one number of a person: the stream's name is the number's name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <shogo/base/rng.h>
#include <shogo/people/exact.h>
#include <shogo/people/vec.h>

namespace shogo::people {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] float unit(std::string_view name) const {
    return static_cast<float>(Rng(seed_, name).unit());
  }
  [[nodiscard]] float between(std::string_view name, float low, float high) const {
    return low + (high - low) * unit(name);
  }
  /// Normal distribution, cut at 2.5 standard deviations: nobody is a caricature.
  [[nodiscard]] float normal(std::string_view name, float mean, float deviation) const {
    Rng rng(seed_, name);
    const double u = rng.unit(), v = rng.unit();
    const double r = std::sqrt(-2 * exact::log(1 - u)) * exact::cos(2 * exact::kPi * v);
    return mean + deviation * clamp(static_cast<float>(r), -2.5F, 2.5F);
  }
  [[nodiscard]] float normal01(std::string_view name, float mean, float deviation) const {
    return clamp01(normal(name, mean, deviation));
  }
  [[nodiscard]] bool chance(std::string_view name, float probability) const {
    return unit(name) < probability;
  }
  /// Index with probability in proportion to its weight.
  template <typename Weights>
  [[nodiscard]] std::size_t pick(std::string_view name, const Weights& weights) const {
    float sum = 0;
    for (const float w : weights) sum += w;
    float at = unit(name) * sum;
    std::size_t index = 0, last = 0;
    for (const float w : weights) {
      if (w > 0) last = index;
      if (at < w) return index;
      at -= w;
      ++index;
    }
    return last;
  }

 private:
  std::uint64_t seed_;
};

}  // namespace shogo::people
