// All pictures of one person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <shogo/camera/maps.h>
#include <shogo/collection/collection.h>
#include <shogo/people/head_model.h>

namespace shogo::collection {

struct Drawn {
  Planned planned;
  camera::Capture capture;
  std::string pixels;  ///< SHA-256 of width, height, channels and pixels
  /// When the order asks for them; of a chip photo in the chip photo's pixels.
  std::optional<camera::Maps> maps;
};
[[nodiscard]] Result<std::vector<Drawn>> draw_person(const people::HeadModel& head, const Order& order,
                                                     std::uint64_t person_seed, bool twin);
/// Whether that person of a collection is the twin of the one before.
[[nodiscard]] inline bool is_twin(const Order& order, std::size_t person) {
  return order.twins && person % 2 == 1;
}

/// As `pixels`: of width, height, bytes a value, and the values with the high byte first.
[[nodiscard]] std::string hash_of_labels(const camera::Maps& maps);
[[nodiscard]] std::string hash_of_depth(const camera::Maps& maps);

}  // namespace shogo::collection
