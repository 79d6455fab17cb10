// All pictures of one person.
#pragma once

#include <string>
#include <vector>

#include <shogo/collection/collection.h>
#include <shogo/people/head_model.h>

namespace shogo::collection {

struct Drawn {
  Planned planned;
  camera::Capture capture;
  std::string pixels;  ///< SHA-256 of width, height, channels and pixels
};
[[nodiscard]] Result<std::vector<Drawn>> draw_person(const people::HeadModel& head, const Order& order,
                                                     std::uint64_t person_seed);

}  // namespace shogo::collection
