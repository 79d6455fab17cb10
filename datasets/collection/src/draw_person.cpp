#include "draw_person.h"

#include <memory>

#include <shogo/base/rng.h>
#include <shogo/people/likeness.h>

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

people::Person somebody(const people::HeadModel& head, const people::Recipe& recipe, std::uint64_t seed,
                        bool twin, const people::Day& day) {
  people::Person person = people::sample_person(seed, recipe, head, day);
  if (!twin) return person;
  const std::uint64_t other = Rng(seed, "twin").next() >> 1;
  return people::twin_of(person, people::sample_person(other, recipe, head, day));
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
                                       std::uint64_t person_seed, bool twin) {
  SHOGO_TRY(const people::Recipe recipe, people::find_recipe(order.population));
  SHOGO_TRY(const Protocol protocol, find_protocol(order.protocol));
  const people::Person usual = somebody(head, recipe, person_seed, twin, {});
  std::vector<Drawn> all;
  std::unique_ptr<people::Figure> before;
  // Most pictures of somebody are of one day.
  people::Person person = usual;
  people::Day day_before;
  for (Planned& planned : plan(protocol, order.seed, usual)) {
    // The neutral figure of a day lends its hair, skin and ambient light to the day's other expressions.
    if (!(planned.day == day_before)) {
      person = somebody(head, recipe, person_seed, twin, planned.day);
      before = nullptr;
    }
    auto figure = std::make_unique<people::Figure>(
        people::build_figure(head, person, planned.shot.expression, planned.shot.wear, before.get()));
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
