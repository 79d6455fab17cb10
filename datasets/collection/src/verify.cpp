#include "manifest.h"
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::collection {
namespace {

namespace fs = std::filesystem;

struct Listed {
  std::string path, capture;
  std::string pixels, file;  ///< hashes
  enum Kind { kPicture, kLabels, kDepth } kind = kPicture;
};
/// A manifest comes from somebody else: its paths must stay inside the folder.
bool is_inside(const std::string& path) {
  const fs::path p(path);
  return p.is_relative() &&
         std::none_of(p.begin(), p.end(), [](const fs::path& part) { return part == ".."; });
}

/// The files of one entry: the picture, and its maps when there are any.
Result<std::vector<Listed>> files_of(const JsonObject& image) {
  std::vector<Listed> files(1);
  SHOGO_TRY(const std::string capture, image.string("capture"));
  SHOGO_TRY(files[0].path, image.string("path"));
  SHOGO_TRY(files[0].pixels, image.string("pixels_sha256"));
  SHOGO_TRY(files[0].file, image.string("file_sha256"));
  for (const auto& [key, kind] :
       {std::pair("segmentation", Listed::kLabels), std::pair("depth", Listed::kDepth)}) {
    if (image.missing(key)) continue;
    SHOGO_TRY(const JsonObject map, image.object(key));
    Listed& one = files.emplace_back();
    one.kind = kind;
    SHOGO_TRY(one.path, map.string("path"));
    SHOGO_TRY(one.pixels, map.string("values_sha256"));
    SHOGO_TRY(one.file, map.string("file_sha256"));
  }
  for (Listed& one : files) one.capture = capture;
  return files;
}

/// The hash of what a file should show, drawn anew; empty when the drawing has no such part.
std::string drawn_again(const Drawn& drawn, Listed::Kind kind) {
  if (kind == Listed::kPicture) return drawn.pixels;
  if (!drawn.maps) return "";
  return kind == Listed::kLabels ? hash_of_labels(*drawn.maps) : hash_of_depth(*drawn.maps);
}

}  // namespace

Result<json::value> read_manifest(const fs::path& folder) {
  std::error_code ec;
  if (!fs::exists(folder / "manifest.json", ec)) {
    if (fs::exists(folder / "plan.json", ec))
      return Error{Code::kNotFound,
                   fmt::format("{} is unfinished (no manifest.json): give the same generate command again",
                               folder.string())};
    return Error{Code::kNotFound, fmt::format("{} is no data set: it has no manifest.json", folder.string())};
  }
  return load_json(folder / "manifest.json");
}

Result<Findings> verify(const fs::path& folder, std::size_t redraw) {
  SHOGO_TRY(const json::value manifest, read_manifest(folder));
  SHOGO_TRY(const Order order, order_from(manifest, "manifest.json"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(manifest, "manifest.json"));
  SHOGO_TRY(const auto images, object.objects("images"));
  Findings findings;
  std::map<std::int64_t, std::vector<Listed>> by_person;
  std::map<std::int64_t, std::int64_t> seeds;
  for (const JsonObject& image : images) {
    SHOGO_TRY(const std::vector<Listed> files, files_of(image));
    SHOGO_TRY(const std::int64_t person, image.integer("person"));
    SHOGO_TRY(seeds[person], image.integer("person_seed"));
    ++findings.images;
    if (order.maps != (files.size() == 3))
      findings.wrong.push_back(
          fmt::format("{}: maps are {}", files[0].path, order.maps ? "missing" : "not ordered"));
    for (const Listed& one : files) {
      if (!is_inside(one.path)) {
        findings.wrong.push_back(fmt::format("{}: the path leads out of the data set", one.path));
        continue;
      }
      const auto file = read_file(folder / one.path);
      if (!file.ok())
        findings.wrong.push_back(fmt::format("{}: missing or unreadable", one.path));
      else if (sha256_hex(*file) != one.file)
        findings.wrong.push_back(fmt::format("{}: the file is not the one that was written", one.path));
      by_person[person].push_back(one);
    }
  }
  if (by_person.size() != order.people)
    findings.wrong.push_back(
        fmt::format("manifest.json: {} people are listed, {} were ordered", by_person.size(), order.people));
  if (redraw == 0) return findings;
  SHOGO_TRY(const auto head, people::HeadModel::load());
  SHOGO_TRY(const std::string drawn_with, object.string("head"));
  if (drawn_with != head->id())
    return Error{Code::kUnsupported,
                 fmt::format("the data set was drawn with the head \"{}\", here is \"{}\": pictures cannot "
                             "be compared (ci/people-pack fetches the asset pack)",
                             drawn_with, head->id())};
  for (const auto& [person, listed] : by_person) {
    if (findings.redrawn >= redraw) break;
    SHOGO_TRY(const std::vector<Drawn> all,
              draw_person(*head, order, static_cast<std::uint64_t>(seeds[person]),
                          is_twin(order, static_cast<std::size_t>(person))));
    for (const Listed& one : listed) {
      const auto at = std::find_if(all.begin(), all.end(),
                                   [&](const Drawn& drawn) { return drawn.planned.name == one.capture; });
      if (at == all.end() || drawn_again(*at, one.kind) != one.pixels)
        findings.wrong.push_back(fmt::format("{}: drawn again, its pixels are others", one.path));
    }
    ++findings.redrawn;
  }
  return findings;
}

}  // namespace shogo::collection
