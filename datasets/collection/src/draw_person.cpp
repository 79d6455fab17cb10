#include "draw_person.h"

#include <memory>

namespace shogo::collection {
namespace {

std::string hash_of(const Image& image) {
  Bytes bytes;
  for (const int n : {image.width, image.height, image.channels})
    append_be32(bytes, static_cast<std::uint32_t>(n));
  append(bytes, image.pixels);
  return sha256_hex(bytes);
}

}  // namespace

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
    camera::Capture capture = camera::take(*figure, planned.shot);
    std::string hash = hash_of(capture.image);
    day_before = planned.day;
    before = std::move(figure);
    all.push_back({std::move(planned), std::move(capture), std::move(hash)});
  }
  return all;
}

}  // namespace shogo::collection
