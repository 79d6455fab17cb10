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
  std::string path, capture, pixels, file;
};
/// A manifest comes from somebody else: its paths must stay inside the folder.
bool is_inside(const std::string& path) {
  const fs::path p(path);
  return p.is_relative() &&
         std::none_of(p.begin(), p.end(), [](const fs::path& part) { return part == ".."; });
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
    Listed one;
    SHOGO_TRY(one.path, image.string("path"));
    SHOGO_TRY(one.capture, image.string("capture"));
    SHOGO_TRY(one.pixels, image.string("pixels_sha256"));
    SHOGO_TRY(one.file, image.string("file_sha256"));
    SHOGO_TRY(const std::int64_t person, image.integer("person"));
    SHOGO_TRY(seeds[person], image.integer("person_seed"));
    ++findings.images;
    if (!is_inside(one.path)) {
      findings.wrong.push_back(fmt::format("{}: the path leads out of the data set", one.path));
      continue;
    }
    const auto file = read_file(folder / one.path);
    if (!file.ok())
      findings.wrong.push_back(fmt::format("{}: missing or unreadable", one.path));
    else if (sha256_hex(*file) != one.file)
      findings.wrong.push_back(fmt::format("{}: the file is not the one that was written", one.path));
    by_person[person].push_back(std::move(one));
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
              draw_person(*head, order, static_cast<std::uint64_t>(seeds[person])));
    for (const Listed& one : listed) {
      const auto at = std::find_if(all.begin(), all.end(),
                                   [&](const Drawn& drawn) { return drawn.planned.name == one.capture; });
      if (at == all.end() || at->pixels != one.pixels)
        findings.wrong.push_back(fmt::format("{}: drawn again, its pixels are others", one.path));
    }
    ++findings.redrawn;
  }
  return findings;
}

}  // namespace shogo::collection
