#include "draw_person.h"

#include <memory>

namespace shogo::collection {
namespace {

Bytes begun(int width, int height, int bytes_each) {
  Bytes bytes;
  for (const int n : {width, height, bytes_each}) append_be32(bytes, static_cast<std::uint32_t>(n));
  return bytes;
}
std::string hash_of(const Image& image) {
  Bytes bytes = begun(image.width, image.height, image.channels);
  append(bytes, image.pixels);
  return sha256_hex(bytes);
}

}  // namespace

std::string hash_of_labels(const camera::Maps& maps) {
  Bytes bytes = begun(maps.width, maps.height, 1);
  append(bytes, maps.label);
  return sha256_hex(bytes);
}
std::string hash_of_depth(const camera::Maps& maps) {
  Bytes bytes = begun(maps.width, maps.height, 2);
  for (const std::uint16_t value : maps.depth) append_be16(bytes, value);
  return sha256_hex(bytes);
}

Result<std::vector<Drawn>> draw_person(const people::HeadModel& head, const Order& order,
                                       std::uint64_t person_seed) {
  SHOGO_TRY(const people::Recipe recipe, people::find_recipe(order.population));
  SHOGO_TRY(const Protocol protocol, find_protocol(order.protocol));
  const people::Person usual = people::sample_person(person_seed, recipe, head);
  std::vector<Drawn> all;
  std::unique_ptr<people::Figure> before;
  people::Day day_before;
  for (Planned& planned : plan(protocol, order.seed, usual)) {
    // The neutral figure of a day lends its hair, skin and ambient light to the day's other expressions.
    const bool same_day =
        before && planned.day.years == day_before.years && planned.day.hair == day_before.hair;
    const people::Person person = people::sample_person(person_seed, recipe, head, planned.day);
    auto figure = std::make_unique<people::Figure>(people::build_figure(
        head, person, planned.shot.expression, planned.shot.wear, same_day ? before.get() : nullptr));
    std::optional<camera::Maps> maps;
    camera::Capture capture =
        camera::take(*figure, planned.shot, 1, [&](people::Frame& frame, const people::Scene& /*unused*/) {
          if (order.maps) maps = camera::maps_of(frame, planned.shot.sensor.distortion);
        });
    if (maps && planned.chip) maps = camera::chip_maps(*maps);
    std::string hash = hash_of(capture.image);
    day_before = planned.day;
    before = std::move(figure);
    all.push_back({std::move(planned), std::move(capture), std::move(hash), std::move(maps)});
  }
  return all;
}

}  // namespace shogo::collection
