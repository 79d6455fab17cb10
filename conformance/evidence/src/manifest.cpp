#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/conformance/manifest.h>

namespace shogo::conformance {

namespace fs = std::filesystem;

const std::vector<std::string>& derived_pages() {
  static const std::vector<std::string> pages{"junit.xml", "report.en.html", "report.ja.html"};
  return pages;
}

bool is_bundle_path(std::string_view path) {
  if (path.empty() || path.find('\\') != std::string_view::npos || path.find('\0') != std::string_view::npos)
    return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

json::object to_json(const Manifest& manifest) {
  json::array files;
  for (const ManifestFile& file : manifest.files)
    files.push_back(json::object{{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
  json::object object;
  object["schema"] = kManifestSchema;
  object["items"] = json::array(manifest.items.begin(), manifest.items.end());
  object["files"] = std::move(files);
  return object;
}

Result<Manifest> parse_manifest(const json::value& value, const std::string& where) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(value, where));
  SHOGO_CHECK_OK(object.only({"schema", "items", "files"}));
  SHOGO_TRY(const std::string schema, object.string("schema"));
  if (schema != kManifestSchema)
    return Error{Code::kUnsupported,
                 fmt::format("{}: schema \"{}\" is not {}", where, schema, kManifestSchema)};
  Manifest manifest;
  SHOGO_TRY(manifest.items, object.strings("items"));
  SHOGO_TRY(const std::vector<JsonObject> files, object.objects("files"));
  for (const JsonObject& each : files) {
    SHOGO_CHECK_OK(each.only({"path", "size", "sha256"}));
    ManifestFile file;
    SHOGO_TRY(file.path, each.string("path"));
    SHOGO_TRY(file.sha256, each.string("sha256"));
    SHOGO_TRY(const std::int64_t size, each.integer("size"));
    if (!is_bundle_path(file.path))
      return Error{Code::kCorrupt, fmt::format("{}: \"path\" leaves the bundle", each.where())};
    if (size < 0) return Error{Code::kCorrupt, fmt::format("{}: \"size\" is negative", each.where())};
    file.size = static_cast<std::uint64_t>(size);
    if (!manifest.files.empty() && manifest.files.back().path >= file.path)
      return Error{Code::kCorrupt, fmt::format("{}: paths must be sorted, each once", each.where())};
    manifest.files.push_back(std::move(file));
  }
  return manifest;
}

Result<std::vector<ManifestFile>> list_files(const fs::path& folder) {
  std::vector<ManifestFile> files;
  std::error_code ec;
  fs::recursive_directory_iterator entries(folder, ec);
  for (; !ec && entries != fs::recursive_directory_iterator(); entries.increment(ec)) {
    const fs::path relative = entries->path().lexically_relative(folder);
    const fs::file_status status = entries->symlink_status(ec);
    if (ec) break;
    if (fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status))
      return Error{Code::kCorrupt, fmt::format("{} is not a plain file", relative.generic_string())};
    ManifestFile file;
    file.path = relative.generic_string();
    const bool derived =
        std::find(derived_pages().begin(), derived_pages().end(), file.path) != derived_pages().end();
    if (derived || file.path == "manifest.json") continue;
    SHOGO_TRY(const Bytes bytes, read_file(entries->path()));
    file.size = bytes.size();
    file.sha256 = sha256_hex(bytes);
    files.push_back(std::move(file));
  }
  if (ec) return Error{Code::kUnavailable, fmt::format("cannot list {}: {}", folder.string(), ec.message())};
  std::sort(files.begin(), files.end(),
            [](const ManifestFile& a, const ManifestFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace shogo::conformance
