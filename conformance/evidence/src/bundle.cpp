#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

#include <shogo/base/file.h>
#include <shogo/conformance/bundle.h>
#include <shogo/conformance/manifest.h>

namespace shogo::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWorkMark = ".shogo-partial.";
constexpr std::string_view kReportSchemaPrefix = "urn:shogo:report:";

/// report.json's schema tells a shogo report from a folder of somebody's holiday pictures.
bool is_report_folder(const fs::path& folder) {
  const auto report = load_json(folder / "report.json");
  if (!report.ok()) return false;
  const json::object* object = report->if_object();
  const json::value* schema = object == nullptr ? nullptr : object->if_contains("schema");
  return schema != nullptr && schema->is_string() &&
         std::string_view(schema->as_string()).starts_with(kReportSchemaPrefix);
}

Result<void> check_replaceable(const fs::path& destination) {
  std::error_code ec;
  const fs::file_status status = fs::symlink_status(destination, ec);
  if (status.type() == fs::file_type::not_found) return {};
  if (!fs::is_directory(status))
    return Error{Code::kConflict, fmt::format("{} exists and is not a folder; name another output folder",
                                              destination.string())};
  const bool empty = fs::is_empty(destination, ec);
  if (ec)
    return Error{Code::kDenied, fmt::format("cannot look into {}: {}", destination.string(), ec.message())};
  if (empty || is_report_folder(destination)) return {};
  return Error{Code::kConflict,
               fmt::format("{} holds files that are not a shogo report; name an empty or a new folder",
                           destination.string())};
}

/// Folders that killed runs have left beside this destination: theirs is a process id that lives no more.
void remove_abandoned(const fs::path& destination) {
  const std::string prefix = "." + destination.filename().string() + std::string(kWorkMark);
  std::error_code ec;
  for (fs::directory_iterator entries(destination.parent_path(), ec);
       !ec && entries != fs::directory_iterator(); entries.increment(ec)) {
    const std::string name = entries->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    pid_t pid = 0;
    const char* first = name.data() + prefix.size();
    const auto [last, problem] = std::from_chars(first, name.data() + name.size(), pid);
    if (problem != std::errc{} || last == first || pid <= 0) continue;
    if (::kill(pid, 0) == 0 || errno != ESRCH) continue;
    std::error_code ignored;
    fs::remove_all(entries->path(), ignored);
  }
}

Result<void> put_in_place(const fs::path& work, const fs::path& destination) {
  std::error_code ec;
  if (!fs::exists(destination, ec)) {
    if (::rename(work.c_str(), destination.c_str()) == 0) return {};
    return Error{Code::kDenied,
                 fmt::format("cannot create {}: {}", destination.string(), std::strerror(errno))};
  }
  // Exchange in one step, so that at no moment DIR is missing; then the old report, now under the hidden
  // name, goes.
  if (::renameat2(AT_FDCWD, work.c_str(), AT_FDCWD, destination.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(work, ec);
    return {};
  }
  // File systems without exchange: the old one steps aside first, and comes back when the new one cannot take
  // its place.
  const fs::path aside = work.string() + ".old";
  if (::rename(destination.c_str(), aside.c_str()) != 0)
    return Error{Code::kDenied,
                 fmt::format("cannot replace {}: {}", destination.string(), std::strerror(errno))};
  if (::rename(work.c_str(), destination.c_str()) != 0) {
    const int problem = errno;
    (void)::rename(aside.c_str(), destination.c_str());
    return Error{Code::kDenied,
                 fmt::format("cannot replace {}: {}", destination.string(), std::strerror(problem))};
  }
  fs::remove_all(aside, ec);
  return {};
}

struct NamedInReport {
  std::vector<std::string> items;
  std::vector<std::string> evidence;
};

Result<NamedInReport> names_in(const json::value& report, const std::string& where) {
  SHOGO_TRY(const JsonObject root, JsonObject::of(report, where));
  SHOGO_TRY(const std::vector<JsonObject> items, root.objects("items"));
  NamedInReport named;
  for (const JsonObject& item : items) {
    SHOGO_TRY(std::string id, item.string("id"));
    named.items.push_back(std::move(id));
    SHOGO_TRY(const std::vector<JsonObject> clauses, item.objects("clauses"));
    for (const JsonObject& clause : clauses) {
      SHOGO_TRY(const std::vector<std::string> paths, clause.strings("evidence"));
      named.evidence.insert(named.evidence.end(), paths.begin(), paths.end());
    }
  }
  return named;
}

/// Compares two lists sorted by path and names the first difference in that order.
Result<void> compare(const std::vector<ManifestFile>& expected, const std::vector<ManifestFile>& found) {
  auto want = expected.begin();
  auto have = found.begin();
  while (want != expected.end() || have != found.end()) {
    if (have == found.end() || (want != expected.end() && want->path < have->path))
      return Error{Code::kCorrupt, fmt::format("{} is missing: the manifest names it", want->path)};
    if (want == expected.end() || have->path < want->path)
      return Error{Code::kCorrupt, fmt::format("{} is extra: the manifest does not name it", have->path)};
    if (want->size != have->size || want->sha256 != have->sha256)
      return Error{Code::kCorrupt,
                   fmt::format("{} was changed: its SHA-256 is not the manifest's", want->path)};
    ++want;
    ++have;
  }
  return {};
}

/// The manifest must name what the report names: otherwise evidence and its line in the manifest could go
/// together.
Result<void> check_named(const Manifest& manifest, const json::value& report, const std::string& where) {
  SHOGO_TRY(const NamedInReport named, names_in(report, where));
  if (named.items != manifest.items)
    return Error{Code::kCorrupt, fmt::format("{}: the items are not those of manifest.json", where)};
  for (const std::string& path : named.evidence) {
    const bool listed = std::any_of(manifest.files.begin(), manifest.files.end(),
                                    [&](const ManifestFile& file) { return file.path == path; });
    if (!listed)
      return Error{Code::kCorrupt, fmt::format("{} is missing: report.json names it as evidence", path)};
  }
  return {};
}

}  // namespace

Result<Bundle> Bundle::create(const fs::path& destination) {
  std::error_code ec;
  fs::path target = fs::absolute(destination, ec).lexically_normal();
  if (target.filename().empty()) target = target.parent_path();
  if (ec || target.filename().empty())
    return Error{Code::kInvalid, fmt::format("\"{}\" cannot be an output folder", destination.string())};
  SHOGO_CHECK_OK(check_replaceable(target));
  fs::create_directories(target.parent_path(), ec);
  if (ec)
    return Error{Code::kDenied,
                 fmt::format("cannot create {}: {}", target.parent_path().string(), ec.message())};
  remove_abandoned(target);
  const std::string hidden = fmt::format(".{}{}{}.XXXXXX", target.filename().string(), kWorkMark, ::getpid());
  std::string pattern = (target.parent_path() / hidden).string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return Error{Code::kDenied,
                 fmt::format("cannot write beside {}: {}; name an output folder in a writable place",
                             target.string(), std::strerror(errno))};
  // mkdtemp keeps others out; a report is for everybody whom the umask lets in.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::chmod(pattern.c_str(), 0777U & ~mask) != 0) { /* readable by its owner at least */
  }
  return Bundle(std::move(target), pattern);
}

Bundle::~Bundle() {
  if (work_.empty()) return;
  std::error_code ec;
  fs::remove_all(work_, ec);
}

Bundle::Bundle(Bundle&& other) noexcept
    : destination_(std::exchange(other.destination_, {})), work_(std::exchange(other.work_, {})) {}

Bundle& Bundle::operator=(Bundle&& other) noexcept {
  std::swap(destination_, other.destination_);
  std::swap(work_, other.work_);
  return *this;
}

Result<fs::path> Bundle::evidence_folder(std::string_view clause) const {
  if (!is_bundle_path(clause) || clause.find('/') != std::string_view::npos)
    return Error{Code::kInvalid, fmt::format("\"{}\" is no clause id", clause)};
  const fs::path folder = work_ / "evidence" / clause;
  std::error_code ec;
  fs::create_directories(folder, ec);
  if (ec) return Error{Code::kExhausted, fmt::format("cannot create {}: {}", folder.string(), ec.message())};
  return folder;
}

Result<std::vector<std::string>> Bundle::evidence_of(std::string_view clause) const {
  SHOGO_TRY(const fs::path folder, evidence_folder(clause));
  SHOGO_TRY(const std::vector<ManifestFile> files, list_files(folder));
  std::vector<std::string> paths;
  for (const ManifestFile& file : files) paths.push_back(fmt::format("evidence/{}/{}", clause, file.path));
  return paths;
}

Result<void> Bundle::finish(const json::object& report, const std::map<std::string, std::string>& pages) {
  const json::value value = report;
  SHOGO_CHECK_OK(write_text(work_ / "report.json", pretty_json(value)));
  for (const auto& [name, text] : pages) {
    if (std::find(derived_pages().begin(), derived_pages().end(), name) == derived_pages().end())
      return Error{Code::kInternal, fmt::format("\"{}\" is no derived page", name)};
    SHOGO_CHECK_OK(write_text(work_ / name, text));
  }
  Manifest manifest;
  SHOGO_TRY(const NamedInReport named, names_in(value, "report.json"));
  manifest.items = named.items;
  SHOGO_TRY(manifest.files, list_files(work_));
  SHOGO_CHECK_OK(check_named(manifest, value, "report.json"));
  SHOGO_CHECK_OK(write_text(work_ / "manifest.json", pretty_json(to_json(manifest))));
  // Again: a long run may have given others time to put something there.
  SHOGO_CHECK_OK(check_replaceable(destination_));
  SHOGO_CHECK_OK(put_in_place(work_, destination_));
  work_.clear();
  return {};
}

Result<void> verify_bundle(const fs::path& folder) {
  const auto report = load_verified_report(folder);
  if (!report.ok()) return report.error();
  return {};
}

Result<json::value> load_verified_report(const fs::path& folder) {
  SHOGO_TRY(const json::value raw, load_json(folder / "manifest.json"));
  SHOGO_TRY(const Manifest manifest, parse_manifest(raw, (folder / "manifest.json").string()));
  SHOGO_TRY(const std::vector<ManifestFile> found, list_files(folder));
  SHOGO_CHECK_OK(compare(manifest.files, found));
  const bool covers = std::any_of(manifest.files.begin(), manifest.files.end(),
                                  [](const ManifestFile& file) { return file.path == "report.json"; });
  if (!covers) return Error{Code::kCorrupt, "report.json is missing: a manifest must name it"};
  SHOGO_TRY(json::value report, load_json(folder / "report.json"));
  SHOGO_CHECK_OK(check_named(manifest, report, (folder / "report.json").string()));
  return report;
}

}  // namespace shogo::conformance
