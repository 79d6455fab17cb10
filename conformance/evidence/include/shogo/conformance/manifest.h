// Manifest: the list of every file of an evidence bundle with its size and SHA-256, and of the 69 items that
// the bundle speaks of, so that a change, a deletion and an addition all show. DIR/manifest.json, schema
// docs/schemas/manifest.schema.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

inline constexpr std::string_view kManifestSchema = "urn:shogo:manifest:1";

struct ManifestFile {
  std::string path;  ///< relative to the bundle, with slashes: "evidence/3-11.a/events.jsonl"
  std::uint64_t size = 0;
  std::string sha256;
};

struct Manifest {
  std::vector<std::string> items;   ///< ids in document order
  std::vector<ManifestFile> files;  ///< sorted by path, bytewise
};

[[nodiscard]] json::object to_json(const Manifest& manifest);
[[nodiscard]] Result<Manifest> parse_manifest(const json::value& value, const std::string& where);

/// Pages that are made from report.json alone, and may be made again at any time: no evidence, so no part of
/// the manifest.
[[nodiscard]] const std::vector<std::string>& derived_pages();

/// Every regular file under `folder` except the manifest itself and the derived pages. A link, a socket or
/// the like is an error: a bundle is plain files.
[[nodiscard]] Result<std::vector<ManifestFile>> list_files(const std::filesystem::path& folder);

/// "evidence/3-11.a/frame.png": relative, no empty part, no "..", no backslash.
[[nodiscard]] bool is_bundle_path(std::string_view path);

}  // namespace shogo::conformance
