// Protocols: which pictures are made of every person. `ideal` is a person who stands well before a good
// camera; a ladder changes one factor step by step and nothing else, so that a fall of a matcher's score has
// one cause.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/camera/shot.h>
#include <shogo/people/person.h>

namespace shogo::collection {

/// Raised whenever any picture of any seed changes.
constexpr int kDatasetVersion = 12;

struct Planned {
  std::string name;    ///< of the file, without ending: "chip", "yaw+20"
  bool chip = false;   ///< the chip photo (the reference); else a probe
  std::string factor;  ///< "" for ideal and chip
  double step = 0;     ///< value of the factor, in its unit
  people::Day day;
  camera::Shot shot;
};

struct Protocol {
  std::string_view name;
  std::string_view about;
};
[[nodiscard]] const std::vector<Protocol>& protocols();
/// kNotFound names the known ones.
[[nodiscard]] Result<Protocol> find_protocol(std::string_view name);

/// The pictures of one person. `seed` is the data set's, `person` the person with its usual hair and glasses.
[[nodiscard]] std::vector<Planned> plan(const Protocol& protocol, std::uint64_t seed,
                                        const people::Person& person);

}  // namespace shogo::collection
