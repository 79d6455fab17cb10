// The JSON of a collection.
#pragma once

#include "draw_person.h"

#include <boost/json.hpp>

namespace shogo::collection {

[[nodiscard]] boost::json::object plan_json(const Order& order, const people::HeadModel& head,
                                            const std::vector<std::uint64_t>& seeds, std::size_t left_out);
[[nodiscard]] boost::json::object image_json(const Drawn& drawn, std::size_t person,
                                             std::uint64_t person_seed, bool twin, const std::string& path,
                                             ByteView file);
/// A map's place in an image's entry.
[[nodiscard]] boost::json::object map_json(const std::string& path, const std::string& values, ByteView file);
[[nodiscard]] Result<Order> order_from(const boost::json::value& plan, const std::string& where);

/// "000012": how people are called in folders.
[[nodiscard]] std::string person_name(std::size_t person);

}  // namespace shogo::collection
