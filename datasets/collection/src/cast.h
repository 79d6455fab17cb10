// The people of a collection.
#pragma once

#include <cstdint>
#include <vector>

#include <shogo/collection/collection.h>
#include <shogo/people/head_model.h>

namespace shogo::collection {

struct Cast {
  std::vector<std::uint64_t> seeds;
  std::size_t left_out = 0;
};

/// Seeds from the order's on, without those who look like somebody before them. Faces are measured on
/// `threads` threads; who is chosen does not depend on it.
[[nodiscard]] Result<Cast> choose(const people::HeadModel& head, const Order& order, int threads);

}  // namespace shogo::collection
