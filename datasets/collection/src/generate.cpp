#include "cast.h"
#include "manifest.h"
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/camera/encode.h>

namespace shogo::collection {
namespace {

namespace fs = std::filesystem;
constexpr int kProbeQuality = 92;

Result<void> make_folder(const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (!ec) return {};
  return Error{ec == std::errc::no_space_on_device ? Code::kExhausted : Code::kDenied,
               fmt::format("cannot create {}: {}", folder.string(), ec.message())};
}
/// What is done when nothing more fits.
Error with_advice(const Error& error) {
  if (error.code() != Code::kExhausted) return error;
  return Error{Code::kExhausted, "no room; make some and give the same command again: it goes on from here",
               error};
}

Result<void> write_maps(const fs::path& folder, const Drawn& drawn, std::size_t person, json::object& image) {
  SHOGO_CHECK_OK(make_folder(folder / "maps" / person_name(person)));
  SHOGO_TRY(const Bytes labels, camera::encode_labels(*drawn.maps));
  SHOGO_TRY(const Bytes depth, camera::encode_depth(*drawn.maps));
  const std::string stem = fmt::format("maps/{}/{}", person_name(person), drawn.planned.name);
  SHOGO_CHECK_OK(write_file(folder / (stem + ".labels.png"), labels));
  SHOGO_CHECK_OK(write_file(folder / (stem + ".depth.png"), depth));
  image["segmentation"] = map_json(stem + ".labels.png", hash_of_labels(*drawn.maps), labels);
  image["depth"] = map_json(stem + ".depth.png", hash_of_depth(*drawn.maps), depth);
  return {};
}

/// A person's record is written after their pictures: where it is, they are.
Result<void> make_person(const fs::path& folder, const people::HeadModel& head, const Order& order,
                         std::size_t person, std::uint64_t seed) {
  const fs::path record = folder / "people" / (person_name(person) + ".json");
  if (std::error_code ec; fs::exists(record, ec)) return {};
  SHOGO_TRY(const std::vector<Drawn> all, draw_person(head, order, seed, is_twin(order, person)));
  SHOGO_CHECK_OK(make_folder(folder / "images" / person_name(person)));
  json::array images;
  for (const Drawn& drawn : all) {
    SHOGO_TRY(const Bytes file, drawn.planned.chip ? camera::chip_photo(drawn.capture.image, order.chip_bytes)
                                                   : camera::encode_jpeg(drawn.capture.image, kProbeQuality));
    const std::string path = fmt::format("images/{}/{}.{}", person_name(person), drawn.planned.name,
                                         drawn.planned.chip ? "jp2" : "jpg");
    SHOGO_CHECK_OK(write_file(folder / path, file));
    json::object image = image_json(drawn, person, seed, is_twin(order, person), path, file);
    if (drawn.maps) SHOGO_CHECK_OK(write_maps(folder, drawn, person, image));
    images.push_back(std::move(image));
  }
  return write_text(record, json::serialize(json::object{
                                {"person", person}, {"seed", seed}, {"images", std::move(images)}}));
}

Result<void> write_manifest(const fs::path& folder, json::object plan, std::size_t people) {
  json::array images;
  for (std::size_t person = 0; person < people; ++person) {
    SHOGO_TRY(json::value record, load_json(folder / "people" / (person_name(person) + ".json")));
    SHOGO_TRY(const JsonObject object, JsonObject::of(record, person_name(person)));
    SHOGO_TRY(const auto list, object.objects("images"));
    for (const JsonObject& image : list) images.emplace_back(image.raw());
  }
  plan["images"] = std::move(images);
  return write_text(folder / "manifest.json", pretty_json(plan));
}

}  // namespace

Result<void> generate(const fs::path& folder, const Order& order, int threads,
                      const std::function<bool(const Progress&)>& keep_going) {
  SHOGO_TRY([[maybe_unused]] const Protocol protocol, find_protocol(order.protocol));
  if (order.people < 1) return Error{Code::kInvalid, "a data set needs at least one person"};
  SHOGO_TRY(const auto head, people::HeadModel::load());
  SHOGO_CHECK_OK(make_folder(folder / "people"));
  SHOGO_TRY(const Cast cast, choose(*head, order, threads));
  const json::object plan = plan_json(order, *head, cast.seeds, cast.left_out);
  const fs::path plan_file = folder / "plan.json";
  if (std::error_code ec; fs::exists(plan_file, ec)) {
    SHOGO_TRY(const json::value old, load_json(plan_file));
    if (old != json::parse(json::serialize(plan)))
      return Error{
          Code::kConflict,
          fmt::format(
              "{} was begun for another order (see its plan.json): give the same one, or another folder",
              folder.string())};
  } else {
    const auto written = write_text(plan_file, pretty_json(plan));
    if (!written.ok()) return with_advice(written.error());
  }
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::size_t done = 0;
  std::optional<Error> failed;
  const auto work = [&] {
    for (std::size_t person = next++; person < cast.seeds.size() && !stop; person = next++) {
      const auto made = make_person(folder, *head, order, person, cast.seeds[person]);
      const std::lock_guard lock(mutex);
      if (!made.ok() && !failed) failed = made.error();
      ++done;
      if (failed || !keep_going({done, cast.seeds.size()})) stop = true;
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  if (failed) return with_advice(*failed);
  if (stop && done < cast.seeds.size())
    return Error{Code::kCancelled, "stopped; the same command goes on from here"};
  const auto written = write_manifest(folder, plan, cast.seeds.size());
  if (!written.ok()) return with_advice(written.error());
  return {};
}

}  // namespace shogo::collection
