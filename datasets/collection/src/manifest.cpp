#include "manifest.h"

#include <fmt/format.h>

#include <shogo/base/json_reader.h>
#include <shogo/camera/encode.h>

namespace shogo::collection {

std::string person_name(std::size_t person) {
  return fmt::format("{:06}", person);
}

json::object plan_json(const Order& order, const people::HeadModel& head,
                       const std::vector<std::uint64_t>& seeds, std::size_t left_out) {
  json::array all;
  for (const std::uint64_t seed : seeds) all.push_back(seed);
  json::object plan{{"synthetic", true},
                    {"dataset_version", kDatasetVersion},
                    {"head", head.id()},
                    {"protocol", order.protocol},
                    {"population", order.population},
                    {"seed", order.seed},
                    {"people", order.people},
                    {"chip_bytes", order.chip_bytes},
                    {"apart_um", static_cast<std::int64_t>(order.apart_mm * 1000 + 0.5F)},
                    {"look_alikes_left_out", left_out},
                    {"person_seeds", std::move(all)}};
  // Only when ordered, so that folders begun by earlier builds can be gone on with.
  if (order.twins) plan["twins"] = true;
  if (order.maps) {
    json::array labels;
    for (const std::string_view label : camera::map_labels()) labels.emplace_back(label);
    plan["maps"] = json::object{{"labels", std::move(labels)}, {"depth_unit_mm", 0.1}};
  }
  return plan;
}

json::object map_json(const std::string& path, const std::string& values, ByteView file) {
  return {{"path", path}, {"values_sha256", values}, {"file_sha256", sha256_hex(file)}};
}

json::object image_json(const Drawn& drawn, std::size_t person, std::uint64_t person_seed, bool twin,
                        const std::string& path, ByteView file) {
  const Image& image = drawn.capture.image;
  // A chip photo is the portrait cut and made smaller: its truth is told in the pixels of the file.
  const camera::Truth truth = drawn.planned.chip
                                  ? camera::chip_truth(drawn.capture.truth, image.width, image.height)
                                  : drawn.capture.truth;
  json::object entry{{"path", path},
                     {"person", person},
                     {"person_seed", person_seed},
                     {"capture", drawn.planned.name},
                     {"role", drawn.planned.chip ? "reference" : "probe"},
                     {"factor", drawn.planned.factor},
                     {"step", drawn.planned.step},
                     {"years_later", drawn.planned.day.years},
                     {"other_hair", drawn.planned.day.hair},
                     {"pixels_sha256", drawn.pixels},
                     {"file_sha256", sha256_hex(file)},
                     {"shot", camera::to_json(drawn.planned.shot)},
                     {"truth", camera::to_json(truth)}};
  if (twin) entry["twin_of"] = person - 1;
  return entry;
}

Result<Order> order_from(const json::value& plan, const std::string& where) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(plan, where));
  SHOGO_TRY(const std::int64_t version, object.integer("dataset_version"));
  if (version != kDatasetVersion)
    return Error{Code::kUnsupported, fmt::format("{} is of data set version {}; this build makes version {}",
                                                 where, version, kDatasetVersion)};
  Order order;
  SHOGO_TRY(order.protocol, object.string("protocol"));
  SHOGO_TRY(order.population, object.string("population"));
  SHOGO_TRY(const std::int64_t seed, object.integer("seed"));
  SHOGO_TRY(const std::int64_t people, object.integer("people"));
  SHOGO_TRY(const std::int64_t chip_bytes, object.integer("chip_bytes"));
  SHOGO_TRY(const std::int64_t apart, object.integer("apart_um"));
  order.maps = !object.missing("maps");
  order.twins = !object.missing("twins");
  order.seed = static_cast<std::uint64_t>(seed);
  order.people = static_cast<std::uint64_t>(people);
  order.chip_bytes = static_cast<std::size_t>(chip_bytes);
  order.apart_mm = static_cast<float>(apart) / 1000;
  return order;
}

}  // namespace shogo::collection
