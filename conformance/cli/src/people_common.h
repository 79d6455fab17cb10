// What the commands about synthetic people share.
#pragma once

#include "arguments.h"
#include "terminal.h"
#include <memory>

#include <shogo/people/person.h>

namespace shogo::conformance {

inline constexpr Option kPopulationOption{
    "--population", "NAME",
    "clinic (default: visitors of Japanese clinics) or balanced (equal shares, for research)"};

struct PeopleCast {
  std::shared_ptr<const people::HeadModel> head;
  people::Recipe recipe;
};
/// Tells on `err` when there is no asset pack.
[[nodiscard]] Result<PeopleCast> people_cast(const Arguments& arguments, Terminal& terminal);

}  // namespace shogo::conformance
